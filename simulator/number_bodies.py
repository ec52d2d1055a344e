"""The request bodies of the Numbers host. Sinch API: rent, rentAny, activeNumbers.

Unknown fields are ignored, an explicit null counts as absent.
"""

from simulator.active_numbers import VOICE_ID_FIELDS, SmsServices, VoiceService, VoiceType
from simulator.bodies import Body, CallbackUrl, CallbackUrlUpdate
from simulator.errors import FieldViolation, invalid
from simulator.number_ranges import Capability, NumberType

SMS, VOICE = "smsConfiguration", "voiceConfiguration"


class SmsConfiguration(Body):
    """What to link a number to; an empty string unlinks, None changes nothing."""

    service_plan_id: str | None = None
    campaign_id: str | None = None

    def applied_to(self, present: SmsServices) -> SmsServices:
        """What the number is to be linked to, from what it is."""
        return SmsServices(
            present.service_plan_id if self.service_plan_id is None else self.service_plan_id,
            present.campaign_id if self.campaign_id is None else self.campaign_id,
        )


class VoiceConfiguration(Body):
    """The voice service to link a number to, whose id stands in the field of its type; an empty id unlinks."""

    type: VoiceType | None = None
    app_id: str | None = None
    trunk_id: str | None = None
    service_id: str | None = None

    def service(self) -> VoiceService:
        """The one service named; raises ApiError 400 when there is none, or one of another type."""
        chosen = self.type or VoiceType.RTC
        ids = {VoiceType.RTC: self.app_id, VoiceType.EST: self.trunk_id, VoiceType.FAX: self.service_id}
        service_id = ids.pop(chosen)
        if service_id is None:
            raise invalid(FieldViolation(f"{VOICE}.{VOICE_ID_FIELDS[chosen]}", f"the type {chosen} needs it"))
        others = [VOICE_ID_FIELDS[other] for other, other_id in ids.items() if other_id]
        if others:
            raise invalid(FieldViolation(f"{VOICE}.{others[0]}", f"does not go with the type {chosen}"))
        return VoiceService(chosen, service_id)


class RentNumber(Body):
    """Body of ``:rent``."""

    sms_configuration: SmsConfiguration | None = None
    voice_configuration: VoiceConfiguration | None = None
    callback_url: CallbackUrl | None = None

    def demand_services(self) -> None:
        """Raise ApiError 400 when a configuration object is there that links the number to nothing."""
        if self.sms_configuration is not None and not self.sms_configuration.service_plan_id:
            raise invalid(FieldViolation(f"{SMS}.servicePlanId", "needed; leave the object out if there is none"))
        if self.voice_configuration is not None and not self.voice_configuration.service().service_id:
            raise invalid(FieldViolation(VOICE, "links to nothing; leave the object out"))


class NumberPattern(Body):
    """Digits and where in a number they stand."""

    pattern: str | None = None
    search_pattern: str | None = None


class RentAnyNumber(RentNumber):
    """Body of ``:rentAny``."""

    region_code: str
    type: NumberType
    number_pattern: NumberPattern | None = None
    capabilities: list[Capability] | None = None


class UpdateActiveNumber(Body):
    """Body of PATCH ``activeNumbers``; what is absent does not change, an empty ``callbackUrl`` is none."""

    display_name: str | None = None
    sms_configuration: SmsConfiguration | None = None
    voice_configuration: VoiceConfiguration | None = None
    callback_url: CallbackUrlUpdate | None = None

    def demand_contents(self) -> None:
        """Raise ApiError 400 when a configuration object is empty."""
        sms = self.sms_configuration
        if sms is not None and sms.service_plan_id is None and sms.campaign_id is None:
            raise invalid(FieldViolation(SMS, "an empty object changes nothing: leave it out"))
