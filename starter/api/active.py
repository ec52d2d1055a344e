"""`onboard active list`, `show` and `rename`: numbers that the project rents.

Sinch API: NumberService_ListActiveNumbers, NumberService_GetActiveNumber, NumberService_UpdateActiveNumber.
"""

from sinch_numbers import ActiveNumberRequest, NumberType
from starter.api.available import number_pattern
from starter.api.project import PAGE_SIZE, literal, phone_number, sinch_project
from starter.api.showing import show_one, show_rows
from starter.output import Format, document

_COLUMNS = {
    "number": "phone_number",
    "name": "display_name",
    "service plan": "sms_configuration.service_plan_id",
    "campaign": "sms_configuration.campaign_id",
    "SMS at work": "sms_configuration.scheduled_provisioning.status",
    "app": "voice_configuration.app_id",
    "trunk": "voice_configuration.trunk_id",
    "fax": "voice_configuration.service_id",
    "voice at work": "voice_configuration.scheduled_voice_provisioning.status",
    "until": "expire_at",
}


async def show_list(profile: str, region: str, type_: str, pattern: str | None, format_: Format) -> None:
    """The active numbers of one region and type. Raises Stop."""
    number_type = literal(NumberType, type_, "--type")
    async with sinch_project(profile) as sinch:
        listed = sinch.active_numbers.list(
            region_code=region.upper(),
            type=number_type,
            number_pattern=number_pattern(pattern) if pattern else None,
            page_size=PAGE_SIZE,
        )
        numbers = [number async for number in listed]
    show_rows(format_, numbers, _COLUMNS)


async def show(profile: str, number: str, format_: Format) -> None:
    """One number. Raises Stop."""
    e164 = phone_number(number)
    async with sinch_project(profile) as sinch:
        found = await sinch.active_numbers.get(e164)
    show_one(format_, found.model_dump(mode="json"))


async def rename(profile: str, number: str, name: str, format_: Format) -> None:
    """Another display name for one number. Raises Stop."""
    e164 = phone_number(number)
    async with sinch_project(profile) as sinch:
        renamed = await sinch.active_numbers.update(e164, ActiveNumberRequest(display_name=name))
    document(format_, renamed.model_dump(mode="json"), f"{e164} is now called {renamed.display_name or name}")
