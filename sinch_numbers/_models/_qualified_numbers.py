"""Qualified numbers: numbers on their way through eligibility and ownership checks.

Sinch API: `QualifiedNumber`, `BatchCreateQualifiedNumbersResponse`.
"""

from enum import StrEnum
from typing import Self

from sinch_numbers._models._base import ApiModel, Open, RegionCode, State, Timestamp


class GlobalProcessState(StrEnum):
    """Where a qualified number stands, in the order of its life.

    Sinch's guides write the literals without `GLOBAL_PROCESS_STATE_`, its schema with it: both are read, and
    the prefixed one is sent.
    """

    UNSPECIFIED = "GLOBAL_PROCESS_STATE_UNSPECIFIED"
    ELIGIBLE_CHECK_PENDING = "GLOBAL_PROCESS_STATE_ELIGIBLE_CHECK_PENDING"
    ELIGIBLE = "GLOBAL_PROCESS_STATE_ELIGIBLE"
    NOT_ELIGIBLE = "GLOBAL_PROCESS_STATE_NOT_ELIGIBLE"
    VERIFICATION_PENDING = "GLOBAL_PROCESS_STATE_VERIFICATION_PENDING"
    VERIFICATION_FAILED = "GLOBAL_PROCESS_STATE_VERIFICATION_FAILED"
    VERIFICATION_BLOCKED = "GLOBAL_PROCESS_STATE_VERIFICATION_BLOCKED"
    VERIFIED = "GLOBAL_PROCESS_STATE_VERIFIED"
    HOSTING_IN_PROGRESS = "GLOBAL_PROCESS_STATE_HOSTING_IN_PROGRESS"
    HOSTING_DONE = "GLOBAL_PROCESS_STATE_HOSTING_DONE"
    HOSTING_FAILED = "GLOBAL_PROCESS_STATE_HOSTING_FAILED"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.__members__.get(str(value))


class HostedNumberStatus(StrEnum):
    """Outcome of hosting one number. The wire has 0, 1 and 2 today; the names are read as well."""

    UNSPECIFIED = "HOSTING_STATUS_UNSPECIFIED"
    HOSTED = "HOSTING_STATUS_HOSTED"
    FAILED = "HOSTING_STATUS_FAILED"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return _HOSTED_NUMBER_STATUS_OF_CODE.get(str(value))


_HOSTED_NUMBER_STATUS_OF_CODE = {str(code): status for code, status in enumerate(HostedNumberStatus)}


class OsrEligibility(ApiModel):
    """Whether the Override Services Registry allows the number to be hosted."""

    status: Open[State] = State.UNSPECIFIED
    error: str = ""


class OwnershipVerification(ApiModel):
    """Whether the customer proved to own the number, by invoices or by voice challenge."""

    status: Open[State] = State.UNSPECIFIED
    error: str = ""


class HostedNumber(ApiModel):
    """Whether the number ended up hosted."""

    status: Open[HostedNumberStatus] = HostedNumberStatus.UNSPECIFIED
    error: str = ""


class QualifiedNumber(ApiModel):
    """One number and its qualification. An empty `error` means that there is none."""

    phone_number: str
    project_id: str | None = None
    region_code: Open[RegionCode] | None = None
    global_process_state: Open[GlobalProcessState] = GlobalProcessState.UNSPECIFIED
    osr_eligibility: OsrEligibility = OsrEligibility()
    ownership_verification: OwnershipVerification = OwnershipVerification()
    hosted_number: HostedNumber = HostedNumber()
    created_time: Timestamp = None
    updated_time: Timestamp = None


class BatchCreateQualifiedNumbersResponse(ApiModel):
    """Answer to adding numbers: every number as it is now."""

    qualified_numbers: tuple[QualifiedNumber, ...] = ()
