"""The outcome cards: the last four digits of a number decide what becomes of it, like test cards of a bank.

Each card also says how a batch should end for that number when the operator mails the invoices, orders a voice
challenge for whatever the review leaves unverified, and types in every code that the phone heard.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

FAILURE_CODES = (
    "CAMPAIGN_NOT_AVAILABLE",
    "EXCEEDED_10DLC_LIMIT",
    "NUMBER_PROVISIONING_FAILED",
    "PARTNER_SERVICE_UNAVAILABLE",
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "MNO_SHARING_ERROR",
    "CAMPAIGN_PROVISIONING_FAILED",
    "CAMPAIGN_EXPIRED",
    "CAMPAIGN_MNO_REJECTED",
    "CAMPAIGN_MNO_SUSPENDED",
    "CAMPAIGN_MNO_REVIEW",
    "INSUFFICIENT_BALANCE",
    "MOCK_CAMPAIGN_NOT_ALLOWED",
    "TFN_NOT_ALLOWED",
    "INVALID_NNID",
)

LINKED_AGAIN_BY_ITSELF = {
    "PARTNER_SERVICE_UNAVAILABLE",
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "CAMPAIGN_MNO_REVIEW",
}
"""Failures that a batch waits out: it links the number again without being told to."""

PASSING_FAILURE_CODES = {
    "PARTNER_SERVICE_UNAVAILABLE",
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "MNO_SHARING_ERROR",
    "CAMPAIGN_MNO_REVIEW",
    "INSUFFICIENT_BALANCE",
}


class Review(StrEnum):
    """What the orders desk makes of the invoice for a number."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_LISTED = "not listed"
    BLOCKED = "blocked"


class Card(BaseModel):
    """What happens to the numbers that end in these digits; ``digits`` None is every other number.

    ``stage`` and ``reason`` are the expected end of the number, ``second_try`` what comes of another attempt after a
    failed one: of linking the campaign again, or of going through it all again. Days are virtual.
    ``answers_from_call`` counts from 1, None is a phone that nobody ever answers. ``campaign_failure_passes`` is a
    failure that does not befall the same number twice. ``manual_action_days`` None is no manual action at the carrier.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    digits: str | None
    name: str
    what_happens: str
    stage: str = "DONE"
    reason: str | None = None
    second_try: str | None = None

    eligible: bool = True
    eligibility_days: float | None = None
    review: Review = Review.ACCEPTED
    codes_judged_wrong: bool = False
    answers_from_call: int | None = 1
    osr_update_fails: bool = False
    osr_update_days: float | None = None
    platform_fails: bool = False
    campaign_failure_code: str | None = None
    t_mobile_error: str | None = None
    campaign_failure_passes: bool = False
    manual_action_days: float | None = None
    hosting_fails_at_the_end: bool = False

    def public(self) -> dict[str, str | None]:
        """What the control API and the documentation show of the card."""
        return self.model_dump(include={"digits", "name", "what_happens", "stage", "reason", "second_try"})


def _link_failing(digits: str, position: int, failure_code: str) -> Card:
    passes, waited_out = failure_code in PASSING_FAILURE_CODES, failure_code in LINKED_AGAIN_BY_ITSELF
    what_happens = f"campaignProvisioning FAILED with {failure_code}"
    return Card(
        digits=digits,
        name=f"campaign link fails ({position})",
        what_happens=f"{what_happens}; the batch links it again" if waited_out else what_happens,
        stage="DONE" if waited_out else "FAILED",
        reason=None if waited_out else failure_code,
        second_try="succeeds" if passes else "fails again",
        campaign_failure_code=failure_code,
        campaign_failure_passes=passes,
    )


def _failing(digits: str, name: str, reason: str, what_happens: str, **behaviour: object) -> Card:
    card = {"digits": digits, "name": name, "what_happens": what_happens, "stage": "FAILED", "reason": reason}
    return Card.model_validate(card | {"second_try": "fails again"} | behaviour)


FOR_EVER = float("inf")

ORDINARY = Card(digits=None, name="ordinary", what_happens="every step succeeds")

CARDS: tuple[Card, ...] = (
    ORDINARY,
    _failing("4001", "not eligible", "NOT_ELIGIBLE", "the eligibility check refuses it", eligible=False),
    Card(
        digits="4002",
        name="slow eligibility check",
        what_happens="the eligibility check takes 3 days",
        eligibility_days=3,
    ),
    Card(
        digits="4101",
        name="invoice refused",
        what_happens="the review ends in VERIFICATION_FAILED; the voice challenge works",
        review=Review.REFUSED,
    ),
    Card(
        digits="4102",
        name="not on the invoice",
        what_happens="the desk leaves it ELIGIBLE for ever; the voice challenge works",
        review=Review.NOT_LISTED,
    ),
    _failing(
        "4103",
        "codes judged wrong",
        "VERIFICATION_BLOCKED",
        "invoice refused; every code is judged wrong, the third one blocks it",
        review=Review.REFUSED,
        codes_judged_wrong=True,
    ),
    Card(
        digits="4104",
        name="answers the second call",
        what_happens="invoice refused; the phone is answered from the second call on",
        review=Review.REFUSED,
        answers_from_call=2,
    ),
    _failing(
        "4105",
        "never answers",
        "VOICE_CODE_NOT_ENTERED",
        "invoice refused; nobody ever answers the phone",
        review=Review.REFUSED,
        answers_from_call=None,
    ),
    _failing(
        "4106",
        "verification blocked",
        "VERIFICATION_BLOCKED",
        "the review ends in VERIFICATION_BLOCKED",
        review=Review.BLOCKED,
    ),
    _failing("5001", "OSR update fails", "OSR_UPDATE_FAILED", "osrUpdate FAILED", osr_update_fails=True),
    Card(digits="5002", name="slow OSR update", what_happens="the OSR update takes 2 days", osr_update_days=2),
    _failing(
        "5101",
        "SMS platform fails",
        "SMS_PROVISIONING_FAILED",
        "platformProvisioning FAILED",
        platform_fails=True,
    ),
    _failing(
        "6135",
        "T-Mobile 60135",
        "T_MOBILE_MIGRATION_REQUIRED",
        "campaignProvisioning FAILED with NUMBER_PROVISIONING_FAILED, smsTmo FAILED with errorCode 60135",
        t_mobile_error="60135",
        second_try="succeeds in an import order with migrateToSinchTmo",
    ),
    _failing(
        "6001",
        "stuck at the carrier",
        "CARRIER_DEADLINE_PASSED",
        "campaignProvisioning stays IN_PROGRESS in a manual action for ever, and so does its order",
        manual_action_days=FOR_EVER,
    ),
    Card(
        digits="6002",
        name="manual action at the carrier",
        what_happens="a manual action adds 3 days to the campaign provisioning",
        manual_action_days=3,
    ),
    *(
        _link_failing(f"70{position:02d}", position, failure_code)
        for position, failure_code in enumerate(FAILURE_CODES, start=1)
    ),
    _failing(
        "8001",
        "hosting fails at the end",
        "HOSTING_FAILED",
        "HOSTING_PROCESS FAILED although no record is; campaignProvisioning stays IN_PROGRESS",
        hosting_fails_at_the_end=True,
    ),
)

_BY_DIGITS = {card.digits: card for card in CARDS}


def card_of(phone_number: str) -> Card:
    """The card that decides what becomes of a number."""
    return _BY_DIGITS.get(phone_number[-4:], ORDINARY)


def markdown_table() -> str:
    """The cards as the table that the documentation carries."""
    rows = [
        "| last four digits | name | what happens | stage | reason | second try |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows += [
        f"| {card.digits or 'any other'} | {card.name} | {card.what_happens} | {card.stage} | {card.reason or '-'} "
        f"| {card.second_try or '-'} |"
        for card in CARDS
    ]
    return "\n".join(rows) + "\n"
