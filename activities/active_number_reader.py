"""Reading active numbers: a few one by one, many by the list of their region and type.

Sinch API: Active Number (list, get).
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress

from onboarding.active_numbers import ActiveNumberSeen, ActiveNumberType, LinkJob, VoiceKind, VoiceLink
from sinch_numbers import (
    ActiveNumber,
    ActiveNumberVoiceConfiguration,
    NotFound,
    NumberType,
    ProvisioningStatus,
    ScheduledSmsProvisioning,
    ScheduledVoiceProvisioning,
    SinchError,
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


class ActiveNumberLookup:
    """Looks numbers of any region and type up: the first of a kind singly, which tells the list that has the others."""

    def __init__(self, sinch: SinchNumbers, phone_numbers: Collection[str]) -> None:
        """`phone_numbers` are all that will be looked up, each once."""
        self._sinch = sinch
        self._left = set(phone_numbers)
        self._listed: dict[str, ActiveNumber] = {}
        self._lists: set[tuple[str, NumberType]] = set()
        self._turn = asyncio.Lock()

    async def get(self, phone_number: str) -> ActiveNumber | None:
        """One number, or None where it is not active. Raises SinchError."""
        self._left.discard(phone_number)
        async with self._turn:
            if phone_number in self._listed:
                return self._listed.pop(phone_number)
        found = await active_number(self._sinch, phone_number)
        if found is not None and len(self._left) >= _SINGLE_READS_AT_MOST:
            async with self._turn:
                await self._list_those_like(found)
        return found

    async def _list_those_like(self, one: ActiveNumber) -> None:
        """Page by page until all are found, or it is cheaper to read the rest one by one.

        So is what a list that fails does not tell: the single reads show what is wrong, each for its number.
        """
        region, type_ = one.region_code, one.type
        if region is None or not isinstance(type_, NumberType) or (region, type_) in self._lists:
            return
        self._lists.add((region, type_))
        page_token = None
        with suppress(SinchError):
            for _ in range(len(self._left)):
                page = await self._sinch.active_numbers.list_page(
                    region_code=region, type=type_, page_size=_PAGE_SIZE, page_token=page_token
                )
                self._listed |= {n.phone_number: n for n in page.items if n.phone_number in self._left}
                page_token = page.next_page_token
                if page_token is None or self._left <= self._listed.keys():
                    return


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
