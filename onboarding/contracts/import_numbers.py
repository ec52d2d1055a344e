"""`ImportNumbers`: a batch of numbers that carry their NNID already, imported a few at a time."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from onboarding.batch import StoredFile
from onboarding.calls.documents import ReportWritten
from onboarding.calls.hosting_orders import Report
from onboarding.imports import ImportBatch
from onboarding.listening import Listening
from onboarding.model import Model, State
from onboarding.pace import Polling, Vigil
from onboarding.progress import NumberProgress
from onboarding.stages import WaitingOn

WORKFLOW = "ImportNumbers"
CONSENT_UPDATE = "consent"


class Step(StrEnum):
    """What is next for a number that is in no import at Sinch."""

    ORDER = "ORDER"
    """It is imported together with others."""
    ALONE = "ALONE"
    """It is imported by itself, so that what is wrong with it holds up no other."""
    CONSENT = "CONSENT"
    """T-Mobile refuses it with 60135: somebody has to consent to its migration."""
    REMOVE = "REMOVE"
    """It is taken out of the imported numbers before it is ordered anew."""
    MIGRATE = "MIGRATE"
    """It is ordered anew with `migrateToSinchTmo`."""


class ImportInFlight(State):
    """One import at Sinch: a number by itself, or an order of several."""

    display_name: str
    phone_numbers: tuple[str, ...]
    """Those that have not come to their end in it."""
    migrate: bool = False
    is_order: bool = False
    sent: bool = False
    accepted: bool = False
    hosting_order_id: str | None = None
    order_state: str = ""
    report: Report | None = None
    polling: Polling = Polling()
    next_look: datetime
    """When it is sent (again) or read next."""
    news_at: datetime | None = None
    """When something new was heard of it."""


class ImportState(State):
    """Everything an import workflow has to remember; numbers leave it when their rows are kept."""

    numbers: dict[str, NumberProgress] = Field(default_factory=dict)
    slice_of: dict[str, int] = Field(default_factory=dict)
    """Number -> sequence of its slice."""
    steps: dict[str, Step] = Field(default_factory=dict)
    in_flight: dict[str, ImportInFlight] = Field(default_factory=dict)
    """Display name -> import."""
    imports_made: int = 0
    next_slice: int = 0
    slices_total: int | None = None
    rows: dict[int, StoredFile] = Field(default_factory=dict)
    """Sequence of a slice -> its rows so far."""
    stages: dict[str, int] = Field(default_factory=dict)
    """Counts of the numbers whose rows are kept."""
    failed: dict[str, int] = Field(default_factory=dict)
    """Of those, the failed ones, which may be retried -> sequence of their slice."""
    next_removal: datetime | None = None
    consented: bool = False
    """For all numbers, also those to come."""
    cancelled: bool = False
    reporting: bool = False
    vigils: dict[WaitingOn, Vigil] = Field(default_factory=dict)
    listening: Listening = Field(default_factory=Listening)
    callbacks_received: int = 0


class ImportRequest(Model):
    """A stored manifest to import; `state` is set by continue-as-new alone."""

    batch: ImportBatch
    numbers_total: int
    manifest: StoredFile
    window: int = 20
    """Imports at Sinch at a time."""
    events_a_run: int = 3500
    """History length that ends a run."""
    state: ImportState | None = None


class ImportResult(Model):
    """The import is through; numbers that failed are in the counts and in the report, never an error."""

    batch: str
    stages: dict[str, int]
    report: ReportWritten


class Consent(Model):
    """Consent to the migration of numbers that T-Mobile refuses with 60135, or its refusal.

    Without numbers: all that wait for it, and with a consent all to come as well.
    """

    phone_numbers: tuple[str, ...] = ()
    granted: bool = True
    by: str = ""


class ImportStatus(Model):
    """Where an import stands: counts of all numbers read so far, and the numbers whose rows are not kept yet."""

    batch: str
    customer: str
    numbers_total: int
    stages: dict[str, int]
    waiting_on: WaitingOn
    waiting_since: datetime | None
    silent_since: datetime | None = None
    """When Sinch was heard of last about one of the imports, where that is too long ago."""
    imports_in_flight: int
    awaiting_consent: tuple[str, ...]
    callbacks_received: int
    cancelled: bool
    numbers: tuple[NumberProgress, ...]
    rows: dict[int, StoredFile]
    """Sequence of a slice -> where its other rows are kept."""
