"""Ringing a phone for a voice challenge: every outcome, and never a second ring for one request."""

import socket

import httpx
import pytest

from activities.hosting_orders import HostingOrders
from activities.voice import Voice
from onboarding.calls.voice import CallOutcome, CallPlaced, PlaceCall
from sinch_numbers import SinchNumbers
from tests.activities.order_requests import order_of
from tests.activities.run_activity import run
from tests.activities.simulated_sinch import CALL, GET_NUMBER, SimulatedSinch, connect, numbers

(NUMBER,) = numbers(1)


async def _place(client: SinchNumbers, phone_number: str = NUMBER) -> CallPlaced:
    return await run(Voice(client).place_call, PlaceCall(phone_number=phone_number))


async def test_the_phone_rings_once(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    placed = await _place(sinch.client)
    assert (placed.outcome, placed.message) == (CallOutcome.PLACED, "")
    assert placed.seen
    assert placed.seen.state == "VERIFICATION_PENDING"
    assert await sinch.rings(NUMBER) == 1


async def test_a_verified_number_is_not_called(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    await _place(sinch.client)
    await sinch.client.qualified_numbers.verify_voice_challenge(NUMBER, await sinch.heard_code(NUMBER))
    assert (await _place(sinch.client)).outcome is CallOutcome.ALREADY_VERIFIED
    assert await sinch.rings(NUMBER) == 1


async def test_a_number_that_is_being_hosted_is_not_called(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    await run(HostingOrders(sinch.client, None).create, order_of([NUMBER]))
    assert (await _place(sinch.client)).outcome is CallOutcome.ALREADY_VERIFIED
    assert await sinch.rings(NUMBER) == 0


async def test_a_blocked_number_is_not_called(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    await _place(sinch.client)
    for _ in range(3):
        await sinch.client.qualified_numbers.verify_voice_challenge(NUMBER, "wrong")
    assert (await _place(sinch.client)).outcome is CallOutcome.BLOCKED
    assert await sinch.rings(NUMBER) == 1


async def test_a_number_that_sinch_does_not_know_is_refused(sinch: SimulatedSinch) -> None:
    placed = await _place(sinch.client)
    assert placed.outcome is CallOutcome.REFUSED
    assert f"The qualified number {NUMBER} could not be found" in placed.message


async def test_a_number_in_a_state_without_verification_is_refused(sinch: SimulatedSinch) -> None:
    await sinch.client.qualified_numbers.add_numbers([NUMBER])
    placed = await _place(sinch.client)
    assert placed.outcome is CallOutcome.REFUSED
    assert "it is placed for numbers that are ELIGIBLE" in placed.message
    assert await sinch.rings(NUMBER) == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"operation": GET_NUMBER, "status": 500},
        {"operation": GET_NUMBER, "kind": "cut_before"},
        {"operation": CALL, "status": 429},
        {"operation": CALL, "status": 401, "times": 2},
        {"operation": CALL, "status": 403},
        {"operation": "token", "status": 503},
    ],
    ids=str,
)
async def test_a_call_that_surely_did_not_happen_may_be_placed_later(
    sinch: SimulatedSinch, fault: dict[str, object]
) -> None:
    await sinch.make_eligible(NUMBER)
    await sinch.tell("faults", fault)
    async with connect(sinch.endpoints) as client:
        placed = await _place(client)
        assert placed.outcome is CallOutcome.NOT_PLACED
        assert placed.message
        assert await sinch.rings(NUMBER) == 0
        assert (await _place(client)).outcome is CallOutcome.PLACED


async def test_a_refused_connection_places_no_call(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    with socket.socket() as bound_but_deaf:
        bound_but_deaf.bind(("127.0.0.1", 0))
        nobody = bound_but_deaf.getsockname()[1]

        async def send_calls_to_nobody(request: httpx.Request) -> None:
            if request.url.path.endswith(":sendVoiceChallenge"):
                request.url = request.url.copy_with(port=nobody)

        async with connect(sinch.endpoints, before=send_calls_to_nobody) as client:
            placed = await _place(client)
    assert placed.outcome is CallOutcome.NOT_PLACED
    assert "Nothing reached Sinch" in placed.message


@pytest.mark.parametrize(
    ("fault", "rings"),
    [
        ({"kind": "cut_after"}, 1),
        ({"kind": "status_after_commit", "status": 500}, 1),
        ({"kind": "timeout", "after_commit": True}, 1),
        ({"kind": "cut_before"}, 0),
        ({"kind": "status", "status": 503}, 0),
    ],
    ids=str,
)
async def test_a_lost_answer_leaves_open_whether_the_phone_rang(
    sinch: SimulatedSinch, fault: dict[str, object], rings: int
) -> None:
    await sinch.make_eligible(NUMBER)
    await sinch.tell("faults", {"operation": CALL, **fault})
    async with connect(sinch.endpoints, timeout=1.0) as client:
        placed = await _place(client)
    assert placed.outcome is CallOutcome.UNKNOWN
    assert "It may have taken effect" in placed.message
    assert placed.seen
    assert placed.seen.state == "ELIGIBLE"
    assert await sinch.rings(NUMBER) == rings
    assert await sinch.requests(CALL) == 1
