"""Comparing the numbers of an order at Sinch with what was asked, in few requests; it changes nothing there.

Sinch API: Hosting Orders (numbers of an order), Imported Numbers.
"""

from collections.abc import AsyncIterator, Awaitable, Collection, Mapping
from typing import TypeVar

from temporalio import activity

from activities.failures import sinch_failures
from activities.imported_reader import ImportedNumberReader
from onboarding.calls.confirmation import CONFIRM_NUMBERS, ConfirmNumbers, NumberFindings, NumbersConfirmed
from onboarding.confirmation import (
    CarrierRecord,
    ImportedNumberRecords,
    LinkRecord,
    OrderNumberRecords,
    Wanted,
    findings,
)
from sinch_numbers import (
    CarrierState,
    HostingOrderNumber,
    ImportedNumberResponse,
    MnoConfiguration,
    MnoState,
    NotFound,
    ServiceProvisioning,
    SinchNumbers,
)

Found = TypeVar("Found")

_PAGE_SIZE = 1000
_SINGLE_READS_AT_MOST = 5


class Confirmation:
    """Numbers of one Sinch project."""

    def __init__(self, sinch: SinchNumbers) -> None:
        """The client is that of the project."""
        self._sinch = sinch
        self._reader = ImportedNumberReader(sinch)

    @activity.defn(name=CONFIRM_NUMBERS.name)
    async def confirm(self, request: ConfirmNumbers) -> NumbersConfirmed:
        """Compare the numbers of one order, or of none, with what was asked."""
        with sinch_failures():
            orders = {request.hosting_order_id: request.phone_numbers}
            return NumbersConfirmed(numbers=await confirm_numbers(self._sinch, self._reader, orders, request.wanted))


async def confirm_numbers(
    sinch: SinchNumbers, reader: ImportedNumberReader, orders: Mapping[str | None, tuple[str, ...]], wanted: Wanted
) -> tuple[NumberFindings, ...]:
    """The numbers that are not as asked. `orders`: hosting order id (None: no order) -> E.164 numbers of it.

    The imported numbers of all orders are read in one go. Raises SinchError.
    """
    everyone = [number for numbers in orders.values() for number in numbers]
    read = await reader.read(everyone, wanted.service_plan_id, wanted.campaign_id or "")
    imported = {phone_number: _imported_record(number) for phone_number, number in read.items()}
    found: list[NumberFindings] = []
    for order_id, numbers in orders.items():
        in_order = await _order_numbers(sinch, order_id, numbers) if order_id else {}
        for number in numbers:
            differences = findings(wanted, in_order.get(number), imported.get(number), hosting_order_id=order_id)
            if differences:
                found.append(NumberFindings(phone_number=number, findings=differences))
    return tuple(found)


async def _order_numbers(sinch: SinchNumbers, order_id: str, numbers: Collection[str]) -> dict[str, OrderNumberRecords]:
    """Those of the numbers that the order has; none where Sinch does not know the order."""
    if len(numbers) <= _SINGLE_READS_AT_MOST:
        singly = [await _unless_missing(sinch.hosting_orders.get_number(order_id, number)) for number in numbers]
        read = [number for number in singly if number is not None]
    else:
        listed = sinch.hosting_orders.list_numbers(order_id, page_size=_PAGE_SIZE)
        read = await _unless_missing(_all(listed)) or []
    return {number.phone_number: _order_record(number) for number in read}


async def _all(numbers: AsyncIterator[HostingOrderNumber]) -> list[HostingOrderNumber]:
    return [number async for number in numbers]


async def _unless_missing(reading: Awaitable[Found]) -> Found | None:
    try:
        return await reading
    except NotFound:
        return None


def _order_record(number: HostingOrderNumber) -> OrderNumberRecords:
    return OrderNumberRecords(
        osr_state=str(number.osr_update.state),
        nnid=number.osr_update.nnid or None,
        carriers=_carriers(number),
    )


def _imported_record(number: ImportedNumberResponse) -> ImportedNumberRecords:
    linked = number.sms_configuration
    return ImportedNumberRecords(
        service_plan=_link(linked.service_plan_id, number.sms_provisioning),
        campaign=_link(linked.campaign_id, number.campaign_provisioning),
        display_name=number.display_name,
        carriers=_carriers(number.mno_configuration),
    )


def _link(service_id: str, provisioning: ServiceProvisioning) -> LinkRecord:
    return LinkRecord(
        id=service_id,
        operation=str(provisioning.type) if provisioning.type else None,
        state=str(provisioning.state),
        error_code=provisioning.error_code,
        error_message=provisioning.error_message,
    )


def _carriers(number: HostingOrderNumber | MnoConfiguration) -> tuple[CarrierRecord, ...]:
    records: dict[str, CarrierState] = {
        "smsAtt": number.sms_att,
        "smsTmo": number.sms_tmo,
        "mmsAtt": number.mms_att,
        "mmsTmo": number.mms_tmo,
    }
    return tuple(
        CarrierRecord(
            record=name,
            state=str(carrier.state),
            error_code=carrier.error_code,
            error_message=carrier.error_message,
            operation=str(carrier.operation) if isinstance(carrier, MnoState) else None,
        )
        for name, carrier in records.items()
    )
