"""Imported numbers: numbers of other carriers that send SMS through Sinch.

Sinch API: `ImportedNumber`, `ImportedNumberResponse`, `CreateImportedNumberRequest`, `SmsConfiguration`.
"""

from enum import StrEnum

from pydantic import ConfigDict

from sinch_numbers._models._base import ApiModel, Open, RegionCode, State, Timestamp
from sinch_numbers._models._hosting_orders import CarrierState


class ImportedNumbersSearchPattern(StrEnum):
    """Where in a number a pattern must be found (the Numbers API has other literals)."""

    START = "START"
    CONTAIN = "CONTAIN"
    END = "END"


class NumberPattern(ApiModel):
    """Digits to look for in numbers. With `START` they begin with a plus: `+1206`."""

    model_config = ConfigDict(extra="forbid")

    pattern: str
    search_pattern: ImportedNumbersSearchPattern | None = None


class ServiceType(StrEnum):
    """What a number is linked to: a service plan (`SMS`) or a campaign."""

    SMS = "SMS"
    CAMPAIGN = "CAMPAIGN"


class ProvisioningType(StrEnum):
    """Whether a number is being linked or unlinked."""

    PROVISIONING = "PROVISIONING"
    DEPROVISIONING = "DEPROVISIONING"


class CarrierOperation(StrEnum):
    """What a carrier is doing with a number."""

    UNSPECIFIED = "OPERATION_UNSPECIFIED"
    PROVISIONING = "PROVISIONING"
    DEPROVISIONING = "DEPROVISIONING"


class ScheduledProvisioning(ApiModel):
    """The link that Sinch is working on.

    Sinch documents `status` and `error_codes` as integers without naming their values, and sends words in its
    Numbers API: either is kept as it came.
    """

    service_plan_id: str = ""
    campaign_id: str = ""
    status: int | str | None = None
    last_updated_time: Timestamp = None
    error_codes: tuple[int | str, ...] = ()


class SmsConfiguration(ApiModel):
    """What the number is linked to. An empty id means that there is no link."""

    service_plan_id: str = ""
    campaign_id: str = ""
    migrate_to_sinch_tmo: bool | None = None
    scheduled_provisioning: ScheduledProvisioning | None = None


class ImportedNumber(ApiModel):
    """One imported number as Sinch answers when it is imported or updated."""

    phone_number: str
    project_id: str | None = None
    region_code: Open[RegionCode] | None = None
    display_name: str | None = None
    sms_configuration: SmsConfiguration = SmsConfiguration()
    callback_url: str | None = None


class MnoState(CarrierState):
    """Provisioning at one carrier, and which way it goes."""

    operation: Open[CarrierOperation] = CarrierOperation.UNSPECIFIED


class MnoConfiguration(ApiModel):
    """SMS and MMS at AT&T and at T-Mobile."""

    sms_att: MnoState = MnoState()
    sms_tmo: MnoState = MnoState()
    mms_att: MnoState = MnoState()
    mms_tmo: MnoState = MnoState()


class ServiceProvisioning(ApiModel):
    """The last link or unlink of a number. An empty `error_code` means that there is no error.

    `service_id` is the id of the service plan or of the campaign, as `service_type` says. A `type` of None: the
    number was never linked.
    """

    service_type: Open[ServiceType] | None = None
    service_id: str = ""
    type: Open[ProvisioningType] | None = None
    state: Open[State] = State.UNSPECIFIED
    update_time: Timestamp = None
    error_message: str = ""
    error_code: str = ""


class ImportedNumberResponse(ImportedNumber):
    """One imported number as Sinch answers when it is read: with the progress at the platform and at carriers."""

    mno_configuration: MnoConfiguration = MnoConfiguration()
    sms_provisioning: ServiceProvisioning = ServiceProvisioning()
    campaign_provisioning: ServiceProvisioning = ServiceProvisioning()


class SmsConfigurationToSend(ApiModel):
    """What to link a number to; local US numbers need a campaign to send SMS to US recipients.

    `migrate_to_sinch_tmo` belongs into a hosting order, see `ClientSettings.send_migrate_to_sinch_tmo`.
    """

    model_config = ConfigDict(extra="forbid")

    service_plan_id: str
    campaign_id: str | None = None
    migrate_to_sinch_tmo: bool | None = None


class CreateImportedNumberRequest(ApiModel):
    """One number (E.164) to be imported. One with its own NNID must have that provisioned at the carriers first."""

    model_config = ConfigDict(extra="forbid")

    phone_number: str
    region_code: RegionCode
    sms_configuration: SmsConfigurationToSend
    display_name: str | None = None
    callback_url: str | None = None
