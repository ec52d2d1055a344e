"""The requests that create hosting orders, and the short answer that one of them gets.

Sinch API: `TextEnableNumbersRequest`, `TextEnableTollFreeNumbersRequest`, `ImportNumbersRequest`,
`TextEnableResponse`.
"""

from pydantic import ConfigDict

from sinch_numbers._models._base import ApiModel, RegionCode, TimestampToSend
from sinch_numbers._models._letters_of_authorization import BlanketLoaInfo, DirectLoaInfo, ResellerLoaInfo


class HostingOrderRequest(ApiModel):
    """What every order asks for: numbers (E.164) of one region, for one service plan.

    `migrate_to_sinch_tmo` moves the numbers to Sinch at T-Mobile; set it after T-Mobile's error 60135. Only an
    `ImportNumbersRequest` takes it, see `ClientSettings.send_migrate_to_sinch_tmo`.
    """

    model_config = ConfigDict(extra="forbid")

    region_code: RegionCode
    numbers: tuple[str, ...]
    service_plan_id: str
    display_name: str | None = None
    callback_url: str | None = None
    migrate_to_sinch_tmo: bool | None = None


class TextEnableNumbersRequest(HostingOrderRequest):
    """1 to 500 numbers to be enabled for SMS under one service plan, campaign and LOA.

    Exactly one of the three LOA objects must be given. `nnid` defaults to the one of the account;
    `scheduled_osr_update_time` to as soon as possible.
    """

    campaign_id: str | None = None
    nnid: str | None = None
    direct_loa_info: DirectLoaInfo | None = None
    reseller_loa_info: ResellerLoaInfo | None = None
    blanket_loa_info: BlanketLoaInfo | None = None
    scheduled_osr_update_time: TimestampToSend | None = None


class TextEnableTollFreeNumbersRequest(HostingOrderRequest):
    """1 to 500 toll-free numbers to be enabled for SMS under one service plan and LOA; they take no campaign.

    Exactly one of the two LOA objects must be given; there is no blanket LOA for toll-free numbers.
    `scheduled_zipwhip_provisioning_time` defaults to as soon as possible. When the LOA is signed later than that,
    Sinch moves it to the same time of the next day. The client adds the project id.
    """

    direct_loa_info: DirectLoaInfo | None = None
    reseller_loa_info: ResellerLoaInfo | None = None
    scheduled_zipwhip_provisioning_time: TimestampToSend | None = None


class ImportNumbersRequest(HostingOrderRequest):
    """1 to 5 numbers (`ClientSettings.max_numbers_per_import`) that already carry their NNID, to be imported.

    No LOA is needed.
    """

    campaign_id: str | None = None


class TextEnableResponse(ApiModel):
    """Answer to text-enabling qualified numbers: the order that now does it."""

    hosting_order_id: str
