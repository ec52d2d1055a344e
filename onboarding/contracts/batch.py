"""`OnboardBatch`: all groups of a batch, a window of them at a time, and the final report."""

from datetime import datetime

from pydantic import Field

from onboarding.batch import DEFAULT_WINDOW, StoredFile
from onboarding.calls.documents import ReportWritten
from onboarding.contracts.change_active_numbers import ChangeRequest
from onboarding.model import Model, State
from onboarding.spans import Span

WORKFLOW = "OnboardBatch"
GROUP_SETTLED_SIGNAL = "group_settled"
SETTLED_ROWS_QUERY = "settled_rows"

MANIFEST_MEMO = "manifest"
"""Memo key: the manifest's SHA-256, by which the same batch is recognised."""


class BatchState(State):
    """Everything a batch workflow has to remember."""

    next_slice: int = 0
    slices_total: int | None = None
    in_flight: dict[int, int] = Field(default_factory=dict)
    """Sequence -> numbers of groups that have not reported yet."""
    settled: int = 0
    """Groups that have reported."""
    rows: dict[int, StoredFile] = Field(default_factory=dict)
    """Sequence -> rows of the groups that reported lately."""
    earlier: list[StoredFile] = Field(default_factory=list)
    """`GroupFiles` with the rows of all others."""
    to_ask: list[int] = Field(default_factory=list)
    """Groups to be asked whether they are still there, or told that the batch is cancelled."""
    vanished: list[int] = Field(default_factory=list)
    """Groups that ended without reporting."""
    stages: dict[str, int] = Field(default_factory=dict)
    cancelled: bool = False
    links_rented: bool = False
    """True once the rented numbers are being linked."""
    last_reconciled: datetime | None = None


class BatchRequest(Model):
    """A stored manifest to work through; `state` is set by continue-as-new alone."""

    batch: str
    customer: str
    numbers_total: int
    manifest: StoredFile
    window: int = DEFAULT_WINDOW
    """Groups in flight at a time."""
    reconcile: Span = Span("24h")
    """How often groups that have not reported are asked whether they are still there."""
    rented: ChangeRequest | None = None
    """What links rented numbers to the batch's plan and campaign, once all groups have reported."""
    events_a_run: int = 4000
    """History length that ends a run."""
    state: BatchState | None = None


class BatchResult(Model):
    """The batch is through; numbers that failed are in the counts and in the report, never an error."""

    batch: str
    stages: dict[str, int]
    report: ReportWritten


class BatchStatus(Model):
    """Where a batch stands: counts of the groups that have reported. `numbers_total` counts rented numbers too."""

    batch: str
    numbers_total: int
    groups_total: int | None
    groups_started: int
    groups_in_flight: tuple[int, ...]
    groups_settled: int
    stages: dict[str, int]
    cancelled: bool
    rented: str | None = None
    """The id of the change that links rented numbers, once it has begun."""


class SettledRows(Model):
    """Where the rows of the groups that have reported are kept: sequence -> file, and stored `GroupFiles`."""

    groups: dict[int, StoredFile]
    earlier: tuple[StoredFile, ...]
