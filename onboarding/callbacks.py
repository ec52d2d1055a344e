"""The signal by which the callback receiver hands Sinch's events to a workflow."""

from onboarding.model import Model
from onboarding.observations import CallbackEvent

CALLBACK_SIGNAL = "callback_events"
"""Signal name; every workflow whose token stands in a `callbackUrl` takes it."""

EVENTS_A_SIGNAL = 500
"""Most events one signal carries: a kind of event for each number of a hosting order."""


class CallbackEvents(Model):
    """One signal: the events of up to a second, in the order they came."""

    events: tuple[CallbackEvent, ...]
