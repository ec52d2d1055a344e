"""Adding numbers to an application by an interface that overwrites: what is there stays, and a lost race is told."""

import httpx
import pytest

from sinch_numbers import OutcomeUnknown
from sinch_numbers.legacy import Capability
from tests.sinch_numbers.legacy_sinch import (
    APPLICATION,
    SMS_GROUP,
    VOICE_GROUP,
    RecordedLegacySinch,
    SimulatedLegacySinch,
    connect,
    legacy_sinch,
)


async def on_the_list(legacy: SimulatedLegacySinch) -> list[str]:
    return [number.number for number in await legacy.client.application_numbers(APPLICATION)]


async def test_numbers_are_added_and_those_that_are_there_stay() -> None:
    async with legacy_sinch() as legacy:
        one, two, three = await legacy.rent(SMS_GROUP, 3)
        [voice] = await legacy.rent(VOICE_GROUP, 1)
        await legacy.client.set_application_numbers(APPLICATION, Capability.SMS, [one])
        await legacy.client.set_application_numbers(APPLICATION, Capability.VOICE, [voice])
        assignment = await legacy.client.assign(APPLICATION, Capability.SMS, [two, three, two])
        assert assignment.on_the_list == (one, two, three)
        assert assignment.complete
        assert not assignment.lost_a_race
        assert await on_the_list(legacy) == [one, two, three, voice]


async def test_numbers_that_are_all_there_are_not_sent_again() -> None:
    async with legacy_sinch() as legacy:
        one, two = await legacy.rent(SMS_GROUP, 2)
        await legacy.client.assign(APPLICATION, Capability.SMS, [one, two])
        again = await legacy.client.assign(APPLICATION, Capability.SMS, [two])
        assert (again.complete, again.on_the_list) == (True, (one, two))
        assert await legacy.sinch.requests("LegacySetApplicationNumbers") == 1


async def test_a_list_that_somebody_else_overwrites_after_us_is_told_and_a_second_assignment_repairs_it() -> None:
    async with legacy_sinch() as legacy:
        ours, there, theirs = await legacy.rent(SMS_GROUP, 3)
        await legacy.client.assign(APPLICATION, Capability.SMS, [there])
        await legacy.somebody_else([theirs], after_next_change=True)
        assignment = await legacy.client.assign(APPLICATION, Capability.SMS, [ours])
        assert assignment.lost_a_race
        assert not assignment.complete
        assert assignment.lost == (there, ours)
        assert assignment.on_the_list == (theirs,)
        repaired = await legacy.client.assign(APPLICATION, Capability.SMS, [there, ours])
        assert repaired.complete
        assert set(await on_the_list(legacy)) == {ours, there, theirs}


async def test_what_somebody_else_adds_afterwards_is_no_lost_race() -> None:
    async with legacy_sinch() as legacy:
        ours, theirs = await legacy.rent(SMS_GROUP, 2)
        await legacy.somebody_else([ours, theirs], after_next_change=True)
        assignment = await legacy.client.assign(APPLICATION, Capability.SMS, [ours])
        assert assignment.complete
        assert assignment.on_the_list == (ours, theirs)


async def test_what_somebody_else_adds_between_reading_and_overwriting_is_overwritten_unseen() -> None:
    """The limit of the interface, written down in the client's documentation."""
    async with legacy_sinch() as legacy:
        ours, theirs = await legacy.rent(SMS_GROUP, 2)

        async def somebody_else(request: httpx.Request) -> None:
            if request.method == "PUT":
                await legacy.somebody_else([theirs])

        async with connect(legacy.sinch.endpoints, before=somebody_else) as client:
            assignment = await client.assign(APPLICATION, Capability.SMS, [ours])
        assert assignment.complete
        assert await on_the_list(legacy) == [ours]


async def test_an_assignment_whose_answer_is_lost_may_be_repeated() -> None:
    async with legacy_sinch() as legacy:
        [number] = await legacy.rent(SMS_GROUP, 1)
        await legacy.sinch.fail("LegacySetApplicationNumbers", "cut_after")
        with pytest.raises(OutcomeUnknown):
            await legacy.client.assign(APPLICATION, Capability.SMS, [number])
        assert (await legacy.client.assign(APPLICATION, Capability.SMS, [number])).complete
        assert len(await legacy.sinch.ledger("legacy_number_assigned")) == 1


async def test_a_number_that_sinch_silently_leaves_out_is_refused_and_not_lost() -> None:
    async def leave_out(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[])

    sinch = RecordedLegacySinch(leave_out)
    async with sinch.client() as client:
        assignment = await client.assign(APPLICATION, Capability.SMS, ["+15045550100"])
    assert sinch.bodies == [None, {"numbers": [15045550100]}, None]
    assert (assignment.refused, assignment.lost) == (("+15045550100",), ())
    assert not assignment.complete
    assert not assignment.lost_a_race
