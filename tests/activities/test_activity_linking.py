"""Linking numbers again that an order has hosted, once and safely, and reading how they are linked."""

from typing import Any

import pytest
from pydantic import SecretStr

from activities.callback_address import CallbackAddress
from activities.linking import Linking
from onboarding.calls.linking import LinkAgain, LinkOutcome, LinksRead, NumbersLinked, ReadLinks
from onboarding.errors import FailureType
from sinch_numbers import BlanketLoaInfo, RegionCode, TextEnableNumbersRequest
from tests.activities.order_requests import CAMPAIGN, SERVICE_PLAN
from tests.activities.run_activity import WORKFLOW_ID, failed, is_retried, run
from tests.activities.simulated_sinch import SimulatedSinch, numbers

GET, UPDATE = "ImportNumberService_GetImportedNumber", "ImportNumberService_UpdateImportedNumber"
UNTIL_THE_END = 60.0
PASSING, LASTING, T_MOBILE, OSR_FAILS = "+12025557005", "+12025557001", "+12025556135", "+12025555001"
CALLBACKS = CallbackAddress("https://callbacks.example.com", SecretStr("k" * 32))


async def hosted(sinch: SimulatedSinch, *phone_numbers: str) -> None:
    """An order that has come to its end with these numbers."""
    order = TextEnableNumbersRequest(
        region_code=RegionCode.US,
        numbers=phone_numbers,
        service_plan_id=SERVICE_PLAN,
        campaign_id=CAMPAIGN,
        blanket_loa_info=BlanketLoaInfo(),
    )
    await sinch.client.hosting_orders.text_enable(order)
    await sinch.advance(hours=UNTIL_THE_END)


def wanted(*phone_numbers: str, **changes: Any) -> dict[str, Any]:
    """These numbers, and what they are to be linked to."""
    plan = {"service_plan_id": SERVICE_PLAN, "campaign_id": CAMPAIGN}
    return {"phone_numbers": phone_numbers, **plan, **changes}


async def link(sinch: SimulatedSinch, *phone_numbers: str, attempt: int = 1, **changes: Any) -> NumbersLinked:
    request = LinkAgain.model_validate(wanted(*phone_numbers, **changes))
    return await run(Linking(sinch.client, CALLBACKS).link, request, attempt=attempt)


async def read(sinch: SimulatedSinch, *phone_numbers: str) -> LinksRead:
    return await run(Linking(sinch.client, None).read, ReadLinks.model_validate(wanted(*phone_numbers)))


def outcomes(linked: NumbersLinked) -> list[LinkOutcome]:
    return [tried.outcome for tried in linked.numbers]


async def test_every_number_goes_its_own_way(sinch: SimulatedSinch) -> None:
    (good,) = numbers(1)
    await hosted(sinch, good, PASSING, OSR_FAILS)
    linked = await link(sinch, good, PASSING, OSR_FAILS)
    assert outcomes(linked) == [LinkOutcome.LINKED, LinkOutcome.LINKING, LinkOutcome.NOT_IMPORTED]
    assert [entry["subject"] for entry in await sinch.ledger("imported_number_updated")] == [PASSING]


async def test_a_linked_number_tells_the_workflow_that_linked_it(sinch: SimulatedSinch) -> None:
    await hosted(sinch, PASSING)
    await link(sinch, PASSING)
    number = await sinch.client.imported_numbers.get(PASSING)
    assert number.callback_url == CALLBACKS.of_workflow(WORKFLOW_ID)


async def test_the_answer_tells_sinchs_time_so_that_older_news_can_be_told(sinch: SimulatedSinch) -> None:
    await hosted(sinch, PASSING)
    (before,) = (await read(sinch, PASSING)).links
    (tried,) = (await link(sinch, PASSING)).numbers
    await sinch.advance(hours=UNTIL_THE_END)
    (after,) = (await read(sinch, PASSING)).links
    assert before.updated is not None
    assert tried.newer_than is not None
    assert after.updated is not None
    assert before.updated < tried.newer_than < after.updated
    assert (before.state, after.state) == ("FAILED", "DONE")


@pytest.mark.parametrize("attempt", [1, 2])
async def test_a_link_whose_answer_was_lost_is_not_sent_again(sinch: SimulatedSinch, attempt: int) -> None:
    await hosted(sinch, PASSING)
    await sinch.fail(UPDATE, "cut_after")
    request = LinkAgain.model_validate(wanted(PASSING))
    assert is_retried(await failed(Linking(sinch.client, None).link, request), FailureType.OUTCOME_UNKNOWN)
    assert outcomes(await link(sinch, PASSING, attempt=attempt)) == [LinkOutcome.LINKING]
    assert len(await sinch.ledger("imported_number_updated")) == 1


async def test_all_numbers_are_tried_before_one_that_sinch_could_not_serve_is_told(sinch: SimulatedSinch) -> None:
    await hosted(sinch, PASSING, LASTING)
    await sinch.fail(GET, status=503)
    request = LinkAgain.model_validate(wanted(PASSING, LASTING))
    assert is_retried(await failed(Linking(sinch.client, None).link, request), FailureType.UNAVAILABLE)
    assert len(await sinch.ledger("imported_number_updated")) == 1
    assert outcomes(await link(sinch, PASSING, LASTING)) == [LinkOutcome.LINKING] * 2
    assert len(await sinch.ledger("imported_number_updated")) == 2


async def test_a_number_on_something_else_is_refused_with_sinchs_words(sinch: SimulatedSinch) -> None:
    (good,) = numbers(1)
    await hosted(sinch, good, PASSING)
    refused, linking = (await link(sinch, good, PASSING, campaign_id="COTHER1")).numbers
    assert (refused.outcome, linking.outcome) == (LinkOutcome.REFUSED, LinkOutcome.LINKING)
    assert CAMPAIGN in refused.message


async def test_reading_tells_state_code_and_who_is_not_imported(sinch: SimulatedSinch) -> None:
    (good,) = numbers(1)
    await hosted(sinch, good, LASTING, T_MOBILE)
    linked, lasting, t_mobile = (await read(sinch, good, LASTING, T_MOBILE)).links
    assert (linked.imported, linked.state, linked.failure_code) == (True, "DONE", None)
    assert (lasting.state, lasting.failure_code) == ("FAILED", "CAMPAIGN_NOT_AVAILABLE")
    assert not t_mobile.imported
