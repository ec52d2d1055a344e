"""Hosting orders: created once, found again, followed (Sinch API: Hosting Orders)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from temporalio import activity

from activities.callback_address import CallbackAddress, callers_callback_url
from activities.failures import application_error, sinch_failures
from onboarding.batch import BlanketLoa, Loa, LoaParty, NumberType
from onboarding.calls.hosting_orders import (
    CREATE_ORDER,
    OBSERVE_ORDER,
    CreateOrder,
    ObserveOrder,
    OrderCreated,
    OrderObserved,
    Report,
)
from onboarding.observations import CarrierError, OrderRecords
from sinch_numbers import (
    Address,
    AuthorizedPerson,
    BlanketLoaInfo,
    Conflict,
    DirectLoaInfo,
    HostingOrder,
    HostingOrderNumber,
    HostingOrderState,
    HostingOrderType,
    RegionCode,
    ResellerLoaInfo,
    SinchNumbers,
    State,
    TextEnableNumbersRequest,
    TextEnableTollFreeNumbersRequest,
)

_PAGE_SIZE = 500
_SINGLE_READS_AT_MOST = 5
_STATES = tuple(state for state in HostingOrderState if state is not HostingOrderState.UNSPECIFIED)
_ENDED = (HostingOrderState.COMPLETED, HostingOrderState.REJECTED)


class HostingOrders:
    """Hosting orders of one Sinch project."""

    def __init__(self, sinch: SinchNumbers, callbacks: CallbackAddress | None) -> None:
        """Without a callback address orders are followed by polling alone."""
        self._sinch = sinch
        self._callbacks = callbacks

    @activity.defn(name=CREATE_ORDER.name)
    async def create(self, request: CreateOrder) -> OrderCreated:
        """Create the order once: any attempt after the first looks for it before it sends again."""
        with sinch_failures():
            if activity.info().attempt > 1:
                found = await self._find(request)
                if found is not None:
                    return _created(found)
            try:
                return _created(await self._send(request))
            except Conflict as error:
                found = await self._find(request)
                if found is None:
                    raise application_error(error) from error
                return _created(found)

    async def _find(self, request: CreateOrder) -> HostingOrder | None:
        """Toll-free orders are of the same type at Sinch; they are listed among those without campaign."""
        return await self._sinch.hosting_orders.find_by_display_name(
            request.display_name,
            states=_STATES,
            type=HostingOrderType.TEXT_ENABLE,
            service_plan_id=request.service_plan_id,
            campaign_id=request.campaign_id,
        )

    async def _send(self, request: CreateOrder) -> HostingOrder:
        orders = self._sinch.hosting_orders
        if request.number_type is NumberType.TOLL_FREE:
            return await orders.text_enable_toll_free(self._toll_free_order(request))
        return await orders.text_enable(self._local_order(request))

    def _local_order(self, request: CreateOrder) -> TextEnableNumbersRequest:
        direct, reseller, blanket = _loa_infos(request.loa)
        return TextEnableNumbersRequest(
            region_code=RegionCode(request.region),
            numbers=request.numbers,
            service_plan_id=request.service_plan_id,
            campaign_id=request.campaign_id,
            nnid=request.nnid,
            display_name=request.display_name,
            direct_loa_info=direct,
            reseller_loa_info=reseller,
            blanket_loa_info=blanket,
            scheduled_osr_update_time=_to_come(request.scheduled_osr_update_time),
            callback_url=callers_callback_url(self._callbacks),
        )

    def _toll_free_order(self, request: CreateOrder) -> TextEnableTollFreeNumbersRequest:
        """Without campaign and NNID, which it does not know; the client refuses a blanket LOA."""
        direct, reseller, _ = _loa_infos(request.loa)
        return TextEnableTollFreeNumbersRequest(
            region_code=RegionCode(request.region),
            numbers=request.numbers,
            service_plan_id=request.service_plan_id,
            display_name=request.display_name,
            direct_loa_info=direct,
            reseller_loa_info=reseller,
            scheduled_zipwhip_provisioning_time=_to_come(request.scheduled_osr_update_time),
            callback_url=callers_callback_url(self._callbacks),
        )

    @activity.defn(name=OBSERVE_ORDER.name)
    async def observe(self, request: ObserveOrder) -> OrderObserved:
        """Read state and report; the numbers only where the counters moved or the order has ended.

        The state is read first: records read after an order has ended are the last word on its numbers.
        """
        orders, order_id = self._sinch.hosting_orders, request.hosting_order_id
        with sinch_failures():
            order = await orders.get(order_id)
            counters = await orders.report(order_id)
            report = Report.model_validate(counters, from_attributes=True)
            if request.phone_numbers or report != request.known_report or order.state in _ENDED:
                numbers = await self._numbers(order_id, request.phone_numbers)
            else:
                numbers = []
        return OrderObserved(state=str(order.state), report=report, records=tuple(map(_records, numbers)))

    async def _numbers(self, order_id: str, only: tuple[str, ...]) -> list[HostingOrderNumber]:
        orders = self._sinch.hosting_orders
        if 0 < len(only) <= _SINGLE_READS_AT_MOST:
            return [await orders.get_number(order_id, number) for number in only]
        found = [number async for number in orders.list_numbers(order_id, page_size=_PAGE_SIZE)]
        return [number for number in found if not only or number.phone_number in only]


def _created(order: HostingOrder) -> OrderCreated:
    return OrderCreated(
        hosting_order_id=order.hosting_order_id, state=str(order.state), created_time=order.created_time
    )


def _to_come(moment: datetime | None) -> datetime | None:
    """Sinch takes no time that has passed."""
    return moment if moment and moment > datetime.now(UTC) else None


def _loa_infos(loa: Loa) -> tuple[DirectLoaInfo | None, ResellerLoaInfo | None, BlanketLoaInfo | None]:
    """One of the three; a toll-free order takes the first two alone."""
    if isinstance(loa, BlanketLoa):
        return None, None, BlanketLoaInfo()
    if loa.business_name is None:
        return _direct_loa(loa), None, None
    return None, _reseller_loa(loa), None


def _direct_loa(loa: LoaParty) -> DirectLoaInfo:
    return DirectLoaInfo(
        authorised_person=AuthorizedPerson.model_validate(loa.authorised_person, from_attributes=True),
        address=Address.model_validate(loa.address, from_attributes=True),
        current_voice_carrier=loa.current_voice_carrier,
    )


def _reseller_loa(loa: LoaParty) -> ResellerLoaInfo:
    direct = _direct_loa(loa)
    return ResellerLoaInfo(
        business_name=loa.business_name or "",
        authorised_person=direct.authorised_person,
        address=direct.address,
        current_voice_carrier=direct.current_voice_carrier,
    )


def _records(number: HostingOrderNumber) -> OrderRecords:
    return OrderRecords(
        phone_number=number.phone_number,
        osr=str(number.osr_update.state),
        platform=str(number.platform_provisioning.state),
        campaign=str(number.campaign_provisioning.state),
        carrier_errors=tuple(_carrier_errors(number)),
    )


def _carrier_errors(number: HostingOrderNumber) -> Iterable[CarrierError]:
    carriers = {
        "smsAtt": number.sms_att,
        "smsTmo": number.sms_tmo,
        "mmsAtt": number.mms_att,
        "mmsTmo": number.mms_tmo,
    }
    for record, carrier in carriers.items():
        if carrier.state == State.FAILED or carrier.error_code:
            yield CarrierError(record=record, code=carrier.error_code, message=carrier.error_message)
