"""Calls about imports (Sinch API: Imported Numbers; Hosting Orders, import), and the rows of imports under way."""

from datetime import timedelta
from enum import StrEnum

from onboarding.batch import StoredFile
from onboarding.calls.call import BRIEF, PERSISTENT, Call
from onboarding.calls.documents import GroupRows, GroupRowsStored
from onboarding.calls.hosting_orders import OrderCreated
from onboarding.imports import ImportSeen
from onboarding.model import Model
from onboarding.task_queues import SINCH, WORKFLOWS


class StartImport(Model):
    """An import of one number or more. `display_name` is unique to it: by it the import is found again."""

    display_name: str
    region: str
    numbers: tuple[str, ...]
    service_plan_id: str
    campaign_id: str | None = None
    migrate_to_sinch_tmo: bool = False
    """Only orders can carry it (Sinch API: import orders)."""
    sent_before: bool = False
    """True where an earlier request of this name may have arrived."""


class ImportOutcome(StrEnum):
    """What came of the import of one number."""

    UNDER_WAY = "UNDER_WAY"
    ADOPTED = "ADOPTED"
    """It was imported already, with the same service plan and campaign."""
    LINKED_ELSEWHERE = "LINKED_ELSEWHERE"
    """It was imported already, with another service plan or campaign."""
    TAKEN = "TAKEN"
    """Sinch says that it is taken, and does not show it to this project."""
    REFUSED = "REFUSED"


class NumberImport(Model):
    """What came of importing one number; `seen` as far as Sinch shows it, `message` is Sinch's."""

    outcome: ImportOutcome
    seen: ImportSeen | None = None
    message: str = ""


class ImportOrder(Model):
    """The order, or, where Sinch refused it, which of its numbers have to be imported by themselves.

    What then is in neither is free to be ordered again. `busy` means that none is imported and yet Sinch has one in
    an order that goes on. `message` is Sinch's.
    """

    created: OrderCreated | None = None
    alone: tuple[str, ...] = ()
    busy: bool = False
    message: str = ""


class ObserveImported(Model):
    """Read these numbers."""

    phone_numbers: tuple[str, ...]


class ImportedObserved(Model):
    """The numbers that are imported; the others are not, or not any more, but for those that could not be read."""

    numbers: tuple[ImportSeen, ...]
    unread: tuple[str, ...] = ()


class RemoveImported(Model):
    """Take these numbers out of the imported ones."""

    phone_numbers: tuple[str, ...]


class ImportedRemoved(Model):
    """The numbers that are gone; the others still are on their way out."""

    gone: tuple[str, ...]


class KeepRows(Model):
    """Further rows of a slice, beside the ones kept `earlier`; a number's later row goes before its earlier one."""

    rows: GroupRows
    earlier: StoredFile | None = None


IMPORT_NUMBER = Call[StartImport, NumberImport](
    "imports.import_number", NumberImport, SINCH, timedelta(minutes=2), BRIEF
)
ORDER_IMPORT = Call[StartImport, ImportOrder]("imports.order", ImportOrder, SINCH, timedelta(minutes=2), BRIEF)
OBSERVE_IMPORTED = Call[ObserveImported, ImportedObserved](
    "imports.observe", ImportedObserved, SINCH, timedelta(minutes=2), BRIEF
)
REMOVE_IMPORTED = Call[RemoveImported, ImportedRemoved](
    "imports.remove", ImportedRemoved, SINCH, timedelta(minutes=2), BRIEF
)
KEEP_ROWS = Call[KeepRows, GroupRowsStored](
    "imports.keep_rows", GroupRowsStored, WORKFLOWS, timedelta(minutes=2), PERSISTENT
)
