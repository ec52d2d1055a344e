"""Reading the reviews of numbers: right, cheap, and shared by the groups of a worker."""

import asyncio

import httpx
import pytest

from activities.qualification import Qualification
from activities.reviews import REVIEW_STATES, QualifiedNumberReader
from onboarding.calls.qualification import ReadReviews, Reviews
from sinch_numbers import SinchNumbers
from tests.activities.run_activity import run
from tests.activities.simulated_sinch import (
    CHECK,
    GET_NUMBER,
    LIST_NUMBERS,
    BeforeRequest,
    SimulatedSinch,
    connect,
    numbers,
)

A_LISTING = len(REVIEW_STATES)
FEW, MANY = numbers(A_LISTING), numbers(A_LISTING + 1)
OLD_ENOUGH = 3600.0


class Reader:
    """The activity on one reader, as one worker has it."""

    def __init__(self, client: SinchNumbers) -> None:
        self._qualification = Qualification(client, QualifiedNumberReader(client))

    async def read(self, phone_numbers: list[str], younger_than: float = 0.0) -> Reviews:
        request = ReadReviews(phone_numbers=tuple(phone_numbers), younger_than=younger_than)
        return await run(self._qualification.read_reviews, request)


async def _costs(sinch: SimulatedSinch) -> tuple[int, int]:
    """Single reads and list pages so far."""
    return await sinch.requests(GET_NUMBER), await sinch.requests(LIST_NUMBERS)


async def test_few_numbers_are_read_one_by_one(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(*MANY)
    reviews = await Reader(sinch.client).read(FEW)
    assert reviews.states == {"ELIGIBLE": tuple(FEW)}
    assert await _costs(sinch) == (len(FEW), 0)


async def test_many_numbers_are_read_from_a_listing(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(*numbers(60))
    reviews = await Reader(sinch.client).read(MANY)
    assert reviews.states == {"ELIGIBLE": tuple(MANY)}
    assert await _costs(sinch) == (0, A_LISTING)


async def test_single_reads_compete_with_what_the_last_listing_cost(sinch: SimulatedSinch) -> None:
    for area in ("202555", "202556", "202557"):
        await sinch.client.qualified_numbers.add_numbers(numbers(400, area=area))
    await sinch.advance(hours=6)
    reader = Reader(sinch.client)
    await reader.read(numbers(400))
    assert await _costs(sinch) == (0, A_LISTING + 1)
    await reader.read(MANY)
    assert await _costs(sinch) == (len(MANY), A_LISTING + 1)


@pytest.mark.parametrize("wanted", [FEW, MANY], ids=["few", "many"])
async def test_numbers_without_news_or_unknown_to_sinch_are_left_out(sinch: SimulatedSinch, wanted: list[str]) -> None:
    await sinch.make_eligible(wanted[0])
    await sinch.client.qualified_numbers.add_numbers(wanted[1:3])
    reviews = await Reader(sinch.client).read(wanted)
    assert reviews.states == {"ELIGIBLE": (wanted[0],)}
    assert reviews.errors == {}


async def test_what_sinch_says_against_a_number_comes_along(sinch: SimulatedSinch) -> None:
    refused = "+12025554001"
    await sinch.make_eligible(refused, *FEW[:1])
    reviews = await Reader(sinch.client).read([refused, FEW[0]])
    assert reviews.states == {"NOT_ELIGIBLE": (refused,), "ELIGIBLE": (FEW[0],)}
    assert reviews.errors == {refused: "The number cannot be text-enabled."}


async def test_fifty_groups_at_once_list_once(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(*MANY)
    reader = Reader(sinch.client)
    reviews = await asyncio.gather(*(reader.read(MANY, younger_than=OLD_ENOUGH) for _ in range(50)))
    assert {review.model_dump_json() for review in reviews} == {Reviews(states={"ELIGIBLE": MANY}).model_dump_json()}
    assert await _costs(sinch) == (0, A_LISTING)


async def test_fifty_groups_that_want_it_fresh_share_the_listing_begun_after_they_asked(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(*MANY)
    reader = Reader(sinch.client)
    await asyncio.gather(*(reader.read(MANY) for _ in range(50)))
    assert (await _costs(sinch))[1] <= 2 * A_LISTING


async def test_a_listing_that_is_young_enough_serves_again_and_an_older_one_does_not(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(*MANY)
    reader = Reader(sinch.client)
    await reader.read(MANY)
    await sinch.client.qualified_numbers.send_voice_challenge(MANY[0])
    again = await reader.read(MANY, younger_than=OLD_ENOUGH)
    assert again.states == {"ELIGIBLE": tuple(MANY)}
    fresh = await reader.read(MANY)
    assert fresh.states == {"VERIFICATION_PENDING": (MANY[0],), "ELIGIBLE": tuple(MANY[1:])}
    assert await _costs(sinch) == (0, 2 * A_LISTING)


async def test_a_listing_that_failed_serves_nobody(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(*MANY)
    reader = Reader(sinch.client)
    await sinch.fail(LIST_NUMBERS, status=503)
    results = await asyncio.gather(
        *(reader.read(MANY, younger_than=OLD_ENOUGH) for _ in range(3)), return_exceptions=True
    )
    read = [result for result in results if isinstance(result, Reviews)]
    assert [review.states for review in read] == [{"ELIGIBLE": tuple(MANY)}] * 2
    assert await _costs(sinch) == (0, 1 + A_LISTING)


def _once_before_listing(state: str, sinch: SimulatedSinch, phone_number: str) -> BeforeRequest:
    """Ring the phone, which moves the number to VERIFICATION_PENDING, just before a state is listed."""
    to_call = [phone_number]

    async def ring(request: httpx.Request) -> None:
        if request.url.params.get("states") == f"GLOBAL_PROCESS_STATE_{state}" and to_call:
            await sinch.client.qualified_numbers.send_voice_challenge(to_call.pop())

    return ring


async def test_a_number_that_moves_on_while_being_listed_is_in_its_later_state_alone(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(*MANY)
    moving = _once_before_listing("VERIFICATION_PENDING", sinch, MANY[3])
    async with connect(sinch.endpoints, before=moving) as client:
        reviews = await Reader(client).read(MANY)
    assert reviews.states["VERIFICATION_PENDING"] == (MANY[3],)
    assert MANY[3] not in reviews.states["ELIGIBLE"]
    assert sum(map(len, reviews.states.values())) == len(MANY)


async def test_a_number_that_falls_back_while_being_listed_has_its_news_in_the_next_listing(
    sinch: SimulatedSinch,
) -> None:
    await sinch.make_eligible(*MANY)
    await sinch.client.qualified_numbers.send_voice_challenge(MANY[0])
    await sinch.client.qualified_numbers.verify_voice_challenge(MANY[0], "wrong")
    falling_back = _once_before_listing("VERIFICATION_FAILED", sinch, MANY[0])
    async with connect(sinch.endpoints, before=falling_back) as client:
        reader = Reader(client)
        reviews = await reader.read(MANY)
        assert reviews.states == {"ELIGIBLE": tuple(MANY[1:])}
        later = await reader.read(MANY)
    assert later.states["VERIFICATION_PENDING"] == (MANY[0],)
    assert await sinch.requests(CHECK) == 1
