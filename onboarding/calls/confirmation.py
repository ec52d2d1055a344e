"""The call that compares numbers at Sinch with what was asked (Sinch API: hosting order numbers, imported numbers)."""

from datetime import timedelta

from onboarding.calls.call import BRIEF, Call
from onboarding.confirmation import Wanted
from onboarding.findings import Finding
from onboarding.model import Model
from onboarding.task_queues import SINCH


class ConfirmNumbers(Model):
    """At most 500 E.164 numbers that ended well, all of one hosting order; without an id, they came by no order."""

    hosting_order_id: str | None = None
    phone_numbers: tuple[str, ...]
    wanted: Wanted


class NumberFindings(Model):
    """What differs for one number: at least one finding."""

    phone_number: str
    findings: tuple[Finding, ...]


class NumbersConfirmed(Model):
    """The numbers that are not as asked, in the order of the request. All others are."""

    numbers: tuple[NumberFindings, ...] = ()


CONFIRM_NUMBERS = Call[ConfirmNumbers, NumbersConfirmed](
    "confirmation.confirm_numbers", NumbersConfirmed, SINCH, timedelta(minutes=2), BRIEF
)
