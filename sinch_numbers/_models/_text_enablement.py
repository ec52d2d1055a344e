"""The request that text-enables numbers, and its short answer.

Sinch API: `TextEnableNumbersRequest`, `TextEnableResponse`.
"""

from pydantic import ConfigDict

from sinch_numbers._models._base import ApiModel, RegionCode, TimestampToSend
from sinch_numbers._models._letters_of_authorization import BlanketLoaInfo, DirectLoaInfo, ResellerLoaInfo


class TextEnableNumbersRequest(ApiModel):
    """1 to 500 numbers to be enabled for SMS under one service plan, campaign and LOA.

    Exactly one of the three LOA objects must be given. `nnid` defaults to the one of the account;
    `scheduled_osr_update_time` to as soon as possible.
    """

    model_config = ConfigDict(extra="forbid")

    region_code: RegionCode
    numbers: tuple[str, ...]
    service_plan_id: str
    campaign_id: str | None = None
    display_name: str | None = None
    nnid: str | None = None
    direct_loa_info: DirectLoaInfo | None = None
    reseller_loa_info: ResellerLoaInfo | None = None
    blanket_loa_info: BlanketLoaInfo | None = None
    scheduled_osr_update_time: TimestampToSend | None = None
    callback_url: str | None = None


class TextEnableResponse(ApiModel):
    """Answer to text-enabling qualified numbers: the order that now does it."""

    hosting_order_id: str
