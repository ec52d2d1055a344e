"""Numbers that carry their NNID already: what a batch of imports is, and how what Sinch has is compared with it.

Nothing is proven, reviewed or signed for such numbers (Sinch API: Imported Numbers; Hosting Orders, import).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from onboarding import reasons
from onboarding.batch import Batch, BlanketLoa, Loa, Manifest
from onboarding.model import Model
from onboarding.observations import CAMPAIGN_LINK, CallbackEvent, CarrierError, OrderRecords
from onboarding.progress import NumberProgress, ordered
from onboarding.reasons import Reason, reason
from onboarding.records import Records, RecordState
from onboarding.stages import Stage

NUMBERS_PER_ORDER = 5
"""Numbers an import order takes unless an account manager has raised it (Sinch API: import orders)."""

DELETION = "DELETE"
"""Type of the event that tells that an imported number is gone (Sinch API: callback event types)."""

IMPORT_SLICE = 200
"""Numbers a workflow reads at a time."""


class ImportBatch(Batch):
    """Everything the numbers of one import have in common; nobody signs anything, so its LOA says nothing."""

    loa: Loa = BlanketLoa(type="blanket")
    migrate_to_sinch_tmo: bool = False
    """Consent, given beforehand, to migrate numbers to Sinch that T-Mobile refuses with 60135."""
    numbers_per_order: int = NUMBERS_PER_ORDER


class ImportManifest(Manifest):
    """A batch of imports as it is kept in the document store."""

    batch: ImportBatch


class ImportSeen(Model):
    """One imported number as Sinch shows it (Sinch API: imported number).

    The ids are those it is linked or being linked to; empty where it is not, or is being unlinked. `updated` is the
    last instant (Sinch's clock) at which one of the links changed.
    """

    phone_number: str
    display_name: str = ""
    service_plan_id: str = ""
    campaign_id: str = ""
    is_linked: bool = False
    """True where Sinch shows nothing of it as still to come."""
    platform: str = ""
    campaign: str = ""
    campaign_error: str = ""
    carrier_errors: tuple[CarrierError, ...] = ()
    updated: datetime | None = None

    @property
    def has_failed(self) -> bool:
        """True where a link failed and nothing goes on by itself."""
        return "FAILED" in (self.platform, self.campaign)

    def observations(self) -> Iterator[Model]:
        """What it says, in the words of the progress state machine."""
        yield OrderRecords(
            phone_number=self.phone_number,
            platform=self.platform,
            campaign=self.campaign,
            carrier_errors=self.carrier_errors,
        )
        if self.campaign == "FAILED" and self.campaign_error:
            yield CallbackEvent(
                phone_number=self.phone_number,
                event_type=CAMPAIGN_LINK,
                status="FAILED",
                failure_code=self.campaign_error,
            )


class Likeness(StrEnum):
    """How an imported number compares with what was asked for."""

    ALIKE = "ALIKE"
    """Linked, or being linked, to the same."""
    INCOMPLETE = "INCOMPLETE"
    """Linked to nothing else: what is missing or has failed can be linked."""
    DIFFERENT = "DIFFERENT"
    """Linked to another service plan or campaign."""


def likeness(seen: ImportSeen, service_plan_id: str, campaign_id: str | None) -> Likeness:
    """How `seen` compares with a service plan and a campaign."""
    wanted = (service_plan_id, campaign_id or "")
    has = (seen.service_plan_id, seen.campaign_id)
    if any(there and there != asked for there, asked in zip(has, wanted, strict=True)):
        return Likeness.DIFFERENT
    return Likeness.ALIKE if has == wanted and not seen.has_failed else Likeness.INCOMPLETE


def linked_elsewhere(seen: ImportSeen, batch: ImportBatch) -> Reason:
    """Why a number is left as it is: both values, and the way to change it."""
    asked = f"service plan {batch.service_plan_id}, campaign {batch.campaign_id or 'none'}"
    has = f"service plan {seen.service_plan_id or 'none'}, campaign {seen.campaign_id or 'none'}"
    links = f"--service-plan {batch.service_plan_id}" + (
        f" --campaign {batch.campaign_id}" if batch.campaign_id else ""
    )
    sentence = (
        f"The number is imported already with {has}, and {asked} was asked for: "
        f"relink it with onboard relink --number {seen.phone_number} {links}."
    )
    return Reason(code=reasons.ALREADY_IMPORTED, sentence=sentence)


def not_consented(known: Reason | None, happened: str, batch: str) -> Reason:
    """Why a number that T-Mobile refuses with 60135 was not migrated."""
    sentence = (known or reason(reasons.T_MOBILE_MIGRATION_REQUIRED)).sentence
    return Reason(
        code=reasons.T_MOBILE_MIGRATION_REQUIRED,
        sentence=f"{sentence} {happened}: retry it, then consent to its migration with onboard consent {batch}.",
    )


def ordered_for_import(number: NumberProgress, at: datetime, batch: ImportBatch) -> NumberProgress:
    """The number in a new import: it has an NNID, so the OSR needs no update and counts as through."""
    fresh = ordered(number, at, batch.campaign_id is not None)
    records = Records(campaign_expected=batch.campaign_id is not None, osr=RecordState.DONE)
    return fresh.model_copy(update={"records": records, "not_before": None, "settled_at": None})


def why_failed(number: NumberProgress) -> Reason | None:
    """Why the number does not get on in its import; None where it does."""
    if number.recovering is not None:
        return number.records.why_failed()
    return number.reason if number.stage is Stage.FAILED else None


def failure_code_due(number: NumberProgress, patience: timedelta, at: datetime) -> datetime | None:
    """Until when to wait for the event that alone says why a campaign link failed; None where there is no need.

    It is given `patience` from the moment the failure was learned.
    """
    if number.recovering is None or number.records.cause_known:
        return None
    until = number.recovering.since + patience
    return until if at < until else None
