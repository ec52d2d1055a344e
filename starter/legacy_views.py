"""Looking at the legacy account: the shop, the rented numbers, and the numbers of an application."""

from sinch_numbers.legacy import Capability
from starter.api.project import optional_literal
from starter.api.showing import show_rows
from starter.legacy_wishes import legacy_account
from starter.output import Format

_GROUP_COLUMNS = {
    "group": "group_id",
    "country": "country_id",
    "city": "city",
    "area code": "area_code",
    "for": "type",
    "to be had": "availability",
    "cost": "cost.amount",
    "currency": "cost.currency_id",
}
_NUMBER_COLUMNS = {
    "number": "number",
    "group": "group_id",
    "for": "capabilities",
    "application": "application_key",
    "expires": "expires",
    "cost": "cost.amount",
    "currency": "cost.currency_id",
}


async def show_shop(
    profile: str, organisation_id: int | None, capability: str | None, country: str | None, format_: Format
) -> None:
    """Groups of numbers that can be rented. Raises Stop."""
    wanted = optional_literal(Capability, capability, "--capability")
    async with legacy_account(profile, organisation_id) as legacy:
        groups = await legacy.groups()
    fitting = [group for group in groups if wanted in (None, group.type) and country in (None, group.country_id)]
    show_rows(format_, fitting, _GROUP_COLUMNS)


async def show_rented(profile: str, organisation_id: int | None, format_: Format) -> None:
    """All numbers of the account. Raises Stop."""
    async with legacy_account(profile, organisation_id) as legacy:
        numbers = await legacy.rented_numbers()
    show_rows(format_, numbers, _NUMBER_COLUMNS)


async def show_application(profile: str, application_key: str, format_: Format) -> None:
    """All numbers of an application. Raises Stop."""
    async with legacy_account(profile) as legacy:
        numbers = await legacy.application_numbers(application_key)
    show_rows(format_, numbers, _NUMBER_COLUMNS)
