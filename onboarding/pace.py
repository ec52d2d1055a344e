"""How long things may take: poll intervals, the wave timer, and the patience of every wait for somebody."""

from datetime import datetime, timedelta

from onboarding.model import Model
from onboarding.spans import Span
from onboarding.stages import WaitingOn


class Patience(Model):
    """Reminders go out every `remind_every`; at `deadline` the wait ends and the numbers settle with a reason."""

    remind_every: Span
    deadline: Span


class Pace(Model):
    """Every duration of a batch. The defaults are for real life; a batch file may override each."""

    poll_first: Span = Span("1m")
    poll_longest: Span = Span("1h")
    poll_growth: float = 1.5
    wave: Span = Span("24h")
    eligibility: Patience = Patience(remind_every=Span("2bd"), deadline=Span("10bd"))
    invoice_review: Patience = Patience(remind_every=Span("3bd"), deadline=Span("10bd"))
    voice_code: Patience = Patience(remind_every=Span("1bd"), deadline=Span("7d"))
    loa_signature: Patience = Patience(remind_every=Span("3bd"), deadline=Span("30d"))
    carrier: Patience = Patience(remind_every=Span("5bd"), deadline=Span("20bd"))
    operator: Patience = Patience(remind_every=Span("1bd"), deadline=Span("5bd"))
    no_news: Span = Span("5bd")
    """Without news for so long, a wait for Sinch or the carriers shows as one for an operator."""
    link_again: Span = Span("24h")
    call_pause: Span = Span("60s")
    calls_at_most: int = 5
    reconcile: Span = Span("24h")


class Polling(Model):
    """The growing interval between two reads: it starts short, grows while nothing is new, falls back on news."""

    interval: float = 0.0
    """Seconds until the next read; 0 = read now."""

    def after_read(self, pace: Pace, *, news: bool) -> "Polling":
        """The interval after a read that did or did not bring news."""
        first, longest = pace.poll_first.fixed.total_seconds(), pace.poll_longest.fixed.total_seconds()
        if news or not self.interval:
            return Polling(interval=first)
        return Polling(interval=min(self.interval * pace.poll_growth, longest))

    @property
    def wait(self) -> timedelta:
        """The interval as a timer length."""
        return timedelta(seconds=self.interval)


class Vigil(Model):
    """One wait for somebody: since when, and how many messages have gone out about it."""

    waiting_on: WaitingOn
    since: datetime
    messages: int = 0
    not_before: datetime | None = None
    """Earliest moment for the next message, after one could not be sent."""

    def message_due(self, patience: Patience) -> datetime:
        """When the next message goes out. A wait that needs a person to act is announced as soon as it begins."""
        moment = self.since
        for _ in range(self.messages + (self.waiting_on not in _ANNOUNCED)):
            moment = patience.remind_every.after(moment)
        return max(moment, self.not_before) if self.not_before else moment

    def deadline(self, patience: Patience) -> datetime:
        """When the wait ends."""
        return patience.deadline.after(self.since)

    def next_due(self, patience: Patience) -> datetime:
        """The next moment at which something has to be done about this wait."""
        return min(self.message_due(patience), self.deadline(patience))

    def told(self) -> "Vigil":
        """The same wait after one more message."""
        return self.model_copy(update={"messages": self.messages + 1, "not_before": None})

    def due_after_message(self, moment: datetime, patience: Patience) -> datetime | None:
        """When the next message goes out, provided that one has gone out since `moment`; else None."""
        before = self.model_copy(update={"messages": self.messages - 1, "not_before": None})
        told = self.messages > 0 and before.message_due(patience) > moment
        return self.message_due(patience) if told else None

    def caught_up(self, patience: Patience, now: datetime) -> "Vigil":
        """The same wait where what was due until now has been said in another message."""
        vigil = self
        while vigil.message_due(patience) <= now:
            vigil = vigil.told()
        return vigil

    def not_told(self, again: datetime) -> "Vigil":
        """The same wait after a message that could not be sent; `again` is when to try once more."""
        return self.model_copy(update={"not_before": again})


_ANNOUNCED = frozenset({WaitingOn.VOICE_CODE, WaitingOn.LOA_SIGNATURE, WaitingOn.OPERATOR})
