"""`onboard available` and `onboard regions`: numbers that can be rented, and where.

Sinch API: NumberService_ListAvailableNumbers, NumberService_GetAvailableNumber, NumberService_ListAvailableRegions.
"""

from collections.abc import Sequence

from sinch_numbers import (
    AvailableNumber,
    AvailableRegion,
    NumberCapability,
    NumbersPattern,
    NumbersSearchPattern,
    NumberType,
)
from starter.api.project import literal, phone_number, sinch_project
from starter.api.showing import show_one, show_rows
from starter.output import Format, rows

_COLUMNS = {
    "number": "phone_number",
    "type": "type",
    "capability": "capability",
    "set-up": "setup_price.amount",
    "monthly": "monthly_price.amount",
    "currency": "monthly_price.currency_code",
    "documents": "supporting_documentation_required",
}


async def search(
    profile: str,
    region: str,
    type_: str,
    pattern: str | None,
    at_end: bool,
    capabilities: Sequence[str],
    size: int,
    format_: Format,
) -> None:
    """Numbers that can be rented, with their prices. Raises Stop."""
    wanted = tuple(literal(NumberCapability, text, "--capability") for text in capabilities)
    number_type = literal(NumberType, type_, "--type")
    async with sinch_project(profile) as sinch:
        found: tuple[AvailableNumber, ...] = await sinch.available_numbers.search(
            region_code=region.upper(),
            type=number_type,
            number_pattern=number_pattern(pattern, at_end=at_end) if pattern else None,
            capabilities=wanted,
            size=size,
        )
    show_rows(format_, found, _COLUMNS)


async def check(profile: str, number: str, format_: Format) -> None:
    """One number with its prices. Raises Stop where it cannot be rented."""
    e164 = phone_number(number)
    async with sinch_project(profile) as sinch:
        found = await sinch.available_numbers.get(e164)
    show_one(format_, found.model_dump(mode="json"))


async def show_regions(profile: str, types: Sequence[str], format_: Format) -> None:
    """The regions with numbers of one of the types, or of any. Raises Stop."""
    wanted = tuple(literal(NumberType, text, "--type") for text in types)
    async with sinch_project(profile) as sinch:
        found: tuple[AvailableRegion, ...] = await sinch.available_regions.list(*wanted)
    records = [
        {"region": region.region_code, "name": region.region_name, "types": ", ".join(map(str, region.types))}
        for region in found
    ]
    rows(format_, records, ("region", "name", "types"))


def number_pattern(pattern: str, *, at_end: bool = False) -> NumbersPattern:
    """Digits in numbers: with a plus from their beginning, else anywhere or at their end."""
    if pattern.startswith("+"):
        return NumbersPattern(pattern=pattern, search_pattern=NumbersSearchPattern.START)
    where = NumbersSearchPattern.END if at_end else NumbersSearchPattern.CONTAINS
    return NumbersPattern(pattern=pattern, search_pattern=where)
