"""Reading active numbers: a few one by one, many by the list of their region and type.

Sinch API: Active Number (list, get).
"""

from collections.abc import Collection

from onboarding.active_numbers import ActiveNumberSeen, ActiveNumberType, LinkJob, VoiceKind, VoiceLink
from sinch_numbers import (
    ActiveNumber,
    ActiveNumberVoiceConfiguration,
    NotFound,
    NumberType,
    ProvisioningStatus,
    ScheduledSmsProvisioning,
    ScheduledVoiceProvisioning,
    SinchNumbers,
)

_SINGLE_READS_AT_MOST = 5
_PAGE_SIZE = 1000


async def read_active_numbers(
    sinch: SinchNumbers, phone_numbers: Collection[str], region: str, type_: ActiveNumberType
) -> dict[str, ActiveNumber]:
    """Those of the numbers that are active. Raises SinchError."""
    found: dict[str, ActiveNumber] = {}
    if len(phone_numbers) > _SINGLE_READS_AT_MOST:
        wanted = set(phone_numbers)
        async for number in sinch.active_numbers.list(
            region_code=region, type=NumberType(type_.value), page_size=_PAGE_SIZE
        ):
            if number.phone_number in wanted:
                found[number.phone_number] = number
        return found
    for phone_number in phone_numbers:
        number_or_none = await active_number(sinch, phone_number)
        if number_or_none is not None:
            found[phone_number] = number_or_none
    return found


async def active_number(sinch: SinchNumbers, phone_number: str) -> ActiveNumber | None:
    """One number, or None where it is not active. Raises SinchError."""
    try:
        return await sinch.active_numbers.get(phone_number)
    except NotFound:
        return None


def seen_of(number: ActiveNumber) -> ActiveNumberSeen:
    """The number in the words of the domain."""
    sms, voice = number.sms_configuration, number.voice_configuration
    return ActiveNumberSeen(
        phone_number=number.phone_number,
        service_plan_id=sms.service_plan_id,
        campaign_id=sms.campaign_id,
        sms_job=_sms_job(sms.scheduled_provisioning),
        voice=_voice_link(voice),
        voice_job=_voice_job(voice.scheduled_voice_provisioning),
        released_until=number.expire_at,
    )


def not_active(phone_number: str) -> ActiveNumberSeen:
    """A number that Sinch does not show."""
    return ActiveNumberSeen(phone_number=phone_number, is_active=False)


def _sms_job(job: ScheduledSmsProvisioning | None) -> LinkJob | None:
    if job is None:
        return None
    return LinkJob(failed=job.status == ProvisioningStatus.FAILED, error_code=str(next(iter(job.error_codes), "")))


def _voice_job(job: ScheduledVoiceProvisioning | None) -> LinkJob | None:
    return None if job is None else LinkJob(failed=job.status == ProvisioningStatus.FAILED)


def _voice_link(target: ActiveNumberVoiceConfiguration) -> VoiceLink | None:
    """The application that answers calls; None for none, and for one of a kind that we do not know."""
    ids = {VoiceKind.RTC: target.app_id, VoiceKind.EST: target.trunk_id, VoiceKind.FAX: target.service_id}
    kind = next((kind for kind in VoiceKind if kind == target.type), None)
    return VoiceLink(kind=kind, id=ids[kind]) if kind and ids[kind] else None
