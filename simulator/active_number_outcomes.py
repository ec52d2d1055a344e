"""The outcome cards of rented numbers: the last four digits decide what comes of renting and of provisioning.

Where a card of imported numbers means the same for a rented one, it has the same digits.
"""

from pydantic import BaseModel, ConfigDict

from simulator.outcomes import FAILURE_CODES, FOR_EVER, PASSING_FAILURE_CODES

SMS_PROVISIONING_FAILED = "SMS_PROVISIONING_FAILED"
VOICE_PROVISIONING_FAILED = "PROVISIONING_TO_VOICE_PLATFORM_FAILED"


class ActiveNumberCard(BaseModel):
    """What happens to the numbers that end in these digits; ``digits`` None is every other number.

    The codes are those that linking to the service plan, to the campaign or to the voice service fails with, None is
    no failure; a failure that ``passes`` does not befall the same number twice. Days are virtual.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    digits: str | None
    name: str
    what_happens: str
    second_try: str | None = None

    gone_when_rented: bool = False
    plan_error_code: str | None = None
    campaign_error_code: str | None = None
    voice_error_code: str | None = None
    failure_passes: bool = False
    further_sms_days: float = 0
    further_voice_days: float = 0
    events_are_lost: bool = False

    def public(self) -> dict[str, str | None]:
        """What the control API and the documentation show of the card."""
        return self.model_dump(include={"digits", "name", "what_happens", "second_try"})


def _failing(digits: str, name: str, what_happens: str, *, passes: bool = False, **codes: str) -> ActiveNumberCard:
    described = {"digits": digits, "name": name, "what_happens": what_happens, "failure_passes": passes}
    return ActiveNumberCard.model_validate(
        described | {"second_try": "succeeds" if passes else "fails again"} | dict(codes)
    )


def _link_failing(digits: str, position: int, failure_code: str) -> ActiveNumberCard:
    return _failing(
        digits,
        f"campaign link fails ({position})",
        f"scheduledProvisioning FAILED with {failure_code}, the service plan is linked",
        passes=failure_code in PASSING_FAILURE_CODES,
        campaign_error_code=failure_code,
    )


_PLAN_FAILS = f"scheduledProvisioning FAILED with {SMS_PROVISIONING_FAILED}"

ORDINARY = ActiveNumberCard(digits=None, name="ordinary", what_happens="every step succeeds")

CARDS: tuple[ActiveNumberCard, ...] = (
    ORDINARY,
    _failing("5101", "SMS platform fails", _PLAN_FAILS, plan_error_code=SMS_PROVISIONING_FAILED),
    *(
        _link_failing(f"70{position:02d}", position, failure_code)
        for position, failure_code in enumerate(FAILURE_CODES, start=1)
    ),
    ActiveNumberCard(
        digits="9001",
        name="gone when rented",
        what_happens="searches show it; `:rent` and `:rentAny` answer 404, and searches show it no more",
        gone_when_rented=True,
    ),
    _failing("9101", "SMS platform fails once", _PLAN_FAILS, passes=True, plan_error_code=SMS_PROVISIONING_FAILED),
    _failing(
        "9102",
        "SMS platform has an internal error",
        "scheduledProvisioning FAILED with INTERNAL_ERROR",
        plan_error_code="INTERNAL_ERROR",
    ),
    ActiveNumberCard(
        digits="9103",
        name="slow SMS provisioning",
        what_happens="scheduledProvisioning takes 3 days more",
        further_sms_days=3,
    ),
    ActiveNumberCard(
        digits="9104",
        name="endless SMS provisioning",
        what_happens="scheduledProvisioning stays IN_PROGRESS for ever",
        further_sms_days=FOR_EVER,
    ),
    _failing(
        "9201",
        "voice provisioning fails",
        "scheduledVoiceProvisioning FAILED",
        voice_error_code=VOICE_PROVISIONING_FAILED,
    ),
    _failing(
        "9202",
        "voice provisioning fails once",
        "scheduledVoiceProvisioning FAILED",
        passes=True,
        voice_error_code=VOICE_PROVISIONING_FAILED,
    ),
    ActiveNumberCard(
        digits="9203",
        name="slow voice provisioning",
        what_happens="scheduledVoiceProvisioning takes 3 days more",
        further_voice_days=3,
    ),
    ActiveNumberCard(
        digits="9301",
        name="events are lost",
        what_happens="every step succeeds, no event of the number is ever delivered",
        events_are_lost=True,
    ),
)

_BY_DIGITS = {card.digits: card for card in CARDS}


def card_of(phone_number: str) -> ActiveNumberCard:
    """The card that decides what becomes of a rented number."""
    return _BY_DIGITS.get(phone_number[-4:], ORDINARY)


def markdown_table() -> str:
    """The cards as the table that the documentation carries."""
    rows = ["| last four digits | name | what happens | second try |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {card.digits or 'any other'} | {card.name} | {card.what_happens} | {card.second_try or '-'} |"
        for card in CARDS
    ]
    return "\n".join(rows) + "\n"
