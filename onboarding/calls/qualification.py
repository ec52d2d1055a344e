"""Calls about qualified numbers (Sinch API: Qualified Numbers)."""

from datetime import timedelta

from pydantic import Field

from onboarding.calls.call import BRIEF, PERSISTENT, Call
from onboarding.model import Model
from onboarding.observations import HostingFailureSeen
from onboarding.task_queues import SINCH


class AddNumbers(Model):
    """At most 500 E.164 numbers to put up for qualification."""

    phone_numbers: tuple[str, ...]


class RefusedNumber(Model):
    """A number Sinch did not take, with its words."""

    phone_number: str
    message: str


class ReadReviews(Model):
    """Numbers whose review is of interest; a shared listing counts when it is younger than `younger_than` seconds."""

    phone_numbers: tuple[str, ...]
    younger_than: float = 0.0


class Reviews(Model):
    """Review state -> numbers in it. A number Sinch does not know is in no state. `errors`: number -> Sinch's words."""

    states: dict[str, tuple[str, ...]]
    errors: dict[str, str] = Field(default_factory=dict)


class FindHostingFailures(Model):
    """Which of these numbers could not be hosted?"""

    phone_numbers: tuple[str, ...]


class HostingFailures(Model):
    """Those of the numbers whose hosting failed, in their last hosting order or an earlier one."""

    failures: tuple[HostingFailureSeen, ...] = ()


class NumbersAdded(Model):
    """All numbers but the refused ones are qualified numbers now, new or from before; `reviews` is how they stand."""

    refused: tuple[RefusedNumber, ...] = ()
    reviews: Reviews = Reviews(states={})


ADD_NUMBERS = Call[AddNumbers, NumbersAdded](
    "qualification.add_numbers", NumbersAdded, SINCH, timedelta(minutes=2), PERSISTENT
)
READ_REVIEWS = Call[ReadReviews, Reviews]("qualification.read_reviews", Reviews, SINCH, timedelta(minutes=2), BRIEF)
FIND_HOSTING_FAILURES = Call[FindHostingFailures, HostingFailures](
    "qualification.find_hosting_failures", HostingFailures, SINCH, timedelta(minutes=2), BRIEF
)
