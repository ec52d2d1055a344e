"""Faults on demand: statuses, lost answers and cut connections, before and after the effect; and mail trouble."""

import asyncio

import aiosmtplib
import httpx
import pytest

from simulator import running
from tests.simulator.driver import KEY, PROJECT, Driver, driving

NUMBER = "+12025550134"
ADD = "QualifiedNumberService_BatchCreateQualifiedNumbers"
GET = "QualifiedNumberService_GetQualifiedNumber"


async def test_a_status_fault_answers_in_the_place_of_the_operation() -> None:
    async with driving() as sinch:
        await sinch.tell("faults", {"operation": ADD, "kind": "status", "status": 503, "times": 1})
        answer = await _add(sinch)
        assert (answer.status_code, answer.json()["code"]) == (503, "503")
        assert await sinch.ledger("qualified_number_added") == []
        assert (await _add(sinch)).status_code == 200


async def test_too_many_requests_comes_with_and_without_retry_after() -> None:
    async with driving() as sinch:
        await sinch.tell("faults", {"status": 429, "retry_after": 7})
        await sinch.tell("faults", {"status": 429})
        first, second = await _add(sinch), await _add(sinch)
        assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
        assert first.json()["title"] == "Too Many Requests"
        assert (second.status_code, "Retry-After" in second.headers) == (429, False)


async def test_a_failure_after_the_commit_has_taken_effect() -> None:
    async with driving() as sinch:
        await sinch.tell("faults", {"operation": ADD, "kind": "status_after_commit", "status": 500})
        assert (await _add(sinch)).status_code == 500
        assert len(await sinch.ledger("qualified_number_added")) == 1


@pytest.mark.parametrize(("kind", "effects"), [("cut_before", 0), ("cut_after", 1)])
async def test_a_cut_closes_the_connection_without_an_answer(kind: str, effects: int) -> None:
    async with driving() as sinch:
        await sinch.tell("faults", {"operation": ADD, "kind": kind})
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await _add(sinch)
        assert len(await sinch.ledger("qualified_number_added")) == effects
        assert (await sinch.look("requests"))[ADD] == {"cut": 1}


@pytest.mark.parametrize("after_commit", [False, True])
async def test_a_timeout_never_answers(after_commit: bool) -> None:
    async with driving() as sinch:
        await sinch.tell("faults", {"operation": ADD, "kind": "timeout", "after_commit": after_commit})
        sinch.api.timeout = httpx.Timeout(0.3)
        with pytest.raises(httpx.ReadTimeout):
            await _add(sinch)
        assert len(await sinch.ledger("qualified_number_added")) == int(after_commit)


async def test_a_late_answer_comes_after_its_effect() -> None:
    async with driving() as sinch:
        await sinch.tell("faults", {"operation": ADD, "kind": "late", "seconds": 30})
        answer = asyncio.create_task(_add(sinch))
        while not await sinch.ledger("qualified_number_added"):
            assert not answer.done()
        answer.cancel()
        await sinch.tell("faults", {"operation": GET, "kind": "late", "seconds": 0.1})
        assert (await _get(sinch)).status_code == 200


async def test_all_connections_can_be_reset_with_whatever_is_under_way_there() -> None:
    async with driving() as sinch:
        await sinch.tell("faults", {"operation": ADD, "kind": "late", "seconds": 30})
        answer = asyncio.create_task(_add(sinch))
        while not await sinch.ledger("qualified_number_added"):
            assert not answer.done()
        assert (await sinch.tell("connections/reset"))["reset"] >= 1
        with pytest.raises(httpx.ReadError):
            await answer
        assert (await sinch.tell("connections/reset"))["reset"] == 0
        assert (await _get(sinch)).status_code == 200


async def test_a_request_kept_waiting_does_not_keep_the_simulator_from_ending() -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        async with running() as simulator:
            endpoints = simulator.endpoints
            await client.post(f"{endpoints.simulator_control}/_sim/faults", json={"kind": "timeout"})
            url = f"{endpoints.sinch_imported}{PROJECT}/callbackConfiguration"
            waiting = asyncio.create_task(client.get(url, auth=KEY))
            while "GetCallbackConfiguration" not in await _requests(client, endpoints.simulator_control):
                pass
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await waiting


async def test_a_fault_without_times_lasts_until_it_is_removed() -> None:
    async with driving() as sinch:
        told = await sinch.tell("faults", {"operation": "*", "status": 500, "times": None})
        assert told == await sinch.look("faults")
        assert [(await _add(sinch)).status_code for _ in range(3)] == [500, 500, 500]
        assert (await sinch.control.delete("/_sim/faults")).json() == {"faults": []}
        assert (await _add(sinch)).status_code == 200


async def test_a_fault_strikes_its_operation_only_and_as_often_as_told() -> None:
    async with driving() as sinch:
        await _add(sinch)
        await sinch.tell("faults", {"operation": GET, "status": 500, "times": 2})
        assert (await sinch.order(NUMBER)).status_code == 200
        statuses = [(await _get(sinch)).status_code for _ in range(3)]
        assert statuses == [500, 500, 200]


async def test_faults_strike_by_chance_in_the_same_way_for_the_same_seed() -> None:
    runs = []
    for _ in range(2):
        async with driving() as sinch:
            await _add(sinch)
            await sinch.tell("faults", {"operation": GET, "status": 500, "times": None, "probability": 0.5})
            runs.append([(await _get(sinch)).status_code for _ in range(30)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


async def test_the_token_endpoint_has_faults_of_its_own() -> None:
    async with driving() as sinch:
        await sinch.tell("faults", {"operation": "*", "status": 500})
        await sinch.tell("faults", {"operation": "token", "status": 429})
        answer = await sinch.api.post(sinch.endpoints.sinch_oauth, auth=KEY, data={"grant_type": "client_credentials"})
        assert answer.status_code == 429


async def test_a_malformed_fault_is_refused() -> None:
    async with driving() as sinch:
        answer = await sinch.control.post("/_sim/faults", json={"kind": "explode"})
        assert answer.status_code == 400
        assert await sinch.look("faults") == {"faults": []}


async def test_requests_are_counted_by_operation_and_status() -> None:
    async with driving() as sinch:
        await _add(sinch)
        await _add(sinch)
        await _get(sinch)
        await sinch.post("/nowhere")
        assert await sinch.look("requests") == {
            "token": {"200": 1},
            ADD: {"200": 1, "409": 1},
            GET: {"200": 1},
            "unmatched": {"404": 1},
        }


async def test_mail_can_be_refused_for_a_while() -> None:
    async with driving() as sinch:
        await sinch.tell("smtp", {"mode": "temporary_error"})
        with pytest.raises(aiosmtplib.SMTPSenderRefused) as refusal:
            await sinch.mail_invoices([NUMBER])
        assert refusal.value.code == 451
        await sinch.tell("smtp", {"mode": "up"})
        await sinch.mail_invoices([NUMBER])
        assert len((await sinch.look("mails"))["mails"]) == 1


async def test_mail_connections_can_be_closed_at_once() -> None:
    async with driving() as sinch:
        await sinch.tell("smtp", {"mode": "refuse"})
        with pytest.raises((aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected)):
            await sinch.mail_invoices([NUMBER])


async def _add(sinch: Driver) -> httpx.Response:
    return await sinch.post("/qualifiedNumbers:addNumbers", {"phoneNumbers": [NUMBER]})


async def _requests(client: httpx.AsyncClient, control: str) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = (await client.get(f"{control}/_sim/requests")).json()
    return counts


async def _get(sinch: Driver) -> httpx.Response:
    return await sinch.api.get(f"{PROJECT}/qualifiedNumbers/{NUMBER}")
