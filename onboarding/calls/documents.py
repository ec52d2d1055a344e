"""Calls to the document store: manifests in, result rows and reports out."""

from datetime import datetime, timedelta

from onboarding.batch import Batch, GroupSlice, StoredFile
from onboarding.calls.call import PERSISTENT, Call
from onboarding.findings import Finding
from onboarding.model import Model
from onboarding.reasons import Reason
from onboarding.stages import Stage
from onboarding.task_queues import WORKFLOWS


class ReadManifest(Model):
    """At most `count` slices of a manifest, from `offset` on."""

    manifest: StoredFile
    offset: int
    count: int


class ManifestPage(Model):
    """The batch itself, how many slices it has, and a page of them: fewer than were asked for where they are long."""

    batch: Batch
    slices_total: int
    slices: tuple[GroupSlice, ...]


class ResultRow(Model):
    """One number in the report."""

    phone_number: str
    stage: Stage
    reason: Reason | None = None
    hosting_order_id: str | None = None
    verified_at: datetime | None = None
    ordered_at: datetime | None = None
    settled_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


class GroupRows(Model):
    """The rows of one group."""

    batch: str
    sequence: int
    rows: tuple[ResultRow, ...]


class GroupRowsStored(Model):
    """Where the rows are kept."""

    file: StoredFile


class GroupFiles(Model):
    """Where the rows of many groups are kept: sequence -> file."""

    batch: str
    files: dict[int, StoredFile]


class WriteReport(Model):
    """Join the rows of all groups into the final report.

    Slices without rows were never started: their numbers are reported as cancelled, those of `vanished` as ended
    from outside. `earlier` are stored `GroupFiles`; `groups` goes before them. `rented` is the workflow id of the
    change that has linked the rented numbers of the manifest; None: they were not to be linked any more.
    """

    manifest: StoredFile
    groups: dict[int, StoredFile]
    earlier: tuple[StoredFile, ...] = ()
    vanished: tuple[int, ...] = ()
    rented: str | None = None


class ReportWritten(Model):
    """Names of the report's files in the document store, and its counts (stage -> numbers)."""

    csv: str
    json_name: str
    stages: dict[str, int]


READ_MANIFEST = Call[ReadManifest, ManifestPage](
    "documents.read_manifest", ManifestPage, WORKFLOWS, timedelta(minutes=2), PERSISTENT
)
STORE_GROUP_ROWS = Call[GroupRows, GroupRowsStored](
    "documents.store_group_rows", GroupRowsStored, WORKFLOWS, timedelta(minutes=2), PERSISTENT
)
STORE_GROUP_FILES = Call[GroupFiles, GroupRowsStored](
    "documents.store_group_files", GroupRowsStored, WORKFLOWS, timedelta(minutes=2), PERSISTENT
)
WRITE_REPORT = Call[WriteReport, ReportWritten](
    "documents.write_report", ReportWritten, WORKFLOWS, timedelta(minutes=10), PERSISTENT
)
