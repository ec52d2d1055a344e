"""Linking imported numbers again after a failed campaign link, and reading how they are linked.

Sinch API: Imported Numbers (get, update). Every try reads the number first, so that a lost answer does no harm: what
is linked, or being linked, is not sent a second time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from temporalio import activity

from activities.callback_address import CallbackAddress, callers_callback_url
from activities.failures import sinch_failures
from onboarding.calls.linking import (
    LINK_NUMBERS,
    READ_LINKS,
    LinkAgain,
    LinkOutcome,
    LinksRead,
    LinkTried,
    NumbersLinked,
    ReadLinks,
)
from onboarding.observations import CampaignLinkSeen, CarrierError
from sinch_numbers import (
    Conflict,
    ImportedNumberResponse,
    InvalidArgument,
    NotFound,
    ProvisioningType,
    ServiceProvisioning,
    SinchNumbers,
    State,
)

Answer = TypeVar("Answer")

_AT_ONCE = 8
_UNDER_WAY = (State.WAITING, State.IN_PROGRESS)
_SMS_PROVISIONING_FAILED = "SMS_PROVISIONING_FAILED"


class Linking:
    """Imported numbers of one Sinch project."""

    def __init__(self, sinch: SinchNumbers, callbacks: CallbackAddress | None) -> None:
        """Without a callback address links are followed by reading alone."""
        self._sinch = sinch
        self._callbacks = callbacks

    @activity.defn(name=LINK_NUMBERS.name)
    async def link(self, request: LinkAgain) -> NumbersLinked:
        """Link each number that is not linked or being linked; what one of them is refused for stops no other."""
        with sinch_failures():
            tried = await _each(request.phone_numbers, lambda number: self._link(number, request))
        return NumbersLinked(numbers=tuple(tried))

    async def _link(self, phone_number: str, request: LinkAgain) -> LinkTried:
        try:
            number = await self._sinch.imported_numbers.get(phone_number)
            before = _seen(number, request)
            if before.state == State.DONE:
                return LinkTried(phone_number=phone_number, outcome=LinkOutcome.LINKED)
            newer_than = before.updated
            if before.state not in _UNDER_WAY:
                linked = await self._sinch.imported_numbers.link(
                    phone_number,
                    service_plan_id=request.service_plan_id,
                    campaign_id=request.campaign_id,
                    callback_url=callers_callback_url(self._callbacks),
                )
                scheduled = linked.sms_configuration.scheduled_provisioning
                newer_than = (scheduled and scheduled.last_updated_time) or newer_than
        except NotFound:
            return LinkTried(phone_number=phone_number, outcome=LinkOutcome.NOT_IMPORTED)
        except (InvalidArgument, Conflict) as error:
            return LinkTried(phone_number=phone_number, outcome=LinkOutcome.REFUSED, message=str(error))
        return LinkTried(phone_number=phone_number, outcome=LinkOutcome.LINKING, newer_than=newer_than)

    @activity.defn(name=READ_LINKS.name)
    async def read(self, request: ReadLinks) -> LinksRead:
        """How the numbers are linked; one that is not imported is told as such."""
        with sinch_failures():
            return LinksRead(
                links=tuple(await _each(request.phone_numbers, lambda number: self._read(number, request)))
            )

    async def _read(self, phone_number: str, request: ReadLinks) -> CampaignLinkSeen:
        try:
            return _seen(await self._sinch.imported_numbers.get(phone_number), request)
        except NotFound:
            return CampaignLinkSeen(phone_number=phone_number, imported=False)


async def _each(phone_numbers: Iterable[str], step: Callable[[str], Awaitable[Answer]]) -> list[Answer]:
    """The step for every number, a few at once. All are tried before the first error, if any, is raised."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def limited(phone_number: str) -> Answer:
        async with limit:
            return await step(phone_number)

    results = await asyncio.gather(*(limited(number) for number in phone_numbers), return_exceptions=True)
    answers = []
    for result in results:
        if isinstance(result, BaseException):
            raise result
        answers.append(result)
    return answers


def _seen(number: ImportedNumberResponse, wanted: LinkAgain) -> CampaignLinkSeen:
    """The step that stands for the whole: the plan until it is through, then the campaign, where one is wanted."""
    plan, campaign = number.sms_provisioning, number.campaign_provisioning
    at_plan = not wanted.campaign_id or plan.state == State.FAILED
    step = plan if at_plan else campaign
    wanted_id = wanted.service_plan_id if at_plan else wanted.campaign_id
    failed = step.state == State.FAILED
    return CampaignLinkSeen(
        phone_number=number.phone_number,
        state=str(step.state) if _is_about(step, wanted_id or "") else "",
        failure_code=_failure_code(number, step, at_plan=at_plan) if failed else None,
        updated=step.update_time,
        carrier_errors=tuple(_carrier_errors(number)),
    )


def _is_about(step: ServiceProvisioning, wanted_id: str) -> bool:
    return step.type != ProvisioningType.DEPROVISIONING and step.service_id in ("", wanted_id)


def _failure_code(number: ImportedNumberResponse, step: ServiceProvisioning, *, at_plan: bool) -> str | None:
    """As Sinch names it in one of two places; the numbers that may stand there are not documented."""
    if step.error_code:
        return step.error_code
    scheduled = number.sms_configuration.scheduled_provisioning
    named = [code for code in (scheduled.error_codes if scheduled else ()) if isinstance(code, str)]
    return next(iter(named), _SMS_PROVISIONING_FAILED if at_plan else None)


def _carrier_errors(number: ImportedNumberResponse) -> Iterable[CarrierError]:
    carriers = number.mno_configuration
    records = {
        "smsAtt": carriers.sms_att,
        "smsTmo": carriers.sms_tmo,
        "mmsAtt": carriers.mms_att,
        "mmsTmo": carriers.mms_tmo,
    }
    for record, carrier in records.items():
        if carrier.error_code:
            yield CarrierError(record=record, code=carrier.error_code, message=carrier.error_message)
