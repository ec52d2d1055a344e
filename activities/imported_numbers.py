"""Imported numbers of one Sinch project: read, unlinked, linked, removed, many at a time but few at once.

No call takes an idempotency key, but all end in the same state when repeated. Where an earlier request may have taken
effect, the number is read first, so nothing is sent twice that took effect once (Sinch API: Imported Numbers).
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from temporalio import activity

from activities.callback_address import CallbackAddress, callers_callback_url
from activities.number_by_number import NumberByNumber, is_final
from onboarding.calls.imported_numbers import (
    LINK_IMPORTED_NUMBERS,
    READ_IMPORTED_NUMBERS,
    REMOVE_IMPORTED_NUMBERS,
    UNLINK_IMPORTED_NUMBERS,
    ChangeOutcome,
    ImportedNumbersRead,
    LinkNumber,
    LinkNumbers,
    NumberChange,
    NumberRemoval,
    NumbersChanged,
    NumbersRemoved,
    ReadImportedNumbers,
    Registers,
    RemovalOutcome,
    RemoveFromSinch,
    UnlinkNumber,
    UnlinkNumbers,
)
from onboarding.imported_links import LinkSeen, NumberLinksSeen, Service
from sinch_numbers import (
    GlobalProcessState,
    ImportedNumber,
    ImportedNumberResponse,
    InvalidArgument,
    NotFound,
    ServiceProvisioning,
    SinchError,
    SinchNumbers,
)

Item = TypeVar("Item")


class ImportedNumbers:
    """The imported numbers of one Sinch project."""

    def __init__(self, sinch: SinchNumbers, callbacks: CallbackAddress | None) -> None:
        """Without a callback address numbers are followed by polling alone."""
        self._sinch = sinch
        self._callbacks = callbacks
        self._numbers = NumberByNumber()

    @activity.defn(name=READ_IMPORTED_NUMBERS.name)
    async def read(self, request: ReadImportedNumbers) -> ImportedNumbersRead:
        """How the numbers are linked; one that Sinch gave no answer for is left out."""
        answers = await self._numbers.each(request.phone_numbers, self._read)
        found = (seen for seen in answers if isinstance(seen, NumberLinksSeen))
        return ImportedNumbersRead(numbers=tuple(s for s in found if s.is_at_rest or not request.only_at_rest))

    @activity.defn(name=UNLINK_IMPORTED_NUMBERS.name)
    async def unlink(self, request: UnlinkNumbers) -> NumbersChanged:
        """Start to unlink numbers; it goes on after the answer."""
        return await self._change(request.numbers, self._unlink)

    @activity.defn(name=LINK_IMPORTED_NUMBERS.name)
    async def link(self, request: LinkNumbers) -> NumbersChanged:
        """Start to link numbers; it goes on after the answer."""
        return await self._change(request.numbers, self._link)

    @activity.defn(name=REMOVE_IMPORTED_NUMBERS.name)
    async def remove(self, request: RemoveFromSinch) -> NumbersRemoved:
        """Take numbers out of the project: off the qualified numbers first, where a hosting order would forbid it."""
        asked_before = request.asked_before or activity.info().attempt > 1

        async def remove_one(phone_number: str) -> NumberRemoval:
            return await self._remove(phone_number, request.registers, asked_before)

        answers = await self._numbers.each(request.phone_numbers, remove_one)
        return NumbersRemoved(
            numbers=tuple(
                NumberRemoval(phone_number=number, outcome=_removal_failed(answer), message=str(answer))
                if isinstance(answer, SinchError)
                else answer
                for number, answer in zip(request.phone_numbers, answers, strict=True)
            )
        )

    async def _read(self, phone_number: str) -> NumberLinksSeen:
        try:
            return _seen(await self._sinch.imported_numbers.get(phone_number))
        except NotFound:
            held = await self._is_in_hosting_order(phone_number)
            return NumberLinksSeen(phone_number=phone_number, is_imported=False, is_in_hosting_order=held)

    async def _is_in_hosting_order(self, phone_number: str) -> bool:
        try:
            number = await self._sinch.qualified_numbers.get(phone_number)
        except NotFound:
            return False
        return number.global_process_state == GlobalProcessState.HOSTING_IN_PROGRESS

    async def _change(self, items: Sequence[Item], change: Callable[[Item], Awaitable[NumberChange]]) -> NumbersChanged:
        answers = await self._numbers.each(items, change)
        changes = [
            _change_failed(item, answer) if isinstance(answer, SinchError) else answer
            for item, answer in zip(items, answers, strict=True)
        ]
        return NumbersChanged(numbers=tuple(changes))

    async def _unlink(self, item: UnlinkNumber) -> NumberChange:
        services: Iterable[Service] = item.services
        if _may_be_a_repetition(item.look_first):
            seen = _seen(await self._sinch.imported_numbers.get(item.phone_number))
            services = [service for service in item.services if _is_held(seen.of(service))]
            if not services:
                return _accepted(item.phone_number, _last_update(seen, item.services))
        answer = await self._sinch.imported_numbers.unlink(
            item.phone_number,
            service_plan=Service.SERVICE_PLAN in services,
            campaign=Service.CAMPAIGN in services,
            callback_url=callers_callback_url(self._callbacks),
        )
        return _accepted(item.phone_number, _taken_at(answer))

    async def _link(self, item: LinkNumber) -> NumberChange:
        wanted = {Service.SERVICE_PLAN: item.service_plan_id, Service.CAMPAIGN: item.campaign_id}
        if _may_be_a_repetition(item.look_first):
            seen = _seen(await self._sinch.imported_numbers.get(item.phone_number))
            if all(service_id is None or _has_begun(seen.of(s), service_id) for s, service_id in wanted.items()):
                return _accepted(item.phone_number, None)
        try:
            answer = await self._sinch.imported_numbers.link(
                item.phone_number,
                service_plan_id=item.service_plan_id,
                campaign_id=item.campaign_id,
                callback_url=callers_callback_url(self._callbacks),
            )
        except InvalidArgument as error:
            seen = _seen(await self._sinch.imported_numbers.get(item.phone_number))
            if not any(seen.of(service).is_being_unlinked for service in Service):
                raise
            outcome = ChangeOutcome.STILL_UNLINKING
            return NumberChange(phone_number=item.phone_number, outcome=outcome, message=str(error))
        return _accepted(item.phone_number, _taken_at(answer))

    async def _remove(self, phone_number: str, registers: Registers, asked_before: bool) -> NumberRemoval:
        was_there, outcome = asked_before, RemovalOutcome.GONE
        if registers.qualified:
            was_there |= await _existed(self._sinch.qualified_numbers.delete(phone_number))
        if registers.imported and await _existed(self._sinch.imported_numbers.delete(phone_number)):
            was_there = True
            if await _existed(self._sinch.imported_numbers.get(phone_number)):
                outcome = RemovalOutcome.STILL_SHOWN
        return NumberRemoval(phone_number=phone_number, outcome=outcome if was_there else RemovalOutcome.NEVER_THERE)


def _may_be_a_repetition(look_first: bool) -> bool:
    return look_first or activity.info().attempt > 1


async def _existed(request: Awaitable[object]) -> bool:
    try:
        await request
    except NotFound:
        return False
    return True


def _is_held(link: LinkSeen) -> bool:
    return link.is_being_linked or (bool(link.linked_id) and not link.is_being_unlinked)


def _has_begun(link: LinkSeen, service_id: str) -> bool:
    return link.operation == "PROVISIONING" and link.service_id == service_id and link.state != "FAILED"


def _last_update(seen: NumberLinksSeen, services: Iterable[Service]) -> datetime | None:
    return max((updated for service in services if (updated := seen.of(service).updated)), default=None)


def _taken_at(answer: ImportedNumber) -> datetime | None:
    scheduled = answer.sms_configuration.scheduled_provisioning
    return scheduled.last_updated_time if scheduled else None


def _accepted(phone_number: str, sinch_time: datetime | None) -> NumberChange:
    return NumberChange(phone_number=phone_number, outcome=ChangeOutcome.ACCEPTED, sinch_time=sinch_time)


def _change_failed(item: object, error: SinchError) -> NumberChange:
    outcome = ChangeOutcome.REFUSED if is_final(error) else ChangeOutcome.NO_ANSWER
    phone_number = item.phone_number if isinstance(item, UnlinkNumber | LinkNumber) else ""
    return NumberChange(phone_number=phone_number, outcome=outcome, message=str(error))


def _removal_failed(error: SinchError) -> RemovalOutcome:
    return RemovalOutcome.REFUSED if is_final(error) else RemovalOutcome.NO_ANSWER


def _seen(number: ImportedNumberResponse) -> NumberLinksSeen:
    links = number.sms_configuration
    return NumberLinksSeen(
        phone_number=number.phone_number,
        service_plan=_link_seen(number.sms_provisioning, links.service_plan_id),
        campaign=_link_seen(number.campaign_provisioning, links.campaign_id),
    )


def _link_seen(link: ServiceProvisioning, linked_id: str) -> LinkSeen:
    return LinkSeen(
        linked_id=linked_id,
        service_id=link.service_id,
        operation=str(link.type or ""),
        state=str(link.state),
        error_code=link.error_code,
        error_message=link.error_message,
        updated=link.update_time,
    )
