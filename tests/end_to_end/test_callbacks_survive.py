"""No callback is lost that Sinch sends again: Temporal dies, hangs, or the secret is replaced while callbacks come."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from onboarding.callback_tokens import make_token
from onboarding.ids import hosting_order_workflow_id
from processes.callback_secrets import read_callback_secrets
from sinch_numbers.callbacks import SIGNATURE_HEADER, signature
from tests.end_to_end.batches import FOREVER, expected_ends, numbers_of, write_batch
from tests.end_to_end.site import Site, running_site, until
from tests.end_to_end.voice_operator import VoiceOperator

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]

_REAL_TIME = 86_400
"""At this speed no time passes but what a test lets pass, so that Sinch repeats an event when the test says so."""
_READS_OF_ORDERS = (
    "HostingOrderService_GetHostingOrder",
    "GetHostingOrderReport",
    "HostingOrderService_ListHostingOrderNumbers",
    "HostingOrderService_GetHostingOrderNumber",
)
_EVENTS_A_NUMBER = 4


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory, temporal_cli: str) -> AsyncIterator[Site]:
    """A stack of our own, since we stop its Temporal."""
    async with running_site(tmp_path_factory.mktemp("survive"), day_seconds=_REAL_TIME) as site:
        yield site


async def test_callbacks_that_come_while_temporal_is_away_are_taken_when_sinch_sends_them_again(
    site: Site, tmp_path: Path
) -> None:
    numbers = numbers_of(531, "0101", "0102", "5001")
    for operation in _READS_OF_ORDERS:
        await site.world.add_fault(operation=operation, status=500, times=None)
    await site.world.callbacks(hold=True)
    path = write_batch(tmp_path, "away-at-news", numbers, eligible_is_enough=True, carrier=FOREVER)
    assert (await site.onboard("start", path)).code == 0
    await until(lambda: sinch_is_through_with(site, numbers), "Sinch is through with the numbers")

    temporal = site.stack.components["temporal"]
    await temporal.kill()
    held = await site.world.callbacks_held()
    await site.world.callbacks()
    await until(lambda: all_are_sent_in_vain(site, held), "every event is sent in vain")
    failed = await site.world.ledger("callback_failed")
    assert 503 in {entry["details"]["status"] for entry in failed}
    assert await site.world.ledger("callback_delivered") == []
    answer = await genuine_callback(site)
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)

    await temporal.start()
    await until(lambda: receiver_is_ready(site), "Temporal is back")
    await VoiceOperator(site, "away-at-news").carry_through()
    assert await delivered(site, numbers) == {entry["details"]["event_id"] for entry in failed}
    assert await site.ends_of("away-at-news") == expected_ends(numbers)
    await site.world.be_well()


async def test_a_temporal_that_hangs_is_answered_for_with_503_until_it_goes_on(site: Site) -> None:
    temporal = site.stack.components["temporal"].process_id
    assert temporal is not None
    os.kill(temporal, signal.SIGSTOP)
    try:
        hung = await genuine_callback(site)
        assert (hung.status_code, int(hung.headers["Retry-After"]) > 0) == (503, True)
        assert not await receiver_is_ready(site)
    finally:
        os.kill(temporal, signal.SIGCONT)
    await until(lambda: receiver_is_ready(site), "Temporal goes on")
    assert (await genuine_callback(site)).status_code == 200


async def test_no_event_is_lost_while_the_secret_is_replaced_again_and_again(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(541, *(f"01{last:02}" for last in range(1, 16)))
    path = write_batch(tmp_path, "rotation", numbers, eligible_is_enough=True, carrier=FOREVER)
    assert (await site.onboard("start", path)).code == 0
    await until(lambda: first_event_after_an_hour(site, numbers), "events come")

    delivered_by_then = []
    async with time_passing(site):
        while await site.is_running("rotation"):
            assert (await site.onboard("callbacks", "set-secret", "--yes")).code == 0
            delivered_by_then.append(len(await delivered(site, numbers)))
    assert len(set(delivered_by_then)) > 1, "secrets were replaced while events came"
    assert await site.ends_of("rotation") == expected_ends(numbers)
    assert not [entry for entry in await site.world.ledger("callback_failed") if entry["details"]["given_up"]]
    assert len(await delivered(site, numbers)) == _EVENTS_A_NUMBER * len(numbers)


async def test_events_replayed_to_the_url_of_another_order_change_nothing(site: Site, tmp_path: Path) -> None:
    (number,), (stranger,) = numbers_of(551, "0101"), numbers_of(561, "0101")
    path = write_batch(tmp_path, "replayed-to", [number], eligible_is_enough=True, carrier=FOREVER)
    assert (await site.onboard("start", path)).code == 0
    await until(lambda: is_ordered(site, number), "the number is ordered")

    for age, about in (("2020-01-01T00:00:00Z", number), ("2099-01-01T00:00:00Z", stranger)):
        failure = {"eventType": "HOSTING_PROCESS", "status": "FAILED", "failureCode": "CAMPAIGN_EXPIRED"}
        replayed = {**failure, "eventId": age, "timestamp": age, "resourceId": about}
        for _ in range(2):
            answer = await genuine_callback(site, hosting_order_workflow_id("replayed-to", 1, 1), **replayed)
            assert (answer.status_code, answer.text) == (200, "taken")
    await VoiceOperator(site, "replayed-to").carry_through()
    assert await site.ends_of("replayed-to") == expected_ends([number])


@asynccontextmanager
async def time_passing(site: Site) -> AsyncIterator[None]:
    """Virtual time passes, 24 minutes at a time."""

    async def pass_on() -> None:
        while True:
            await site.world.pass_hours(0.4)

    passing = asyncio.create_task(pass_on())
    try:
        yield
    finally:
        passing.cancel()
        with suppress(asyncio.CancelledError):
            await passing


async def genuine_callback(site: Site, workflow_id: str = "HostingOrder:nobody:0001:1", **event: str) -> httpx.Response:
    """The answer to an event that Sinch signed, posted to the URL of this workflow."""
    environment = site.stack.environment
    token = make_token(workflow_id, environment["ONBOARD_CALLBACK_TOKEN_KEY"].encode())
    body = json.dumps({"projectId": environment["ONBOARD_SINCH_PROJECT_ID"], "eventId": "1", **event}).encode()
    headers = {SIGNATURE_HEADER: signature(callback_secret(environment), body)}
    async with httpx.AsyncClient(timeout=30) as sinch:
        return await sinch.post(f"{site.stack.endpoints.receiver}/callbacks/{token}", content=body, headers=headers)


def callback_secret(environment: Mapping[str, str]) -> SecretStr:
    return read_callback_secrets(Path(environment["ONBOARD_SINCH_CALLBACK_SECRETS_FILE"]))[0]


async def receiver_is_ready(site: Site) -> bool:
    async with httpx.AsyncClient(timeout=30) as http:
        return (await http.get(f"{site.stack.endpoints.receiver}/readyz")).is_success


async def sinch_is_through_with(site: Site, numbers: tuple[str, ...]) -> bool:
    await site.world.pass_hours(6)
    return {entry["subject"] for entry in await site.world.ledger("hosting_process")}.issuperset(numbers)


async def is_ordered(site: Site, number: str) -> bool:
    await site.world.pass_hours(1)
    return any(number in order["details"]["numbers"] for order in await site.world.ledger("hosting_order"))


async def first_event_after_an_hour(site: Site, numbers: tuple[str, ...]) -> bool:
    await site.world.pass_hours(1)
    return bool(await delivered(site, numbers))


async def all_are_sent_in_vain(site: Site, events: int) -> bool:
    return len(await site.world.ledger("callback_failed")) >= events


async def delivered(site: Site, numbers: tuple[str, ...]) -> set[str]:
    """The ids of these numbers' events that were answered with 200."""
    entries = await site.world.ledger("callback_delivered")
    return {entry["details"]["event_id"] for entry in entries if entry["subject"] in numbers}
