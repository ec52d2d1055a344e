"""The request bodies that order the hosting of numbers: text-enabling, toll-free, and imports.

Sinch API: textEnableNumbers, textEnableTollFreeNumbers, importNumbers, LOA objects.
"""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from simulator.bodies import Body, CallbackUrl, PhoneNumber, PhoneNumbers, ServicePlanId, Text, Time, all_different
from simulator.phone_numbers import RegionCode, is_toll_free
from simulator.settings import DAY

LoaType = Literal["DIRECT", "RESELLER", "BLANKET"]


def _toll_free(phone_number: str) -> str:
    if not is_toll_free(phone_number):
        raise ValueError(f"'{phone_number}' is not a toll-free number")
    return phone_number


class AuthorisedPerson(Body):
    """Who signs the LOA."""

    first_name: Text
    last_name: Text
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]


class Address(Body):
    """Where the owner of the numbers is registered."""

    building_number: Text
    street: Text
    city: Text
    state: Text
    postal_code: Text
    country: Text


class DirectLoaInfo(Body):
    """LOA of Sinch's own customer."""

    authorised_person: AuthorisedPerson
    address: Address
    current_voice_carrier: Text


class ResellerLoaInfo(DirectLoaInfo):
    """LOA of a customer of Sinch's customer."""

    business_name: Text


class BlanketLoaInfo(Body):
    """A standing LOA; sent as an empty object."""


class TollFreeDirectLoaInfo(DirectLoaInfo):
    """Direct LOA of toll-free numbers; Sinch's sample has the time of the Zipwhip step in here."""

    scheduled_zipwhip_provisioning_time: Time | None = None


class TollFreeResellerLoaInfo(ResellerLoaInfo):
    """Reseller LOA of toll-free numbers, with the time where the direct one has it."""

    scheduled_zipwhip_provisioning_time: Time | None = None


class OrderRequest(Body):
    """What every order asks for, and what the kinds of orders differ in."""

    is_import: ClassVar[bool] = False

    region_code: RegionCode
    numbers: PhoneNumbers
    service_plan_id: ServicePlanId
    project_id: str | None = None
    display_name: str | None = None
    callback_url: CallbackUrl | None = None

    @property
    def campaign(self) -> str:
        """The campaign id, or an empty string for none."""
        return ""

    @property
    def loa(self) -> DirectLoaInfo | ResellerLoaInfo | None:
        """The LOA that needs a signature, or None when there is nothing to sign."""
        return None

    @property
    def loa_type(self) -> LoaType:
        """Which kind of LOA stands behind the order."""
        if self.loa is None:
            return "BLANKET"
        return "RESELLER" if isinstance(self.loa, ResellerLoaInfo) else "DIRECT"

    @property
    def migrates_to_sinch_tmo(self) -> bool:
        """Whether numbers of another aggregator are to be migrated at T-Mobile."""
        return False

    def nnid_or(self, default: str) -> str:
        """The NNID that the OSR update writes, an empty string when there is no OSR update."""
        return default

    def starts_at(self, free_to_start: float) -> float:
        """When the first step of the numbers begins, for an order that is free to start at that moment."""
        return free_to_start


class CampaignOrderRequest(OrderRequest):
    """An order that can link its numbers to a campaign."""

    campaign_id: str | None = None

    @property
    def campaign(self) -> str:
        """The campaign id, or an empty string for none."""
        return self.campaign_id or ""


class TextEnableNumbers(CampaignOrderRequest):
    """Body of ``hostingOrders:textEnableNumbers`` and of ``qualifiedNumbers:textEnableNumbers``."""

    nnid: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = None
    direct_loa_info: DirectLoaInfo | None = None
    reseller_loa_info: ResellerLoaInfo | None = None
    blanket_loa_info: BlanketLoaInfo | None = None
    scheduled_osr_update_time: Time | None = None

    @property
    def loa(self) -> DirectLoaInfo | ResellerLoaInfo | None:
        """The LOA that needs a signature, or None for the blanket one."""
        return self.direct_loa_info or self.reseller_loa_info

    def nnid_or(self, default: str) -> str:
        """The NNID asked for, or the default one."""
        return self.nnid or default

    def starts_at(self, free_to_start: float) -> float:
        """The scheduled time of the OSR update, or at once when there is none or it has passed."""
        if self.scheduled_osr_update_time is None:
            return free_to_start
        return max(free_to_start, self.scheduled_osr_update_time.timestamp())

    @model_validator(mode="after")
    def _one_loa(self) -> "TextEnableNumbers":
        given = [self.direct_loa_info, self.reseller_loa_info, self.blanket_loa_info]
        if sum(loa is not None for loa in given) != 1:
            raise ValueError("give exactly one of directLoaInfo, resellerLoaInfo and blanketLoaInfo")
        return self


class TextEnableTollFreeNumbers(OrderRequest):
    """Body of ``textEnableTollFreeNumbers`` of hosting orders and of qualified numbers; no campaign, no blanket LOA."""

    numbers: Annotated[
        list[Annotated[PhoneNumber, AfterValidator(_toll_free)]], Field(min_length=1), AfterValidator(all_different)
    ]
    direct_loa_info: TollFreeDirectLoaInfo | None = None
    reseller_loa_info: TollFreeResellerLoaInfo | None = None
    scheduled_zipwhip_provisioning_time: Time | None = None

    @property
    def loa(self) -> TollFreeDirectLoaInfo | TollFreeResellerLoaInfo | None:
        """The LOA to sign."""
        return self.direct_loa_info or self.reseller_loa_info

    def starts_at(self, free_to_start: float) -> float:
        """The scheduled time of the Zipwhip step, or the same time of the first later day that is not over yet."""
        inside = None if self.loa is None else self.loa.scheduled_zipwhip_provisioning_time
        scheduled = self.scheduled_zipwhip_provisioning_time or inside
        if scheduled is None:
            return free_to_start
        days_late = math.ceil((free_to_start - scheduled.timestamp()) / DAY)
        return scheduled.timestamp() + max(0, days_late) * DAY

    @model_validator(mode="after")
    def _one_loa(self) -> "TextEnableTollFreeNumbers":
        if (self.direct_loa_info is None) == (self.reseller_loa_info is None):
            raise ValueError("give exactly one of directLoaInfo and resellerLoaInfo")
        return self


class ImportNumbers(CampaignOrderRequest):
    """Body of ``hostingOrders:importNumbers``: no LOA and no OSR update; the one body with ``migrateToSinchTmo``."""

    is_import: ClassVar[bool] = True

    migrate_to_sinch_tmo: bool | None = None

    @property
    def migrates_to_sinch_tmo(self) -> bool:
        """Whether numbers of another aggregator are to be migrated at T-Mobile."""
        return bool(self.migrate_to_sinch_tmo)

    def nnid_or(self, default: str) -> str:
        """None: an import updates no OSR."""
        return ""
