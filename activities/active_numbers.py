"""Active numbers of one Sinch project: read, linked to something else, released.

A change reads every number before it asks for anything, so it can be repeated at any time: what took effect once is
not asked for again (Sinch API: update, release an active number).
"""

from collections.abc import Sequence

from temporalio import activity

from activities.active_number_reader import ActiveNumberLookup, not_active, read_active_numbers, seen_of
from activities.available_numbers import sms_configuration, voice_configuration
from activities.callback_address import CallbackAddress, callers_callback_url
from activities.failures import sinch_failures
from activities.number_by_number import NumberByNumber, is_final
from onboarding.active_numbers import (
    ActiveLinks,
    ActiveNumberSeen,
    ActiveService,
    LinkRequest,
    NextRequest,
    next_request,
    seen_failure,
)
from onboarding.calls.active_numbers import (
    CHANGE_ACTIVE_NUMBERS,
    READ_ACTIVE_NUMBERS,
    ActiveNumberChanged,
    ActiveNumbersChanged,
    ActiveNumbersRead,
    ChangeActiveNumbers,
    ChangeOutcome,
    NumberToChange,
    ReadActiveNumbers,
    Relink,
)
from sinch_numbers import ActiveNumberRequest, SinchError, SinchNumbers


class ActiveNumbers:
    """The numbers that one Sinch project rents."""

    def __init__(self, sinch: SinchNumbers, callbacks: CallbackAddress | None) -> None:
        """Without a callback address numbers are followed by polling alone."""
        self._sinch = sinch
        self._callbacks = callbacks
        self._numbers = NumberByNumber()

    @activity.defn(name=READ_ACTIVE_NUMBERS.name)
    async def read(self, request: ReadActiveNumbers) -> ActiveNumbersRead:
        """How the numbers are linked; those that Sinch does not show are not active."""
        if request.region is None or request.type is None:
            return await self._look_up(request.phone_numbers)
        with sinch_failures():
            found = await read_active_numbers(self._sinch, request.phone_numbers, request.region, request.type)
        return ActiveNumbersRead(
            numbers=tuple(
                seen_of(found[number]) if number in found else not_active(number) for number in request.phone_numbers
            )
        )

    async def _look_up(self, phone_numbers: Sequence[str]) -> ActiveNumbersRead:
        lookup = ActiveNumberLookup(self._sinch, phone_numbers)

        async def look_up(phone_number: str) -> ActiveNumberSeen:
            found = await lookup.get(phone_number)
            return seen_of(found) if found else not_active(phone_number)

        answers = await self._numbers.each(phone_numbers, look_up)
        return ActiveNumbersRead(numbers=tuple(answer for answer in answers if isinstance(answer, ActiveNumberSeen)))

    @activity.defn(name=CHANGE_ACTIVE_NUMBERS.name)
    async def change(self, request: ChangeActiveNumbers) -> ActiveNumbersChanged:
        """The next step of every number."""
        lookup = ActiveNumberLookup(self._sinch, [item.phone_number for item in request.numbers])

        async def change_one(item: NumberToChange) -> ActiveNumberChanged:
            number = await lookup.get(item.phone_number)
            if number is None:
                return ActiveNumberChanged(phone_number=item.phone_number, outcome=ChangeOutcome.NOT_ACTIVE)
            if isinstance(request.change, Relink):
                return await self._relink(item, seen_of(number), request.change.links)
            if number.expire_at is None:
                await self._sinch.active_numbers.release(item.phone_number)
            return ActiveNumberChanged(phone_number=item.phone_number, outcome=ChangeOutcome.DONE)

        answers = await self._numbers.each(request.numbers, change_one)
        return ActiveNumbersChanged(
            numbers=tuple(
                _failed(item, answer) if isinstance(answer, SinchError) else answer
                for item, answer in zip(request.numbers, answers, strict=True)
            )
        )

    async def _relink(self, item: NumberToChange, seen: ActiveNumberSeen, links: ActiveLinks) -> ActiveNumberChanged:
        step = next_request(seen, links, asked=item.asked)
        outcome = _OUTCOMES[step.request]
        if step.request is LinkRequest.UNLINK:
            await self._unlink(item.phone_number, step)
        elif step.request is LinkRequest.LINK:
            await self._link(item.phone_number, step, links)
        elif step.request is LinkRequest.GIVE_UP:
            failure = seen_failure(seen, step.services[0])
            return ActiveNumberChanged(phone_number=item.phone_number, outcome=outcome, failure=failure)
        return ActiveNumberChanged(phone_number=item.phone_number, outcome=outcome)

    async def _unlink(self, phone_number: str, step: NextRequest) -> None:
        await self._sinch.active_numbers.unlink(
            phone_number,
            service_plan=ActiveService.SERVICE_PLAN in step.services,
            campaign=ActiveService.CAMPAIGN in step.services,
            callback_url=callers_callback_url(self._callbacks),
        )

    async def _link(self, phone_number: str, step: NextRequest, links: ActiveLinks) -> None:
        missing = ActiveLinks(
            service_plan_id=links.service_plan_id if ActiveService.SERVICE_PLAN in step.services else None,
            campaign_id=links.campaign_id if ActiveService.CAMPAIGN in step.services else None,
            voice=links.voice if ActiveService.VOICE in step.services else None,
        )
        request = ActiveNumberRequest(
            sms_configuration=sms_configuration(missing),
            voice_configuration=voice_configuration(missing.voice),
            callback_url=callers_callback_url(self._callbacks),
        )
        await self._sinch.active_numbers.update(phone_number, request)


_OUTCOMES = {
    LinkRequest.NOTHING: ChangeOutcome.DONE,
    LinkRequest.WAIT: ChangeOutcome.WAITING,
    LinkRequest.UNLINK: ChangeOutcome.UNLINKING,
    LinkRequest.LINK: ChangeOutcome.LINKING,
    LinkRequest.GIVE_UP: ChangeOutcome.LINK_FAILED,
}


def _failed(item: NumberToChange, error: SinchError) -> ActiveNumberChanged:
    outcome = ChangeOutcome.REFUSED if is_final(error) else ChangeOutcome.NO_ANSWER
    return ActiveNumberChanged(phone_number=item.phone_number, outcome=outcome, message=str(error))
