"""Finding numbers whose hosting failed at Sinch: right, with the time it happened, and cheap."""

from activities.hosting_orders import HostingOrders
from activities.qualification import Qualification
from activities.reviews import QualifiedNumberReader
from onboarding.calls.qualification import FindHostingFailures, HostingFailures
from tests.activities.order_requests import order_of
from tests.activities.run_activity import run
from tests.activities.simulated_sinch import GET_NUMBER, LIST_NUMBERS, SimulatedSinch

FAILS, STUCK, GOOD = "+12025558001", "+12025556001", "+12025550001"
NEVER_LISTED = "+12025550199"


async def _find(sinch: SimulatedSinch, *phone_numbers: str) -> HostingFailures:
    qualification = Qualification(sinch.client, QualifiedNumberReader(sinch.client))
    return await run(qualification.find_hosting_failures, FindHostingFailures(phone_numbers=phone_numbers))


async def _have_hosted(sinch: SimulatedSinch) -> None:
    """An order is at its end for every number but the one that is stuck."""
    await sinch.make_eligible(FAILS, STUCK, GOOD)
    await run(HostingOrders(sinch.client, None).create, order_of([FAILS, STUCK, GOOD]))
    await sinch.advance(hours=24 * 7)


async def test_only_numbers_whose_hosting_failed_are_found_with_the_time(sinch: SimulatedSinch) -> None:
    await _have_hosted(sinch)
    found = await _find(sinch, FAILS, STUCK, GOOD, NEVER_LISTED)
    shown = await sinch.client.qualified_numbers.get(FAILS)
    assert [(failure.phone_number, failure.updated) for failure in found.failures] == [(FAILS, shown.updated_time)]


async def test_failures_of_other_numbers_are_left_out(sinch: SimulatedSinch) -> None:
    await _have_hosted(sinch)
    assert await _find(sinch, STUCK, GOOD) == HostingFailures()


async def test_one_request_is_enough_however_many_are_looked_for(sinch: SimulatedSinch) -> None:
    await _have_hosted(sinch)
    before = await sinch.requests(GET_NUMBER), await sinch.requests(LIST_NUMBERS)
    await _find(sinch, FAILS, STUCK, GOOD)
    await _find(sinch, FAILS)
    after = await sinch.requests(GET_NUMBER), await sinch.requests(LIST_NUMBERS)
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)


async def test_one_number_that_sinch_does_not_know_has_not_failed(sinch: SimulatedSinch) -> None:
    assert await _find(sinch, NEVER_LISTED) == HostingFailures()
