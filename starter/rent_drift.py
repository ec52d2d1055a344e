"""What has become different of the numbers that a wish has rented; read at Sinch, changed nowhere."""

from collections.abc import Iterator, Mapping

from temporalio.client import Client

from activities.active_number_reader import not_active, read_active_numbers, seen_of
from onboarding.active_confirmation import active_findings
from onboarding.active_numbers import ActiveNumberSeen
from onboarding.contracts.rent_numbers import RentStatus
from onboarding.renting import RentStep
from starter.api.project import sinch_project
from starter.drift import show_findings
from starter.exits import Exit
from starter.output import Format
from starter.rents import rent_status


async def show_rent_drift(client: Client, wish_id: str, profile: str | None, format_: Format) -> Exit:
    """Compare and print one row a finding; exit 3 where there is any. Raises Stop."""
    status = await rent_status(client, wish_id)
    done = [place.phone_number for place in status.numbers if place.step is RentStep.DONE]
    search = status.wish.search
    async with sinch_project(profile or status.wish.profile) as sinch:
        found = await read_active_numbers(sinch, done, search.region, search.type)
    seen = [seen_of(found[number]) if number in found else not_active(number) for number in done]
    return show_findings(f"wish {wish_id}", len(done), list(_records(status, seen)), _COLUMNS, format_)


_COLUMNS = ("phone_number", "finding", "explanation")


def _records(status: RentStatus, seen: list[ActiveNumberSeen]) -> Iterator[Mapping[str, str | None]]:
    for number in seen:
        for finding in active_findings(number, status.wish.links):
            yield {
                "phone_number": number.phone_number,
                "finding": finding.code,
                "explanation": finding.sentence,
            }
