"""Imports: numbers imported by themselves or by order, once, and compared where they are there already.

Sinch API: Imported Numbers; Hosting Orders, import.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic.alias_generators import to_camel
from temporalio import activity

from activities.callback_address import CallbackAddress, callers_callback_url
from activities.failures import application_error, sinch_failures
from onboarding.calls.hosting_orders import OrderCreated
from onboarding.calls.imports import (
    IMPORT_NUMBER,
    OBSERVE_IMPORTED,
    ORDER_IMPORT,
    REMOVE_IMPORTED,
    ImportedObserved,
    ImportedRemoved,
    ImportOrder,
    ImportOutcome,
    NumberImport,
    ObserveImported,
    RemoveImported,
    StartImport,
)
from onboarding.imports import ImportSeen, Likeness, likeness
from onboarding.observations import CarrierError
from sinch_numbers import (
    Conflict,
    CreateImportedNumberRequest,
    HostingOrder,
    HostingOrderState,
    HostingOrderType,
    ImportedNumberResponse,
    ImportNumbersRequest,
    InvalidArgument,
    MnoConfiguration,
    NotFound,
    ProvisioningType,
    RegionCode,
    ServiceProvisioning,
    SinchError,
    SinchNumbers,
    SmsConfigurationToSend,
    State,
)

Answer = TypeVar("Answer")

_STATES = tuple(state for state in HostingOrderState if state is not HostingOrderState.UNSPECIFIED)


class Imports:
    """Imported numbers of one Sinch project, and the orders that import."""

    def __init__(self, sinch: SinchNumbers, callbacks: CallbackAddress | None) -> None:
        """Without a callback address imports are followed by polling alone."""
        self._sinch = sinch
        self._callbacks = callbacks

    @activity.defn(name=IMPORT_NUMBER.name)
    async def import_number(self, request: StartImport) -> NumberImport:
        """Import one number, once: where an earlier request may have arrived, look for the number before sending."""
        (phone_number,) = request.numbers
        with sinch_failures():
            if _may_be_there(request):
                seen = await self._seen(phone_number)
                if seen is not None:
                    return await self._judged(seen, request)
            try:
                await self._sinch.imported_numbers.import_number(self._single(phone_number, request))
            except Conflict as error:
                seen = await self._seen(phone_number)
                if seen is None:
                    return NumberImport(outcome=ImportOutcome.TAKEN, message=str(error))
                return await self._judged(seen, request)
            except (InvalidArgument, NotFound) as error:
                return NumberImport(outcome=ImportOutcome.REFUSED, message=str(error))
            return NumberImport(outcome=ImportOutcome.UNDER_WAY, seen=await self._seen(phone_number))

    async def _judged(self, seen: ImportSeen, request: StartImport) -> NumberImport:
        """Follow what is ours, adopt what is alike, link what is linked to nothing else, leave the rest alone."""
        is_ours = seen.display_name == request.display_name
        like = likeness(seen, request.service_plan_id, request.campaign_id)
        if like is Likeness.DIFFERENT:
            return NumberImport(outcome=ImportOutcome.LINKED_ELSEWHERE, seen=seen)
        if like is Likeness.ALIKE and seen.is_linked and not is_ours:
            return NumberImport(outcome=ImportOutcome.ADOPTED, seen=seen)
        if like is Likeness.INCOMPLETE and not is_ours:
            return await self._linked(seen.phone_number, request)
        return NumberImport(outcome=ImportOutcome.UNDER_WAY, seen=seen)

    async def _linked(self, phone_number: str, request: StartImport) -> NumberImport:
        """Link what is missing or has failed (Sinch API: the same update again is another try)."""
        try:
            await self._sinch.imported_numbers.link(
                phone_number,
                service_plan_id=request.service_plan_id,
                campaign_id=request.campaign_id,
                callback_url=callers_callback_url(self._callbacks),
            )
        except (InvalidArgument, NotFound) as error:
            return NumberImport(outcome=ImportOutcome.REFUSED, message=str(error))
        return NumberImport(outcome=ImportOutcome.UNDER_WAY, seen=await self._seen(phone_number))

    @activity.defn(name=ORDER_IMPORT.name)
    async def order(self, request: StartImport) -> ImportOrder:
        """Create the order, once. One that Sinch refuses says which numbers to import by themselves.

        After a conflict these are the ones that are imported already; where none is, or Sinch does not say which
        number is at fault, they are all.
        """
        with sinch_failures():
            if _may_be_there(request):
                found = await self._find(request)
                if found is not None:
                    return _created(found)
            try:
                return _created(await self._sinch.hosting_orders.import_numbers(self._import_order(request)))
            except Conflict as error:
                found = await self._find(request)
                if found is not None:
                    return _created(found)
                there = [number for number in request.numbers if await self._seen(number) is not None]
                return ImportOrder(alone=tuple(there) or request.numbers, busy=not there, message=str(error))
            except (InvalidArgument, NotFound) as error:
                return ImportOrder(alone=request.numbers, message=str(error))

    async def _find(self, request: StartImport) -> HostingOrder | None:
        return await self._sinch.hosting_orders.find_by_display_name(
            request.display_name,
            states=_STATES,
            type=HostingOrderType.IMPORT,
            service_plan_id=request.service_plan_id,
            campaign_id=request.campaign_id,
        )

    @activity.defn(name=OBSERVE_IMPORTED.name)
    async def observe(self, request: ObserveImported) -> ImportedObserved:
        """Read the numbers, each for itself; those that are not imported are left out."""
        seen, unread = await _each(request.phone_numbers, self._seen)
        found = tuple(number for number in seen.values() if number is not None)
        return ImportedObserved(numbers=found, unread=unread)

    @activity.defn(name=REMOVE_IMPORTED.name)
    async def remove(self, request: RemoveImported) -> ImportedRemoved:
        """Delete the numbers that are still there, each for itself; gone is what Sinch does not show any more."""
        removed, _ = await _each(request.phone_numbers, self._is_gone)
        return ImportedRemoved(gone=tuple(number for number, is_gone in removed.items() if is_gone))

    async def _is_gone(self, phone_number: str) -> bool:
        try:
            await self._sinch.imported_numbers.delete(phone_number)
        except NotFound:
            return True
        return await self._seen(phone_number) is None

    async def _seen(self, phone_number: str) -> ImportSeen | None:
        try:
            return _as_seen(await self._sinch.imported_numbers.get(phone_number))
        except NotFound:
            return None

    def _single(self, phone_number: str, request: StartImport) -> CreateImportedNumberRequest:
        return CreateImportedNumberRequest(
            phone_number=phone_number,
            region_code=RegionCode(request.region),
            sms_configuration=SmsConfigurationToSend(
                service_plan_id=request.service_plan_id, campaign_id=request.campaign_id
            ),
            display_name=request.display_name,
            callback_url=callers_callback_url(self._callbacks),
        )

    def _import_order(self, request: StartImport) -> ImportNumbersRequest:
        return ImportNumbersRequest(
            region_code=RegionCode(request.region),
            numbers=request.numbers,
            service_plan_id=request.service_plan_id,
            campaign_id=request.campaign_id,
            display_name=request.display_name,
            migrate_to_sinch_tmo=request.migrate_to_sinch_tmo or None,
            callback_url=callers_callback_url(self._callbacks),
        )


async def _each(
    phone_numbers: tuple[str, ...], work: Callable[[str], Awaitable[Answer]]
) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """What came of each number, and the numbers Sinch did not answer for: one holds up no other.

    Raises ApplicationError where it answered for none.
    """
    answers = await asyncio.gather(*map(work, phone_numbers), return_exceptions=True)
    answered: dict[str, Answer] = {}
    failures: dict[str, SinchError] = {}
    for phone_number, answer in zip(phone_numbers, answers, strict=True):
        if isinstance(answer, SinchError):
            failures[phone_number] = answer
        elif isinstance(answer, BaseException):
            raise answer
        else:
            answered[phone_number] = answer
    if failures and not answered:
        raise application_error(next(iter(failures.values())))
    return answered, tuple(failures)


def _may_be_there(request: StartImport) -> bool:
    return request.sent_before or activity.info().attempt > 1


def _created(order: HostingOrder) -> ImportOrder:
    return ImportOrder(
        created=OrderCreated(
            hosting_order_id=order.hosting_order_id, state=str(order.state), created_time=order.created_time
        )
    )


def _as_seen(number: ImportedNumberResponse) -> ImportSeen:
    links = number.sms_configuration
    scheduled = links.scheduled_provisioning
    plan = links.service_plan_id or (scheduled.service_plan_id if scheduled else "")
    campaign = links.campaign_id or (scheduled.campaign_id if scheduled else "")
    platform, on_campaign = _state(number.sms_provisioning), _state(number.campaign_provisioning)
    times = [number.sms_provisioning.update_time, number.campaign_provisioning.update_time]
    return ImportSeen(
        phone_number=number.phone_number,
        display_name=number.display_name or "",
        service_plan_id="" if platform is None else plan,
        campaign_id="" if on_campaign is None else campaign,
        is_linked=(links.service_plan_id, links.campaign_id) == (plan, campaign),
        platform=platform or "",
        campaign=on_campaign or "",
        campaign_error=number.campaign_provisioning.error_code,
        carrier_errors=tuple(_carrier_errors(number.mno_configuration)),
        updated=max((time for time in times if time is not None), default=None),
    )


def _state(link: ServiceProvisioning) -> str | None:
    """State of a link that is there or comes; None for one that was, or is being, taken away."""
    return None if link.type == ProvisioningType.DEPROVISIONING else str(link.state)


def _carrier_errors(carriers: MnoConfiguration) -> list[CarrierError]:
    return [
        CarrierError(record=to_camel(record), code=carrier.error_code, message=carrier.error_message)
        for record, carrier in carriers
        if carrier.state == State.FAILED or carrier.error_code
    ]
