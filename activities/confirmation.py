"""Comparing the numbers of an order at Sinch with what was asked, in few requests; it changes nothing there.

Sinch API: Hosting Orders (numbers of an order), Imported Numbers.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Collection, Mapping
from typing import TypeVar

from temporalio import activity

from activities.failures import sinch_failures
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
    InvalidArgument,
    MnoConfiguration,
    MnoState,
    NotFound,
    ServiceProvisioning,
    SinchNumbers,
)

Found = TypeVar("Found")

_PAGE_SIZE = 1000
_SINGLE_READS_AT_MOST = 5
_READS_AT_ONCE = 8


class Confirmation:
    """Numbers of one Sinch project."""

    def __init__(self, sinch: SinchNumbers) -> None:
        """The client is that of the project."""
        self._sinch = sinch

    @activity.defn(name=CONFIRM_NUMBERS.name)
    async def confirm(self, request: ConfirmNumbers) -> NumbersConfirmed:
        """Compare the numbers of one order, or of none, with what was asked."""
        with sinch_failures():
            orders = {request.hosting_order_id: request.phone_numbers}
            return NumbersConfirmed(numbers=await confirm_numbers(self._sinch, orders, request.wanted))


async def confirm_numbers(
    sinch: SinchNumbers, orders: Mapping[str | None, tuple[str, ...]], wanted: Wanted
) -> tuple[NumberFindings, ...]:
    """The numbers that are not as asked. `orders`: hosting order id (None: no order) -> E.164 numbers of it.

    The imported numbers of all orders are read in one go. Raises SinchError.
    """
    everyone = [number for numbers in orders.values() for number in numbers]
    imported = await _imported_numbers(sinch, everyone, wanted)
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


async def _imported_numbers(
    sinch: SinchNumbers, numbers: Collection[str], wanted: Wanted
) -> dict[str, ImportedNumberRecords]:
    """By list while that is cheaper; number by number where the list, which is of one plan and campaign, has none."""
    missing = set(numbers)
    read = {}
    if len(missing) > _SINGLE_READS_AT_MOST:
        read = await _listed(sinch, missing, wanted)
        missing -= read.keys()
    limit = asyncio.Semaphore(_READS_AT_ONCE)

    async def read_one(number: str) -> ImportedNumberResponse | None:
        async with limit:
            return await _unless_missing(sinch.imported_numbers.get(number))

    singly = await asyncio.gather(*map(read_one, sorted(missing)))
    read |= {number.phone_number: number for number in singly if number is not None}
    return {phone_number: _imported_record(number) for phone_number, number in read.items()}


async def _listed(sinch: SinchNumbers, numbers: Collection[str], wanted: Wanted) -> dict[str, ImportedNumberResponse]:
    """Those of the numbers that the list has, page by page until it is cheaper to read the rest one by one.

    Sinch documents the campaign filter as mandatory without saying what it is for numbers that have none: where the
    list is refused, it is done without.
    """
    found: dict[str, ImportedNumberResponse] = {}
    pages, token = 0, None
    while pages < len(numbers) - len(found):
        try:
            page = await sinch.imported_numbers.list_page(
                service_plan_id=wanted.service_plan_id,
                campaign_id=wanted.campaign_id or "",
                page_size=_PAGE_SIZE,
                page_token=token,
            )
        except InvalidArgument:
            break
        pages, token = pages + 1, page.next_page_token
        found |= {number.phone_number: number for number in page.items if number.phone_number in numbers}
        if token is None:
            break
    return found


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
