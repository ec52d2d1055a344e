"""Calls that link imported numbers again and read how they are linked (Sinch API: Imported Numbers)."""

from datetime import datetime, timedelta
from enum import StrEnum

from onboarding.calls.call import BRIEF, Call
from onboarding.model import Model
from onboarding.observations import CampaignLinkSeen
from onboarding.task_queues import SINCH


class LinkAgain(Model):
    """At most 500 E.164 numbers to link to one plan and, where there is one, campaign."""

    phone_numbers: tuple[str, ...]
    service_plan_id: str
    campaign_id: str | None = None


class LinkOutcome(StrEnum):
    """What became of the link of one number."""

    LINKING = "LINKING"
    """Sinch has taken it; how it ends is told by events and by reading the number."""
    LINKED = "LINKED"
    """It was linked as wanted already; nothing was sent."""
    REFUSED = "REFUSED"
    NOT_IMPORTED = "NOT_IMPORTED"


class LinkTried(Model):
    """One number; `newer_than` is Sinch's clock: what is not newer is not about this link."""

    phone_number: str
    outcome: LinkOutcome
    message: str = ""
    newer_than: datetime | None = None


class NumbersLinked(Model):
    """The outcome for every number that was asked for."""

    numbers: tuple[LinkTried, ...]


class ReadLinks(LinkAgain):
    """The same numbers, plan and campaign, only to be looked at."""


class LinksRead(Model):
    """How every number that was asked for is linked, compared with what was wanted."""

    links: tuple[CampaignLinkSeen, ...]


LINK_NUMBERS = Call[LinkAgain, NumbersLinked]("linking.link", NumbersLinked, SINCH, timedelta(minutes=10), BRIEF)
READ_LINKS = Call[ReadLinks, LinksRead]("linking.read", LinksRead, SINCH, timedelta(minutes=5), BRIEF)
