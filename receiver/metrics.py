"""What the receiver counts, in a registry of its own."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from receiver.outcomes import Outcome


class Metrics:
    """Counters of one application. `waiting` is read whenever the metrics are."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        callbacks = Counter("onboard_callbacks", "Callbacks by how they ended.", ["outcome"], registry=self._registry)
        self._callbacks = {outcome: callbacks.labels(outcome.value) for outcome in Outcome}
        self._events_per_signal = Histogram(
            "onboard_callback_events_per_signal",
            "Events in one signal.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
            registry=self._registry,
        )
        self._seconds_until_taken = Histogram(
            "onboard_callback_seconds_until_taken",
            "Seconds from a genuine callback until Temporal had taken its signal.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10),
            registry=self._registry,
        )
        events_waiting = Gauge(
            "onboard_callback_events_waiting", "Events whose signal has not come back yet.", registry=self._registry
        )
        events_waiting.set_function(waiting)

    def count_callback(self, outcome: Outcome) -> None:
        """One callback was answered."""
        self._callbacks[outcome].inc()

    def count_signal(self, events: int) -> None:
        """One signal with that many events is sent."""
        self._events_per_signal.observe(events)

    def count_taken(self, seconds: float) -> None:
        """Temporal took an event, that long after its callback was found genuine."""
        self._seconds_until_taken.observe(seconds)

    def text(self) -> bytes:
        """All metrics in the Prometheus text format."""
        return generate_latest(self._registry)
