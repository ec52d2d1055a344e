"""What is known about one number inside its hosting order: a record for each of its sub-processes.

Records only move forward (unknown < WAITING < IN_PROGRESS < DONE or FAILED), whatever order the news come in.
Sinch API: per number in an order.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from onboarding import reasons
from onboarding.model import SlottedModel
from onboarding.observations import CarrierError
from onboarding.policies import RecoveryKind, recovery_of
from onboarding.reasons import Reason, reason

_T_MOBILE_MIGRATION = "60135"


class RecordState(IntEnum):
    """State of one sub-process, by rank. A higher rank wins; DONE and FAILED, once there, stay."""

    UNKNOWN = 0
    WAITING = 1
    IN_PROGRESS = 2
    DONE = 3
    FAILED = 4

    @classmethod
    def of(cls, literal: str) -> "RecordState":
        """The state that Sinch's literal names; UNKNOWN for one nobody knows."""
        return cls.__members__.get(literal, cls.UNKNOWN)

    def then(self, news: "RecordState") -> "RecordState":
        """The state after news about it."""
        return self if self >= RecordState.DONE else max(self, news)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records(SlottedModel):
    """The records of one number, and the failure codes that came with them."""

    campaign_expected: bool = True
    osr: RecordState = RecordState.UNKNOWN
    platform: RecordState = RecordState.UNKNOWN
    campaign: RecordState = RecordState.UNKNOWN
    hosting: RecordState = RecordState.UNKNOWN
    osr_failure: str | None = None
    platform_failure: str | None = None
    campaign_failure: str | None = None
    hosting_failure: str | None = None
    carrier_errors: tuple[CarrierError, ...] = ()
    order_ended: str = ""
    """State of the order (`COMPLETED`, `REJECTED`) when the records were read for the last time."""

    @property
    def lost(self) -> bool:
        """True when the number will not be hosted by this order: a step before its campaign failed, or the order did.

        So are numbers that an ended order neither finished nor failed to link.
        """
        before_campaign = RecordState.FAILED in (self.osr, self.platform)
        unfinished = bool(self.order_ended) and not self.done and not self._campaign_failed
        return before_campaign or unfinished or (self.order_ended == "REJECTED" and not self.done)

    @property
    def link_failed(self) -> bool:
        """True when hosting failed at its last step, the campaign, as far as anybody has told."""
        return not self.lost and (self._campaign_failed or self.hosting is RecordState.FAILED)

    @property
    def done(self) -> bool:
        """True when every record that SMS needs is through; a hosting success stands for OSR and platform."""
        hosted = self.hosting is RecordState.DONE or (self.platform is RecordState.DONE and self._through(self.osr))
        return hosted and (not self.campaign_expected or self.campaign is RecordState.DONE)

    @property
    def started(self) -> bool:
        """True once anything at all has moved."""
        return max(self.osr, self.platform, self.campaign, self.hosting) >= RecordState.IN_PROGRESS

    @property
    def _campaign_failed(self) -> bool:
        return self.campaign_expected and self.campaign is RecordState.FAILED

    def _through(self, record: RecordState) -> bool:
        return record is RecordState.DONE or (record is RecordState.UNKNOWN and bool(self.order_ended))

    @property
    def cause_known(self) -> bool:
        """True when Sinch has said why the campaign link failed, and not only that it did."""
        return bool(self.campaign_failure or self.hosting_failure or migration_required(self.carrier_errors))

    @property
    def failed_for_good(self) -> bool:
        """True when one of the failure codes is final, whatever else was told."""
        told = (self.campaign_failure, self.hosting_failure)
        return any(code and recovery_of(code).kind is RecoveryKind.FINAL for code in told)

    def why_failed(self) -> Reason:
        """The most telling of all known causes."""
        migration = migration_required(self.carrier_errors)
        if migration is not None:
            return migration
        said_by_event = self.osr_failure or self.platform_failure or self.campaign_failure or self.hosting_failure
        if said_by_event:
            return reason(said_by_event)
        if self.osr is RecordState.FAILED:
            return reason(reasons.OSR_UPDATE_FAILED)
        if self.platform is RecordState.FAILED:
            return reason(reasons.SMS_PROVISIONING_FAILED)
        if self.campaign is RecordState.FAILED:
            said = "; ".join(f"{e.record} {e.code} {e.message}".strip() for e in self.carrier_errors)
            return reason(reasons.CAMPAIGN_PROVISIONING_FAILED, said)
        if self.order_ended == "REJECTED":
            return reason(reasons.ORDER_REJECTED)
        return reason(reasons.HOSTING_FAILED)


@lru_cache(maxsize=4096)
def one_for_all(records: Records) -> Records:
    """The same object for all numbers whose records are alike: most are, and half a kilobyte each."""
    return records


def migration_required(carrier_errors: tuple[CarrierError, ...]) -> Reason | None:
    """The reason, if T-Mobile answered 60135: the number still belongs to another aggregator there."""
    errors = (e for e in carrier_errors if _T_MOBILE_MIGRATION in e.code or _T_MOBILE_MIGRATION in e.message)
    migration = next(errors, None)
    return reason(reasons.T_MOBILE_MIGRATION_REQUIRED, migration.message) if migration else None
