"""Hosting orders and the numbers in them, as records and as the resources that show them.

Sinch API: hosting orders, hosting order report, hosting order numbers.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.clock import rfc3339
from simulator.errors import not_found
from simulator.links import Link, State
from simulator.order_bodies import OrderRequest, ResellerLoaInfo, TextEnableNumbers


class OrderState(StrEnum):
    """State of a hosting order."""

    UNSPECIFIED = "HOSTING_ORDER_STATE_UNSPECIFIED"
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    WAITING_FOR_LOA_SIGNATURE = "WAITING_FOR_LOA_SIGNATURE"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"


class OrderType(StrEnum):
    """Type of a hosting order."""

    UNSPECIFIED = "HOSTING_ORDER_TYPE_UNSPECIFIED"
    IMPORT = "IMPORT"
    TEXT_ENABLE = "TYPE_TEXT_ENABLE"


@dataclass(slots=True, kw_only=True, eq=False)
class HostingOrderNumber(Link):
    """One number in an order; ``ended`` is DONE or FAILED once its hosting is over."""

    order: "HostingOrder" = field(repr=False)
    sequence: int
    updated: float
    osr_update: State
    ended: State | None = None

    def wire(self, project_id: str) -> dict[str, Any]:
        """The resource ``HostingOrderNumber``."""
        return {
            "projectId": project_id,
            "hostingOrderId": self.order.hosting_order_id,
            "phoneNumber": self.phone_number,
            "osrUpdate": {"nnid": self.order.nnid, "state": self.osr_update.value},
            "campaignProvisioning": {"campaignId": self.campaign.service_id, "state": self.campaign.state.value},
            "platformProvisioning": {
                "servicePlanId": self.platform.service_id,
                "state": self.platform.state.value,
            },
            "smsAtt": self.sms_att.wire(),
            "smsTmo": self.sms_tmo.wire(),
            "mmsAtt": self.mms_att.wire(),
            "mmsTmo": self.mms_tmo.wire(),
        }


@dataclass(slots=True)
class HostingOrder:
    """An order of any type; ``info_names`` are the names that the resource shows its LOA under.

    Times are virtual seconds since 1970.
    """

    hosting_order_id: str
    request: OrderRequest
    nnid: str
    info_names: tuple[str, ...]
    sequence: int
    created: float
    updated: float
    state: OrderState = OrderState.SUBMITTED
    numbers: dict[str, HostingOrderNumber] = field(default_factory=dict)
    in_order: list[HostingOrderNumber] = field(default_factory=list)
    unfinished: int = 0

    @property
    def type(self) -> OrderType:
        """Whether the order imports its numbers or text-enables them."""
        return OrderType.IMPORT if self.request.is_import else OrderType.TEXT_ENABLE

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to the order."""
        return self.state in {OrderState.COMPLETED, OrderState.REJECTED}

    def number(self, phone_number: str) -> HostingOrderNumber:
        """A number of the order; raises ApiError 404 for any other."""
        number = self.numbers.get(phone_number)
        if number is None:
            raise not_found("number of the hosting order", phone_number)
        return number

    def wire(self, project_id: str) -> dict[str, Any]:
        """The resource ``HostingOrder`` or ``ImportHostingOrder``; what is not set is left out."""
        request = self.request
        info = None if request.is_import else self._text_enable_info()
        resource = {
            "projectId": project_id,
            "hostingOrderId": self.hosting_order_id,
            "displayName": request.display_name,
            "regionCode": request.region_code,
            "state": self.state.value,
            "type": self.type.value,
            "createdTime": rfc3339(self.created),
            "updatedTime": rfc3339(self.updated),
            "scheduledOsrUpdateTime": self._scheduled_osr_update(),
            "servicePlanId": request.service_plan_id,
            "campaignId": request.campaign or None,
            "migrateToSinchTmo": request.migrates_to_sinch_tmo,
            "callbackUrl": request.callback_url,
        } | dict.fromkeys(self.info_names, info)
        return _without_nulls(resource)

    def report(self) -> dict[str, int]:
        """The resource ``HostingOrderReport``."""
        numbers = self.in_order
        return {
            "total": len(numbers),
            "osrUpdated": sum(number.osr_update is State.DONE for number in numbers),
            "smsProvisioned": sum(number.platform.state is State.DONE for number in numbers),
            "addedToCampaign": sum(number.campaign.state is State.DONE for number in numbers),
            "ongoingManualAction": sum(number.manual_action for number in numbers),
        }

    def _scheduled_osr_update(self) -> str | None:
        if not isinstance(self.request, TextEnableNumbers) or self.request.scheduled_osr_update_time is None:
            return None
        return rfc3339(self.request.scheduled_osr_update_time.timestamp())

    def _text_enable_info(self) -> dict[str, Any]:
        loa = self.request.loa
        info = {"serviceProvider": "Sinch America Inc.", "nnid": self.nnid, "loaType": self.request.loa_type}
        if loa is None:
            return info
        return info | {
            "businessName": loa.business_name if isinstance(loa, ResellerLoaInfo) else None,
            "authorisedPerson": loa.authorised_person.model_dump(by_alias=True),
            "address": loa.address.model_dump(by_alias=True),
            "currentVoiceCarrier": loa.current_voice_carrier,
        }


class HostingOrders:
    """All orders of the project, found by id, by what a list asks for, and by the number that sits in them."""

    def __init__(self, project_id: str) -> None:
        self._project_id = project_id
        self._by_id: dict[str, HostingOrder] = {}
        self._by_service: defaultdict[tuple[str, str], list[HostingOrder]] = defaultdict(list)
        self._open_by_number: dict[str, HostingOrder] = {}

    def get(self, hosting_order_id: str) -> HostingOrder:
        """The order; raises ApiError 404 when there is none of this id."""
        order = self._by_id.get(hosting_order_id)
        if order is None:
            raise not_found("hosting order", hosting_order_id)
        return order

    def of_service(self, service_plan_id: str, campaign_id: str) -> list[HostingOrder]:
        """The orders for a service plan and a campaign (an empty string: none), in creation order."""
        return self._by_service.get((service_plan_id, campaign_id), [])

    def open_order_of(self, phone_number: str) -> HostingOrder | None:
        """The order without an end yet that the number sits in."""
        order = self._open_by_number.get(phone_number)
        return None if order is None or order.is_final else order

    def add(self, order: HostingOrder) -> None:
        """Enter a new order with its numbers."""
        self._by_id[order.hosting_order_id] = order
        self._by_service[order.request.service_plan_id, order.request.campaign].append(order)
        for phone_number in order.numbers:
            self._open_by_number[phone_number] = order

    def next_name(self) -> str:
        """What tells the next order from all others, of this project and of others."""
        return f"{self._project_id} hosting order {len(self._by_id) + 1}"

    def __contains__(self, hosting_order_id: str) -> bool:
        return hosting_order_id in self._by_id


def _without_nulls(resource: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_nulls(value) if isinstance(value, dict) else value
        for name, value in resource.items()
        if value is not None
    }
