"""The link of one number to its service plan, its campaign and the carriers, as records.

Sinch API: State, provisioning records of hosting order numbers and of imported numbers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.clock import rfc3339
from simulator.outcomes import Card


class State(StrEnum):
    """State of one record of a number."""

    UNSPECIFIED = "STATE_UNSPECIFIED"
    WAITING = "WAITING"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    FAILED = "FAILED"


class LinkOperation(StrEnum):
    """Whether a record tells of linking or of unlinking."""

    UNSPECIFIED = "OPERATION_UNSPECIFIED"
    PROVISIONING = "PROVISIONING"
    DEPROVISIONING = "DEPROVISIONING"


@dataclass(frozen=True, slots=True)
class CarrierRecord:
    """What one carrier says about one kind of message for a number."""

    state: State
    updated: float
    error_code: str = ""
    error_message: str = ""
    operation: LinkOperation = LinkOperation.PROVISIONING

    def wire(self) -> dict[str, Any]:
        """The carrier's part of the resource ``HostingOrderNumber``."""
        return {
            "state": self.state.value,
            "errorCode": self.error_code,
            "errorMessage": self.error_message,
            "updateTime": rfc3339(self.updated),
        }


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """How far the linking or unlinking of a number and one service (a service plan, a campaign) has come.

    ``linked`` says whether the number is on the service at present. ``attempt`` tells the steps of one linking or
    unlinking from those of an earlier one.
    """

    service_id: str
    state: State
    updated: float
    operation: LinkOperation = LinkOperation.PROVISIONING
    linked: bool = False
    attempt: int = 0
    error_code: str = ""
    error_message: str = ""

    @property
    def is_wanted(self) -> bool:
        """Whether the number is linked, being linked, or failed to be linked, rather than unlinked."""
        return self.operation is LinkOperation.PROVISIONING and self.state is not State.UNSPECIFIED

    @property
    def linked_id(self) -> str:
        """The service that the number is on, or an empty string."""
        return self.service_id if self.linked else ""

    @property
    def wanted_id(self) -> str:
        """The service that the number is to be on, or an empty string."""
        return self.service_id if self.is_wanted else ""


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    """A number on its way onto a service plan and, when one was asked for, a campaign and the carriers."""

    phone_number: str
    card: Card
    platform: ServiceRecord
    campaign: ServiceRecord
    sms_att: CarrierRecord
    sms_tmo: CarrierRecord
    mms_att: CarrierRecord
    mms_tmo: CarrierRecord
    migrates_to_sinch_tmo: bool = False
    manual_action: bool = False

    def set_carriers(self, record: CarrierRecord) -> None:
        """Let every carrier say the same."""
        self.sms_att = self.sms_tmo = self.mms_att = self.mms_tmo = record


def wanted_campaign(campaign_id: str, now: float, attempt: int = 0) -> ServiceRecord:
    """The record of a campaign that waits for its service plan; an empty id is no campaign."""
    return ServiceRecord(campaign_id, State.WAITING if campaign_id else State.UNSPECIFIED, now, attempt=attempt)


def carriers_before(campaign: ServiceRecord) -> CarrierRecord:
    """What the carriers say before a campaign link reaches them."""
    unconcerned = campaign.state is State.UNSPECIFIED
    operation = LinkOperation.UNSPECIFIED if unconcerned else LinkOperation.PROVISIONING
    return CarrierRecord(campaign.state, campaign.updated, operation=operation)
