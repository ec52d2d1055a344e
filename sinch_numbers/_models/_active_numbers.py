"""Active numbers: numbers rented from Sinch, what they are linked to and the links that Sinch is working on.

Sinch API: `ActiveNumberResponse`, `scheduledProvisioning`, `scheduledVoiceProvisioning` of the Numbers API.
"""

from enum import StrEnum

from sinch_numbers._models._available_numbers import Money, NumberCapability, NumberType
from sinch_numbers._models._base import ApiModel, Open, Timestamp
from sinch_numbers._models._failure_codes import FailureCode


class ActiveNumbersOrderBy(StrEnum):
    """Sort key of the list of active numbers."""

    PHONE_NUMBER = "phoneNumber"
    DISPLAY_NAME = "displayName"


class ProvisioningStatus(StrEnum):
    """How far Sinch has come with a link. There is no word for success: the scheduled provisioning disappears."""

    UNSPECIFIED = "PROVISIONING_STATUS_UNSPECIFIED"
    WAITING = "WAITING"
    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"


class VoiceApplication(StrEnum):
    """What answers calls: an app of the Voice API, an Elastic SIP Trunk, or the Fax service."""

    RTC = "RTC"
    EST = "EST"
    FAX = "FAX"


class ScheduledSmsProvisioning(ApiModel):
    """The link to a service plan, a campaign or both that Sinch is working on, or that failed.

    When both change, one status stands for both: `FAILED` when either failed, though the other may have worked.
    """

    service_plan_id: str = ""
    campaign_id: str = ""
    status: Open[ProvisioningStatus] = ProvisioningStatus.UNSPECIFIED
    last_updated_time: Timestamp = None
    error_codes: tuple[Open[FailureCode], ...] = ()


class ActiveNumberSmsConfiguration(ApiModel):
    """What the number is linked to for SMS; an empty id: to nothing. While `scheduled_provisioning` is there, the
    new ids stand in it, and here those of before."""

    service_plan_id: str = ""
    campaign_id: str = ""
    scheduled_provisioning: ScheduledSmsProvisioning | None = None


class VoiceTarget(ApiModel):
    """One voice application: the id that belongs to its `type` is set, the others are empty."""

    type: Open[VoiceApplication] = VoiceApplication.RTC
    app_id: str = ""
    trunk_id: str = ""
    service_id: str = ""
    last_updated_time: Timestamp = None


class ScheduledVoiceProvisioning(VoiceTarget):
    """The link to a voice application that Sinch is working on, or that failed; Sinch does not say why."""

    status: Open[ProvisioningStatus] = ProvisioningStatus.UNSPECIFIED


class ActiveNumberVoiceConfiguration(VoiceTarget):
    """What the number is linked to for voice; the new link stands in `scheduled_voice_provisioning` until then."""

    scheduled_voice_provisioning: ScheduledVoiceProvisioning | None = None


class ActiveNumber(ApiModel):
    """One rented number. `money` is charged every `payment_interval_months`; `expire_at` is None until it is
    released."""

    phone_number: str
    project_id: str | None = None
    display_name: str = ""
    region_code: str | None = None
    type: Open[NumberType] = NumberType.UNSPECIFIED
    capability: tuple[Open[NumberCapability], ...] = ()
    money: Money = Money()
    payment_interval_months: int | None = None
    next_charge_date: Timestamp = None
    expire_at: Timestamp = None
    sms_configuration: ActiveNumberSmsConfiguration = ActiveNumberSmsConfiguration()
    voice_configuration: ActiveNumberVoiceConfiguration = ActiveNumberVoiceConfiguration()
    callback_url: str = ""
