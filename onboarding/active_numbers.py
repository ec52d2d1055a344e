"""Active numbers, which a project rents: what they are linked to, as wanted and as Sinch shows it.

Pure functions tell how a link stands and what Sinch is to be asked for next. Sinch API: Active Number,
`scheduledProvisioning`, `scheduledVoiceProvisioning`.
"""

from datetime import datetime
from enum import StrEnum

from onboarding import reasons
from onboarding.batch import Filled
from onboarding.model import Model
from onboarding.observations import CallbackEvent
from onboarding.reasons import Reason, reason


class ActiveNumberType(StrEnum):
    """What kind of number it is (Sinch API: `type` of available and active numbers)."""

    LOCAL = "LOCAL"
    MOBILE = "MOBILE"
    TOLL_FREE = "TOLL_FREE"


class ActiveService(StrEnum):
    """What an active number is linked to."""

    SERVICE_PLAN = "service plan"
    CAMPAIGN = "campaign"
    VOICE = "voice"


SMS_SERVICES = (ActiveService.SERVICE_PLAN, ActiveService.CAMPAIGN)


class VoiceKind(StrEnum):
    """What answers calls: an app of the Voice API, an Elastic SIP Trunk, or the Fax service."""

    RTC = "RTC"
    EST = "EST"
    FAX = "FAX"


class VoiceLink(Model):
    """What answers the calls of a number; `id` is an app id (RTC), trunk id (EST) or service id (FAX)."""

    kind: VoiceKind = VoiceKind.RTC
    id: Filled

    def __str__(self) -> str:
        """`RTC app-1`."""
        return f"{self.kind} {self.id}"


class ActiveLinks(Model):
    """What numbers are to be linked to; None leaves a link as it is, and rents a number without it."""

    service_plan_id: Filled | None = None
    campaign_id: Filled | None = None
    voice: VoiceLink | None = None

    def link_to(self, service: ActiveService) -> str | VoiceLink | None:
        """What is wanted of one service."""
        return _link_to(self, service)

    @property
    def named(self) -> tuple[ActiveService, ...]:
        """The services that are wanted."""
        return tuple(service for service in ActiveService if self.link_to(service) is not None)

    def __str__(self) -> str:
        """`service plan plan-1, campaign C1, voice RTC app-1`."""
        return ", ".join(f"{service} {self.link_to(service)}" for service in self.named) or "nothing"


class LinkJob(Model):
    """A link that Sinch is at work on, or that has failed with `error_code` (empty where Sinch does not say why)."""

    failed: bool = False
    error_code: str = ""


class ActiveNumberSeen(Model):
    """One active number as it was read; ids are empty where it is linked to nothing.

    `released_until` is set once it is released: until then it stays active.
    """

    phone_number: str
    is_active: bool = True
    service_plan_id: str = ""
    campaign_id: str = ""
    sms_job: LinkJob | None = None
    """One job stands for the service plan and the campaign."""
    voice: VoiceLink | None = None
    voice_job: LinkJob | None = None
    released_until: datetime | None = None

    def link_to(self, service: ActiveService) -> str | VoiceLink | None:
        """What the number is linked to of one service; empty or None: nothing."""
        return _link_to(self, service)


def _link_to(links: ActiveLinks | ActiveNumberSeen, service: ActiveService) -> str | VoiceLink | None:
    match service:
        case ActiveService.SERVICE_PLAN:
            return links.service_plan_id
        case ActiveService.CAMPAIGN:
            return links.campaign_id
    return links.voice


class LinkStanding(StrEnum):
    """How the link of a number to one service compares with what is wanted."""

    LINKED = "LINKED"
    UNDER_WAY = "UNDER_WAY"
    FAILED = "FAILED"
    MISSING = "MISSING"
    DIFFERENT = "DIFFERENT"


def standing(seen: ActiveNumberSeen, wanted: ActiveLinks, service: ActiveService) -> LinkStanding:
    """How one wanted link stands."""
    present, asked = seen.link_to(service), wanted.link_to(service)
    job = seen.voice_job if service is ActiveService.VOICE else seen.sms_job
    if present == asked:
        return LinkStanding.LINKED
    if job is not None:
        return LinkStanding.FAILED if job.failed else LinkStanding.UNDER_WAY
    return LinkStanding.DIFFERENT if present else LinkStanding.MISSING


class LinkFailure(Model):
    """A link that failed; `reason_code` is Sinch's, or ours where Sinch names none."""

    service: ActiveService
    reason_code: str


_FAILED_WITHOUT_CODE = {
    ActiveService.SERVICE_PLAN: reasons.SMS_PROVISIONING_FAILED,
    ActiveService.CAMPAIGN: reasons.CAMPAIGN_PROVISIONING_FAILED,
    ActiveService.VOICE: reasons.VOICE_PROVISIONING_FAILED,
}


def failure_of_link(service: ActiveService, code: str | None) -> LinkFailure:
    """The failure of a link, by Sinch's code if there is one."""
    return LinkFailure(service=service, reason_code=code or _FAILED_WITHOUT_CODE[service])


def seen_failure(seen: ActiveNumberSeen, service: ActiveService) -> LinkFailure:
    """The failure that a read shows."""
    job = seen.voice_job if service is ActiveService.VOICE else seen.sms_job
    return failure_of_link(service, job.error_code if job else None)


_LINKING_EVENTS = {
    "PROVISIONING_TO_SMS_PLATFORM": ActiveService.SERVICE_PLAN,
    "PROVISIONING_TO_CAMPAIGN": ActiveService.CAMPAIGN,
    "PROVISIONING_TO_VOICE_PLATFORM": ActiveService.VOICE,
}
"""Sinch API: callback event types of the Numbers API."""


def service_linked_by(event: CallbackEvent) -> ActiveService | None:
    """The service whose linking the event tells the end of; None for any other event."""
    return _LINKING_EVENTS.get(event.event_type)


def why_not_linked(failure: LinkFailure) -> Reason:
    """The reason of a rented number that a service could not be linked to; it stays rented."""
    known = reason(failure.reason_code)
    how = "The number is active: link it again with onboard active update, or give it back with onboard active release."
    return Reason(code=failure.reason_code, sentence=f"{known.sentence} {how}")


class LinkRequest(StrEnum):
    """What Sinch is to be asked for next."""

    NOTHING = "NOTHING"
    """All links are as wanted."""
    WAIT = "WAIT"
    """Sinch is at work on the number."""
    UNLINK = "UNLINK"
    LINK = "LINK"
    GIVE_UP = "GIVE_UP"
    """A link that was asked for has failed."""


class NextRequest(Model):
    """What to do with a number, and with which of its services."""

    request: LinkRequest
    services: tuple[ActiveService, ...] = ()


def next_request(seen: ActiveNumberSeen, wanted: ActiveLinks, *, asked: bool) -> NextRequest:
    """The next step towards the wanted links; `asked` says that the link was asked for after the last unlink.

    A number on another service plan or campaign is unlinked first, and one that Sinch is at work on waits.
    """
    standings = {service: standing(seen, wanted, service) for service in wanted.named}
    open_ = tuple(service for service, how in standings.items() if how is not LinkStanding.LINKED)
    if not open_:
        return NextRequest(request=LinkRequest.NOTHING)
    if any(standings[service] is LinkStanding.UNDER_WAY for service in open_):
        return NextRequest(request=LinkRequest.WAIT, services=open_)
    failed = tuple(service for service in open_ if standings[service] is LinkStanding.FAILED)
    if asked and failed:
        return NextRequest(request=LinkRequest.GIVE_UP, services=failed)
    elsewhere = tuple(service for service in open_ if service in SMS_SERVICES and seen.link_to(service))
    return NextRequest(request=LinkRequest.UNLINK if elsewhere else LinkRequest.LINK, services=elsewhere or open_)
