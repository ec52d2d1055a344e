"""`HostingOrder`: one order at Sinch, followed to the end of every number in it."""

from datetime import datetime

from pydantic import Field

from onboarding.batch import Batch, BlanketLoa, LoaParty
from onboarding.calls.hosting_orders import Report
from onboarding.findings import Finding
from onboarding.listening import Listening
from onboarding.model import Model, State
from onboarding.pace import Polling, Vigil
from onboarding.progress import NumberProgress
from onboarding.reasons import Reason
from onboarding.stages import Stage, WaitingOn

WORKFLOW = "HostingOrder"
AMEND_LOA_UPDATE = "amend_loa"
SKIP_NUMBERS_SIGNAL = "skip_numbers"
RETRY_NUMBERS_SIGNAL = "retry_numbers"
STILL_THERE_SIGNAL = "still_there"


class OrderState(State):
    """Everything a hosting order workflow has to remember."""

    numbers: dict[str, NumberProgress] = Field(default_factory=dict)
    attempt: int = 1
    loa: LoaParty | BlanketLoa | None = None
    """A corrected LOA party; it counts from the next submission on."""
    submitted_loa: LoaParty | BlanketLoa | None = None
    """The LOA party that the present order was submitted with."""
    hosting_order_id: str | None = None
    order_state: str = ""
    report: Report | None = None
    problem: Reason | None = None
    """Why an operator has to decide how to go on."""
    vigil: Vigil | None = None
    listening: Listening = Field(default_factory=Listening)
    polling: Polling = Polling()
    last_read: datetime | None = None
    read_now: bool = False
    callbacks_received: int = 0
    link_polling: Polling = Polling()
    links_read: datetime | None = None
    read_links_now: bool = False
    link_vigils: dict[str, Vigil] = Field(default_factory=dict)
    """Reason code -> the wait for an operator to deal with numbers that failed for it."""
    to_return: list[str] = Field(default_factory=list)
    """Failed numbers that the group is to order anew."""


class HostingOrderRequest(Model):
    """At most 500 verified numbers to order; `state` is set by continue-as-new alone."""

    batch: Batch
    sequence: int
    wave: int
    phone_numbers: tuple[str, ...]
    report_to: str | None = None
    """Workflow id that gets the `order_settled` signal."""
    events_a_run: int = 4000
    """History length that ends a run."""
    state: OrderState | None = None


class SettledNumber(Model):
    """How one number ended."""

    phone_number: str
    stage: Stage
    reason: Reason | None = None
    settled_at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    """What is not as asked at Sinch although the number is DONE."""


class OrderSettled(Model):
    """Signal to the group: how each number ended."""

    wave: int
    hosting_order_id: str | None
    numbers: tuple[SettledNumber, ...]


class OrderResult(Model):
    """Result: the order at Sinch and its counts (stage -> numbers)."""

    hosting_order_id: str | None
    stages: dict[str, int]


class AmendLoa(Model):
    """A corrected LOA party for the next submission."""

    loa: LoaParty | BlanketLoa
    by: str = ""


class OrderStatus(Model):
    """Where an order stands."""

    wave: int
    attempt: int
    hosting_order_id: str | None
    order_state: str
    waiting_on: WaitingOn
    waiting_since: datetime | None
    silent_since: datetime | None = None
    """When Sinch was heard of last, where that is too long ago."""
    problem: Reason | None
    callbacks_received: int
    numbers: tuple[NumberProgress, ...]
