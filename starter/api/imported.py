"""`onboard imported`: numbers of other carriers that send SMS through Sinch.

Sinch API: ImportNumberService_ListImportedNumbers, ImportNumberService_GetImportedNumber,
ImportNumberService_UpdateImportedNumber.
"""

from sinch_numbers import ImportedNumbersSearchPattern, NumberPattern, OrderBy, RegionCode
from starter.api.project import PAGE_SIZE, optional_literal, phone_number, sinch_project
from starter.api.showing import show_one, show_rows
from starter.output import Format, document

_COLUMNS = {
    "number": "phone_number",
    "name": "display_name",
    "service plan": "sms_configuration.service_plan_id",
    "campaign": "sms_configuration.campaign_id",
    "platform": "sms_provisioning.state",
    "platform error": "sms_provisioning.error_code",
    "campaign link": "campaign_provisioning.state",
    "campaign error": "campaign_provisioning.error_code",
}


async def show_list(
    profile: str,
    service_plan_id: str | None,
    campaign_id: str | None,
    region: str | None,
    pattern: str | None,
    order_by: str | None,
    format_: Format,
) -> None:
    """All imported numbers, or those that all filters let through. Raises Stop."""
    region_code = optional_literal(RegionCode, region, "--region")
    by = optional_literal(OrderBy, order_by, "--order-by")
    async with sinch_project(profile) as sinch:
        listed = sinch.imported_numbers.list(
            service_plan_id=service_plan_id,
            campaign_id=campaign_id,
            region_code=region_code,
            number_pattern=_number_pattern(pattern) if pattern else None,
            order_by=by,
            page_size=PAGE_SIZE,
        )
        numbers = [number async for number in listed]
    show_rows(format_, numbers, _COLUMNS)


async def show(profile: str, number: str, format_: Format) -> None:
    """One number. Raises Stop."""
    e164 = phone_number(number)
    async with sinch_project(profile) as sinch:
        found = await sinch.imported_numbers.get(e164)
    show_one(format_, found.model_dump(mode="json"))


async def rename(profile: str, number: str, name: str, format_: Format) -> None:
    """Another display name for one number. Raises Stop."""
    e164 = phone_number(number)
    async with sinch_project(profile) as sinch:
        renamed = await sinch.imported_numbers.rename(e164, name)
    document(format_, renamed.model_dump(mode="json"), f"{e164} is now called {renamed.display_name or name}")


def _number_pattern(pattern: str) -> NumberPattern:
    where = ImportedNumbersSearchPattern.START if pattern.startswith("+") else ImportedNumbersSearchPattern.CONTAIN
    return NumberPattern(pattern=pattern, search_pattern=where)
