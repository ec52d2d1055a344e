"""Hosting orders, their progress report and their numbers.

Sinch API: `HostingOrder`, `HostingOrderReport`, `HostingOrderNumber`.
"""

from enum import StrEnum
from typing import Self

from pydantic import AliasChoices, Field

from sinch_numbers._models._base import ApiModel, Open, RegionCode, State, Timestamp
from sinch_numbers._models._letters_of_authorization import Address, AuthorizedPerson


class HostingOrderState(StrEnum):
    """Where a hosting order stands, in the order of its life. `COMPLETED` and `REJECTED` are final.

    `COMPLETED` does not promise that every number succeeded: read the numbers.
    """

    UNSPECIFIED = "HOSTING_ORDER_STATE_UNSPECIFIED"
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    WAITING_FOR_LOA_SIGNATURE = "WAITING_FOR_LOA_SIGNATURE"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"


class HostingOrderType(StrEnum):
    """What a hosting order does with its numbers."""

    UNSPECIFIED = "HOSTING_ORDER_TYPE_UNSPECIFIED"
    IMPORT = "IMPORT"
    TEXT_ENABLE = "TYPE_TEXT_ENABLE"


class LoaType(StrEnum):
    """Kind of Letter of Authorization (LOA). Schema and samples disagree on the case, so any case is read."""

    DIRECT = "DIRECT"
    RESELLER = "RESELLER"
    BLANKET = "BLANKET"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return next((member for member in cls if member == str(value).upper()), None)


class TextEnableInfo(ApiModel):
    """What the order says about the owner of its numbers and about the LOA."""

    business_name: str | None = None
    authorised_person: AuthorizedPerson | None = None
    address: Address | None = None
    service_provider: str | None = None
    current_voice_carrier: str | None = None
    nnid: str | None = None
    loa_type: Open[LoaType] | None = None


class HostingOrder(ApiModel):
    """One hosting order. It does not list its numbers: ask for them."""

    hosting_order_id: str
    project_id: str | None = None
    display_name: str | None = None
    region_code: Open[RegionCode] | None = None
    state: Open[HostingOrderState] = HostingOrderState.UNSPECIFIED
    type: Open[HostingOrderType] = HostingOrderType.UNSPECIFIED
    created_time: Timestamp = None
    updated_time: Timestamp = None
    scheduled_osr_update_time: Timestamp = None
    service_plan_id: str | None = None
    campaign_id: str | None = None
    migrate_to_sinch_tmo: bool | None = None
    text_enable_info: TextEnableInfo | None = Field(
        default=None, validation_alias=AliasChoices("textEnableInfo", "hostingOrderInfo")
    )
    callback_url: str | None = None


class HostingOrderReport(ApiModel):
    """How many numbers of an order have passed each step. A counter that Sinch leaves out is 0."""

    total: int = 0
    osr_updated: int = 0
    sms_provisioned: int = 0
    added_to_campaign: int = 0
    ongoing_manual_action: int = 0


class OsrUpdate(ApiModel):
    """Writing the NNID of the number into the Override Services Registry (OSR)."""

    nnid: str | None = None
    state: Open[State] = State.UNSPECIFIED


class CampaignProvisioning(ApiModel):
    """Linking the number to its 10DLC campaign."""

    campaign_id: str | None = None
    state: Open[State] = State.UNSPECIFIED


class PlatformProvisioning(ApiModel):
    """Linking the number to its service plan on the Sinch SMS platform."""

    service_plan_id: str | None = None
    state: Open[State] = State.UNSPECIFIED


class CarrierState(ApiModel):
    """Provisioning at one carrier. An empty `error_code` means that there is no error."""

    state: Open[State] = State.UNSPECIFIED
    error_code: str = ""
    error_message: str = ""
    update_time: Timestamp = None


class HostingOrderNumber(ApiModel):
    """One number of an order: three sub-processes, then SMS and MMS at AT&T and at T-Mobile."""

    phone_number: str
    hosting_order_id: str | None = None
    project_id: str | None = None
    osr_update: OsrUpdate = OsrUpdate()
    campaign_provisioning: CampaignProvisioning = CampaignProvisioning()
    platform_provisioning: PlatformProvisioning = PlatformProvisioning()
    sms_att: CarrierState = CarrierState()
    sms_tmo: CarrierState = CarrierState()
    mms_att: CarrierState = CarrierState()
    mms_tmo: CarrierState = CarrierState()
