"""Calls about imported numbers that are relinked or removed (Sinch API: Imported Numbers, Qualified Numbers).

Every number of a call goes its own way: one that Sinch refuses or does not answer for holds up no other. The calls are
tried a few times only, since the workflows repeat them with their polls.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from onboarding.batch import StoredFile
from onboarding.calls.call import BRIEF, PERSISTENT, Call
from onboarding.calls.documents import ResultRow
from onboarding.imported_links import NumberLinksSeen, Service
from onboarding.model import Model
from onboarding.task_queues import SINCH, WORKFLOWS

READS_A_CALL = 500
"""Most numbers one call reads."""

CHANGES_A_CALL = 50
"""Most numbers one call links, unlinks or removes."""


class ReadImportedNumbers(Model):
    """Numbers to read one by one, since no list shows what is just being unlinked.

    `only_at_rest`: those that Sinch is still at work on are no news and are left out of the answer.
    """

    phone_numbers: tuple[str, ...]
    only_at_rest: bool = False


class ImportedNumbersRead(Model):
    """The numbers that Sinch answered for."""

    numbers: tuple[NumberLinksSeen, ...]


class UnlinkNumber(Model):
    """Free a number of these services. `look_first`: an earlier request may have done it."""

    phone_number: str
    services: tuple[Service, ...]
    look_first: bool = False


class UnlinkNumbers(Model):
    """Numbers to unlink; their events go to the calling workflow."""

    numbers: tuple[UnlinkNumber, ...]


class LinkNumber(Model):
    """Link a number to a service plan, a campaign or both. `look_first`: an earlier request may have done it."""

    phone_number: str
    service_plan_id: str | None = None
    campaign_id: str | None = None
    look_first: bool = False


class LinkNumbers(Model):
    """Numbers to link; their events go to the calling workflow."""

    numbers: tuple[LinkNumber, ...]


class ChangeOutcome(StrEnum):
    """What became of a request to change a number."""

    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    STILL_UNLINKING = "STILL_UNLINKING"
    """Refused for now: the unlinking before is not through."""
    NO_ANSWER = "NO_ANSWER"
    """It may have taken effect."""


class NumberChange(Model):
    """One number; `sinch_time` is Sinch's clock when it took the request, where it says so."""

    phone_number: str
    outcome: ChangeOutcome
    message: str = ""
    sinch_time: datetime | None = None


class NumbersChanged(Model):
    """All numbers of the request."""

    numbers: tuple[NumberChange, ...]


class Registers(Model):
    """Out of which lists of the Sinch project numbers are taken."""

    imported: bool = True
    qualified: bool = False


class RemoveFromSinch(Model):
    """Numbers to take away. `asked_before`: an earlier request may have removed them, so missing ones are gone."""

    phone_numbers: tuple[str, ...]
    registers: Registers
    asked_before: bool = False


class RemovalOutcome(StrEnum):
    """What became of a removal."""

    GONE = "GONE"
    STILL_SHOWN = "STILL_SHOWN"
    """Sinch took the removal and still shows the number."""
    NEVER_THERE = "NEVER_THERE"
    REFUSED = "REFUSED"
    NO_ANSWER = "NO_ANSWER"


class NumberRemoval(Model):
    """One number."""

    phone_number: str
    outcome: RemovalOutcome
    message: str = ""


class NumbersRemoved(Model):
    """All numbers of the request."""

    numbers: tuple[NumberRemoval, ...]


class NumberList(Model):
    """Numbers (E.164) in the document store, of any count."""

    phone_numbers: tuple[str, ...]


class ReadNumberList(Model):
    """`count` numbers of a stored list from `offset` on."""

    file: StoredFile
    offset: int
    count: int


class NotBegun(Model):
    """The numbers of a stored list from `offset` on, left alone since the work was cancelled; `since` is when."""

    file: StoredFile
    offset: int
    since: datetime


class WriteNumberReport(Model):
    """Join stored rows (as `STORE_GROUP_ROWS` keeps them) into the report of a workflow, which is named by its id."""

    workflow_id: str
    rows: tuple[StoredFile, ...]
    not_begun: NotBegun | None = None


class NumberReport(Model):
    """The report as it is kept (JSON)."""

    workflow_id: str
    stages: dict[str, int]
    numbers: tuple[ResultRow, ...]


class NumberReportWritten(Model):
    """Where the report is, and its counts (stage -> numbers)."""

    path: str
    stages: dict[str, int]


_MINUTES = timedelta(minutes=5)

READ_IMPORTED_NUMBERS = Call[ReadImportedNumbers, ImportedNumbersRead](
    "imported_numbers.read", ImportedNumbersRead, SINCH, _MINUTES, BRIEF
)
UNLINK_IMPORTED_NUMBERS = Call[UnlinkNumbers, NumbersChanged](
    "imported_numbers.unlink", NumbersChanged, SINCH, _MINUTES, BRIEF
)
LINK_IMPORTED_NUMBERS = Call[LinkNumbers, NumbersChanged](
    "imported_numbers.link", NumbersChanged, SINCH, _MINUTES, BRIEF
)
REMOVE_IMPORTED_NUMBERS = Call[RemoveFromSinch, NumbersRemoved](
    "imported_numbers.remove", NumbersRemoved, SINCH, _MINUTES, BRIEF
)
READ_NUMBER_LIST = Call[ReadNumberList, NumberList](
    "imported_numbers.read_list", NumberList, WORKFLOWS, timedelta(minutes=2), PERSISTENT
)
WRITE_NUMBER_REPORT = Call[WriteNumberReport, NumberReportWritten](
    "imported_numbers.write_report", NumberReportWritten, WORKFLOWS, timedelta(minutes=10), PERSISTENT
)
