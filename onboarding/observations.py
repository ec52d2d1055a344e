"""What can be learned about a number from outside: API snapshots and callback events, in one small vocabulary.

Literals stay open strings: an unknown one is kept and never stops anything (Sinch API: unknown enum literals).
"""

from datetime import datetime

from onboarding.model import Model

OSR_UPDATE = "OSR_UPDATE"
PLATFORM_PROVISIONING = "PROVISIONING_TO_SMS_PLATFORM"
CAMPAIGN_LINK = "LINK_TO_10DLC_CAMPAIGN"
HOSTING_PROCESS = "HOSTING_PROCESS"


class Review(Model):
    """State of a qualified number (Sinch API: `globalProcessState` without its prefix)."""

    state: str
    error: str = ""


class CallbackEvent(Model):
    """One event Sinch sent about a number (Sinch API: callback payload), as the receiver hands it on."""

    event_id: str = ""
    phone_number: str = ""
    event_type: str = ""
    status: str = ""
    failure_code: str | None = None
    timestamp: datetime | None = None


class CarrierError(Model):
    """Failure of one carrier record (`smsAtt`, `smsTmo`, `mmsAtt`, `mmsTmo`) of a number in a hosting order."""

    record: str
    code: str
    message: str = ""


class OrderRecords(Model):
    """Records of one number in a hosting order (Sinch API: hosting order number).

    `order_state` is the order's state read before these records; records read after the order reached
    `COMPLETED` or `REJECTED` are the last word.
    """

    phone_number: str
    osr: str = ""
    platform: str = ""
    campaign: str = ""
    carrier_errors: tuple[CarrierError, ...] = ()
    order_state: str = ""


class HostingFailureSeen(Model):
    """A qualified number whose hosting failed, by Sinch's clock at `updated` (Sinch API: `HOSTING_FAILED`)."""

    phone_number: str
    updated: datetime | None = None


class OrderSeen(Model):
    """State of the whole hosting order (Sinch API: hosting order `state`)."""

    state: str


class CampaignLinkSeen(Model):
    """How an imported number is linked to its service plan and campaign (Sinch API: imported number).

    `state` is that of the step that stands for the whole: `DONE` only when the number is linked to what was asked for.
    `updated` is Sinch's clock.
    """

    phone_number: str
    imported: bool = True
    state: str = ""
    failure_code: str | None = None
    updated: datetime | None = None
    carrier_errors: tuple[CarrierError, ...] = ()
