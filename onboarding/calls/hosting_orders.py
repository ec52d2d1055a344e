"""Calls about hosting orders (Sinch API: Hosting Orders)."""

from datetime import datetime, timedelta

from onboarding.batch import Loa, NumberType
from onboarding.calls.call import BRIEF, PERSISTENT, Call
from onboarding.model import Model
from onboarding.observations import OrderRecords
from onboarding.task_queues import SINCH


class CreateOrder(Model):
    """A text-enabling order. `display_name` is unique to this request: by it the order is found again."""

    display_name: str
    region: str
    numbers: tuple[str, ...]
    service_plan_id: str
    campaign_id: str | None = None
    nnid: str | None = None
    number_type: NumberType = NumberType.LOCAL
    loa: Loa
    scheduled_osr_update_time: datetime | None = None
    """UTC; once it has passed it is left out, and Sinch begins as soon as may be."""


class OrderCreated(Model):
    """The order as Sinch has it."""

    hosting_order_id: str
    state: str
    created_time: datetime | None = None


class Report(Model):
    """Counters of an order (Sinch API: hosting order report); a missing counter is 0."""

    total: int = 0
    osr_updated: int = 0
    sms_provisioned: int = 0
    added_to_campaign: int = 0
    ongoing_manual_action: int = 0


class ObserveOrder(Model):
    """Read an order: its state and report; its numbers only where the report differs from `known_report`."""

    hosting_order_id: str
    known_report: Report | None = None
    phone_numbers: tuple[str, ...] = ()
    """Only records of these numbers are of interest; empty = all."""


class OrderObserved(Model):
    """State, report and, where they were read, the numbers' records."""

    state: str
    report: Report
    records: tuple[OrderRecords, ...] = ()


CREATE_ORDER = Call[CreateOrder, OrderCreated](
    "hosting_orders.create", OrderCreated, SINCH, timedelta(minutes=2), PERSISTENT
)
OBSERVE_ORDER = Call[ObserveOrder, OrderObserved](
    "hosting_orders.observe", OrderObserved, SINCH, timedelta(minutes=2), BRIEF
)
