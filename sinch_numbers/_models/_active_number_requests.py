"""The requests that rent a number or change one: what it is called, what it serves, where its callbacks go.

Give a configuration object only for what the number is really used for: Sinch refuses a needless or empty one.

Sinch API: `RentNumberRequest`, `RentAnyNumberRequest`, `ActiveNumberRequest` of the Numbers API.
"""

from typing import Literal

from pydantic import ConfigDict

from sinch_numbers._models._active_numbers import VoiceApplication
from sinch_numbers._models._available_numbers import NumberCapability, NumbersPattern, NumberType
from sinch_numbers._models._base import ApiModel


class _Request(ApiModel):
    model_config = ConfigDict(extra="forbid")


class SmsConfigurationRequest(_Request):
    """What to link a number to for SMS. Renting needs the service plan; an update needs one of the two.

    Only US numbers have a campaign, and need it to send SMS to US recipients.
    """

    service_plan_id: str | None = None
    campaign_id: str | None = None


class RtcVoiceConfiguration(_Request):
    """An app of the Voice API answers calls. `RTC` is the default of the wire, so no `type` is sent."""

    app_id: str


class EstVoiceConfiguration(_Request):
    """An Elastic SIP Trunk answers calls."""

    type: Literal[VoiceApplication.EST] = VoiceApplication.EST
    trunk_id: str


class FaxVoiceConfiguration(_Request):
    """The Fax service answers calls."""

    type: Literal[VoiceApplication.FAX] = VoiceApplication.FAX
    service_id: str


VoiceConfigurationRequest = RtcVoiceConfiguration | EstVoiceConfiguration | FaxVoiceConfiguration
"""What to link a number to for voice."""


class RentNumberRequest(_Request):
    """What a number is rented for, and where its callbacks go."""

    sms_configuration: SmsConfigurationRequest | None = None
    voice_configuration: VoiceConfigurationRequest | None = None
    callback_url: str | None = None


class RentAnyNumberRequest(RentNumberRequest):
    """Any number that matches; Sinch does that for local US numbers only. All `capabilities` must be met."""

    region_code: str
    type: NumberType
    number_pattern: NumbersPattern | None = None
    capabilities: tuple[NumberCapability, ...] | None = None


class ActiveNumberRequest(_Request):
    """What to change of a number; what is left out stays. A `callback_url` replaces the present one."""

    display_name: str | None = None
    sms_configuration: SmsConfigurationRequest | None = None
    voice_configuration: VoiceConfigurationRequest | None = None
    callback_url: str | None = None
