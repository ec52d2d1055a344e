"""The active numbers of a project, as records and as the resources that show them. Sinch API: Active Number."""

import itertools
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from simulator.active_number_outcomes import ActiveNumberCard, card_of
from simulator.clock import rfc3339
from simulator.errors import not_found
from simulator.number_inventory import Offer
from simulator.paging import Page, PageRequest


class Step(StrEnum):
    """One step of a provisioning, by the type of the event that tells of its end."""

    UNLINK_CAMPAIGN = "DEPROVISIONING_FROM_CAMPAIGN"
    UNLINK_PLAN = "DEPROVISIONING_FROM_SMS_PLATFORM"
    LINK_PLAN = "PROVISIONING_TO_SMS_PLATFORM"
    LINK_CAMPAIGN = "PROVISIONING_TO_CAMPAIGN"
    UNLINK_VOICE = "DEPROVISIONING_FROM_VOICE_PLATFORM"
    LINK_VOICE = "PROVISIONING_TO_VOICE_PLATFORM"


class JobStatus(StrEnum):
    """How far a provisioning has come; one that succeeded is gone."""

    WAITING = "WAITING"
    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"


class VoiceType(StrEnum):
    """What takes the calls: an app of the Voice API, a SIP trunk, or the fax service."""

    RTC = "RTC"
    EST = "EST"
    FAX = "FAX"


VOICE_ID_FIELDS = {VoiceType.RTC: "appId", VoiceType.EST: "trunkId", VoiceType.FAX: "serviceId"}


@dataclass(frozen=True, slots=True)
class SmsServices:
    """The service plan and the campaign that a number is, or is to be, linked to; an empty id is none."""

    service_plan_id: str = ""
    campaign_id: str = ""

    def wire(self) -> dict[str, str]:
        """Both ids."""
        return {"servicePlanId": self.service_plan_id, "campaignId": self.campaign_id}


@dataclass(frozen=True, slots=True)
class VoiceService:
    """The voice service that a number is, or is to be, linked to; an empty id is none."""

    type: VoiceType = VoiceType.RTC
    service_id: str = ""

    def wire(self) -> dict[str, str]:
        """The type, and the ids of all three types of which at most one is not empty."""
        ids = {name: self.service_id if type_ is self.type else "" for type_, name in VOICE_ID_FIELDS.items()}
        return {"type": self.type.value} | ids


Services = TypeVar("Services", SmsServices, VoiceService)


@dataclass(slots=True, eq=False)
class Job(Generic[Services]):
    """A scheduled provisioning: what the number is to be linked to, and the steps that remain until then."""

    target: Services
    steps: list[Step]
    updated: float
    status: JobStatus = JobStatus.WAITING
    error_codes: list[str] = field(default_factory=list)

    def wire(self) -> dict[str, Any]:
        """What ``scheduledProvisioning`` and ``scheduledVoiceProvisioning`` have in common."""
        return self.target.wire() | {"status": self.status.value, "lastUpdatedTime": rfc3339(self.updated)}


@dataclass(slots=True, kw_only=True, eq=False)
class ActiveNumber:
    """One rented number; an empty ``callback_url`` is none, times are virtual seconds since 1970.

    ``expires`` None is a number that was not released.
    """

    offer: Offer
    card: ActiveNumberCard
    callback_url: str
    sequence: int
    next_charge: float
    display_name: str = ""
    expires: float | None = None
    sms: SmsServices = SmsServices()
    sms_job: Job[SmsServices] | None = None
    voice: VoiceService = VoiceService()
    voice_updated: float | None = None
    voice_job: Job[VoiceService] | None = None

    @property
    def phone_number(self) -> str:
        """The number, in E.164 format."""
        return self.offer.phone_number

    def wire(self, project_id: str) -> dict[str, Any]:
        """The resource ``ActiveNumberResponse``."""
        of_prefix = self.offer.range
        return {
            "phoneNumber": self.phone_number,
            "projectId": project_id,
            "displayName": self.display_name,
            "regionCode": of_prefix.region_code,
            "type": of_prefix.type.value,
            "capability": [capability.value for capability in of_prefix.capabilities],
            "money": of_prefix.monthly_price.wire(),
            "paymentIntervalMonths": 1,
            "nextChargeDate": rfc3339(self.next_charge),
            "expireAt": None if self.expires is None else rfc3339(self.expires),
            "smsConfiguration": self._sms_configuration(),
            "voiceConfiguration": self._voice_configuration(),
            "callbackUrl": self.callback_url,
        }

    def _sms_configuration(self) -> dict[str, Any]:
        configuration: dict[str, Any] = dict(self.sms.wire())
        if self.sms_job is not None:
            configuration["scheduledProvisioning"] = self.sms_job.wire() | {"errorCodes": self.sms_job.error_codes}
        return configuration

    def _voice_configuration(self) -> dict[str, Any]:
        updated = None if self.voice_updated is None else rfc3339(self.voice_updated)
        configuration: dict[str, Any] = self.voice.wire() | {"lastUpdatedTime": updated}
        if self.voice_job is not None:
            configuration["scheduledVoiceProvisioning"] = self.voice_job.wire()
        return configuration


class ActiveNumbers:
    """The list itself."""

    def __init__(self) -> None:
        self._in_order: list[ActiveNumber] = []
        self._by_phone_number: dict[str, ActiveNumber] = {}
        self._sequence = itertools.count()

    def get(self, phone_number: str) -> ActiveNumber:
        """The number; raises ApiError 404 when the project has not rented it."""
        number = self._by_phone_number.get(phone_number)
        if number is None:
            raise not_found("active number", phone_number)
        return number

    def has(self, number: ActiveNumber) -> bool:
        """Whether the number is still rented."""
        return self._by_phone_number.get(number.phone_number) is number

    def new(self, offer: Offer, callback_url: str, next_charge: float) -> ActiveNumber:
        """A number that is linked to nothing and not on the list yet."""
        return ActiveNumber(
            offer=offer,
            card=card_of(offer.phone_number),
            callback_url=callback_url,
            sequence=next(self._sequence),
            next_charge=next_charge,
        )

    def enter(self, number: ActiveNumber) -> None:
        """Put a new number on the list."""
        self._in_order.append(number)
        self._by_phone_number[number.phone_number] = number

    def remove(self, number: ActiveNumber) -> None:
        """Take a number off the list."""
        del self._in_order[bisect_left(self._in_order, number.sequence, key=lambda other: other.sequence)]
        del self._by_phone_number[number.phone_number]

    def page(self, request: PageRequest, matches: Callable[[ActiveNumber], bool]) -> Page[ActiveNumber]:
        """One page of the numbers that match."""
        return request.cut(self._in_order, matches)
