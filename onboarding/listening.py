"""How long nothing has been heard from Sinch: the memory behind a wait that turns into an operator's to look into."""

from datetime import datetime

from onboarding.model import State
from onboarding.pace import Vigil


class Listening(State):
    """What was heard last. Instants are the workflow's clock."""

    heard_at: datetime | None = None
    """The last answer or event, whatever it said."""
    news_at: datetime | None = None
    """The last one that held something new."""
    vigil: Vigil | None = None
    """The wait for an operator, once nothing was heard for long."""

    def begin(self, now: datetime) -> None:
        """Count from now, unless something was heard before."""
        self.heard_at, self.news_at = self.heard_at or now, self.news_at or now

    def heard(self, now: datetime) -> None:
        """Sinch answered or told something."""
        self.heard_at = now

    def news(self, now: datetime) -> None:
        """It was something new."""
        self.heard_at = self.news_at = now
