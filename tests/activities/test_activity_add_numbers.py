"""Adding numbers for qualification: what is missing, once, whatever happens to the answers."""

import httpx
import pytest

from activities.qualification import Qualification
from activities.reviews import QualifiedNumberReader
from onboarding.calls.qualification import AddNumbers, NumbersAdded, RefusedNumber
from onboarding.errors import FailureType
from sinch_numbers import SinchNumbers
from tests.activities.run_activity import failed, is_final, is_retried, run
from tests.activities.simulated_sinch import ADD, GET_NUMBER, LIST_NUMBERS, SimulatedSinch, connect, numbers

FEW, MANY = 4, 40


def _qualification(client: SinchNumbers) -> Qualification:
    return Qualification(client, QualifiedNumberReader(client))


def _request(phone_numbers: list[str]) -> AddNumbers:
    return AddNumbers(phone_numbers=tuple(phone_numbers))


async def _added(sinch: SimulatedSinch) -> list[str]:
    return sorted(entry["subject"] for entry in await sinch.ledger("qualified_number_added"))


def _states(added: NumbersAdded) -> dict[str, set[str]]:
    return {state: set(phone_numbers) for state, phone_numbers in added.reviews.states.items()}


@pytest.mark.parametrize("count", [FEW, MANY])
async def test_only_missing_numbers_are_added_and_all_states_come_back(sinch: SimulatedSinch, count: int) -> None:
    old, new = numbers(count)[:2], numbers(count)[2:]
    await sinch.make_eligible(*old)
    added = await run(_qualification(sinch.client).add_numbers, _request([*old, *new]))
    assert added.refused == ()
    assert _states(added) == {"ELIGIBLE": set(old), "ELIGIBLE_CHECK_PENDING": set(new)}
    assert await _added(sinch) == sorted([*old, *new])
    assert await sinch.requests(ADD) == 2


async def test_numbers_that_are_all_there_cost_no_request_to_add(sinch: SimulatedSinch) -> None:
    old = numbers(MANY)
    await sinch.make_eligible(*old)
    added = await run(_qualification(sinch.client).add_numbers, _request(old))
    assert _states(added) == {"ELIGIBLE": set(old)}
    assert await sinch.requests(ADD) == 1


@pytest.mark.parametrize("count", [FEW, MANY])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "cut_after"}, FailureType.OUTCOME_UNKNOWN),
        ({"kind": "status_after_commit", "status": 500}, FailureType.UNAVAILABLE),
        ({"kind": "timeout", "after_commit": True}, FailureType.OUTCOME_UNKNOWN),
    ],
)
async def test_an_answer_lost_after_the_commit_adds_nothing_twice(
    sinch: SimulatedSinch, count: int, fault: dict[str, object], kind: FailureType
) -> None:
    wanted = numbers(count)
    async with connect(sinch.endpoints, timeout=1.0) as client:
        qualification = _qualification(client)
        await sinch.tell("faults", {"operation": ADD, **fault})
        assert is_retried(await failed(qualification.add_numbers, _request(wanted)), kind)
        added = await run(qualification.add_numbers, _request(wanted), attempt=2)
    assert _states(added) == {"ELIGIBLE_CHECK_PENDING": set(wanted)}
    assert await _added(sinch) == wanted
    assert await sinch.requests(ADD) == 1


async def test_a_request_lost_before_the_commit_is_sent_again(sinch: SimulatedSinch) -> None:
    wanted = numbers(MANY)
    qualification = _qualification(sinch.client)
    await sinch.fail(ADD, "cut_before")
    assert is_retried(await failed(qualification.add_numbers, _request(wanted)), FailureType.OUTCOME_UNKNOWN)
    await run(qualification.add_numbers, _request(wanted), attempt=2)
    assert await _added(sinch) == wanted


async def test_numbers_that_sinch_refuses_do_not_hold_up_the_others(sinch: SimulatedSinch) -> None:
    good, british, french = numbers(MANY), "+442071838750", "+33145678901"
    added = await run(_qualification(sinch.client).add_numbers, _request([*good[:7], british, *good[7:], french]))
    assert [number.phone_number for number in added.refused] == [british, french]
    assert "is not a number of the United States or Canada" in added.refused[0].message
    assert _states(added) == {"ELIGIBLE_CHECK_PENDING": set(good)}
    assert await _added(sinch) == good


async def test_a_single_refused_number_is_no_failure(sinch: SimulatedSinch) -> None:
    added = await run(_qualification(sinch.client).add_numbers, _request(["+442071838750"]))
    (refused,) = added.refused
    assert isinstance(refused, RefusedNumber)
    assert (refused.phone_number, added.reviews.states) == ("+442071838750", {})


async def test_groups_that_start_together_share_one_listing(sinch: SimulatedSinch) -> None:
    qualification = _qualification(sinch.client)
    for area in ("202555", "202556", "202557"):
        await run(qualification.add_numbers, _request(numbers(MANY, area=area)))
    assert await sinch.requests(LIST_NUMBERS) == 10
    assert await sinch.requests(GET_NUMBER) == 0
    assert len(await _added(sinch)) == 3 * MANY


async def test_numbers_added_by_others_since_the_shared_listing_are_found(sinch: SimulatedSinch) -> None:
    qualification = _qualification(sinch.client)
    await run(qualification.add_numbers, _request(numbers(MANY)))
    wanted = numbers(MANY, area="202556")
    await sinch.client.qualified_numbers.add_numbers(wanted[:3])
    added = await run(qualification.add_numbers, _request(wanted))
    assert _states(added) == {"ELIGIBLE_CHECK_PENDING": set(wanted)}
    assert len(await _added(sinch)) == 2 * MANY


async def test_a_number_added_by_others_between_reading_and_adding_is_found(sinch: SimulatedSinch) -> None:
    wanted = numbers(FEW)
    others = [wanted[0]]

    async def somebody_is_faster(request: httpx.Request) -> None:
        if request.url.path.endswith(":addNumbers") and others:
            await sinch.client.qualified_numbers.add_numbers([others.pop()])

    async with connect(sinch.endpoints, before=somebody_is_faster) as client:
        added = await run(_qualification(client).add_numbers, _request(wanted))
    assert _states(added) == {"ELIGIBLE_CHECK_PENDING": set(wanted)}
    assert await _added(sinch) == wanted


async def test_a_conflict_that_reading_does_not_explain_is_final(sinch: SimulatedSinch) -> None:
    await sinch.fail(ADD, status=409, times=2)
    failure = await failed(_qualification(sinch.client).add_numbers, _request(numbers(FEW)))
    assert is_final(failure, FailureType.CONFLICT)
