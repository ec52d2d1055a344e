"""Reading an import: a file with everything its numbers have in common and their numbers file, or one number."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from onboarding.batch import Contact
from onboarding.imports import NUMBERS_PER_ORDER, ImportBatch
from onboarding.model import Model
from onboarding.phone_numbers import NotAPhoneNumber, read_number
from starter.exits import Exit, Stop
from starter.input.batch_file import ReadBatchFile
from starter.input.batch_keys import BatchFile, read_keys
from starter.input.numbers_file import PHONE_NUMBER, NumberRow, NumbersFile, read_numbers
from starter.input.problems import InvalidInput, Problem, in_order, nearest

_MOST_PER_ORDER = 500
_MIGRATE, _PER_ORDER = "migrate_to_sinch_tmo", "numbers_per_order"
_NOT_OF_IMPORTS = (
    "nnid",
    "verification",
    "eligible_is_enough",
    "scheduled_osr_update_time",
    "loa",
    "loa_parties",
    "invoices",
)
_OF_IMPORTS = (_MIGRATE, _PER_ORDER)
_SHARED = ("id", "customer", "profile", "service_plan_id", "campaign_id", "contact", "pace")
_FLAGS = {"id": "--id", "service_plan_id": "--service-plan", "campaign_id": "--campaign", "contact": "--contact"}


class ImportInput(Model):
    """An import that may be started, and what deserves a second look before."""

    batch: ImportBatch
    numbers: tuple[str, ...]
    """E.164, in file order."""
    warnings: tuple[Problem, ...] = ()


class ReadImportFile(ReadBatchFile):
    """An import file that was read, right or wrong: the keys of a batch file that imports need, and two of its own."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if not self.is_toml:
            return
        others = (*_OF_IMPORTS, *_NOT_OF_IMPORTS)
        table = {key: value for key, value in self._table.items() if key not in others}
        self.file, wrong = read_keys({**table, "loa": {"type": "blanket"}})
        wrong |= {(key,): expected for key, expected in self._wrong_keys()}
        self.problems = [self.problem(path, expected) for path, expected in wrong.items()]

    def _wrong_keys(self) -> Iterator[tuple[str, str]]:
        yield from ((key, "no key of an import: remove it") for key in _NOT_OF_IMPORTS if key in self._table)
        if not isinstance(self._table.get(_MIGRATE, False), bool):
            yield _MIGRATE, "true or false"
        per_order = self._table.get(_PER_ORDER, NUMBERS_PER_ORDER)
        if type(per_order) is not int or not 1 <= per_order <= _MOST_PER_ORDER:
            yield _PER_ORDER, f"a whole number from 1 to {_MOST_PER_ORDER}"
        for key in self._table:
            if key not in BatchFile.model_fields and key not in _OF_IMPORTS and (meant := nearest(key, _OF_IMPORTS)):
                yield key, f"there is no such key; did you mean {meant}?"

    @property
    def region_of_all(self) -> str | None:
        """The region that all numbers have to be of; None where the file says a wrong one."""
        return self.region if "region" in self._table else "US"

    def batch(self, file: BatchFile) -> ImportBatch:
        """The import that the file describes."""
        shared: dict[str, Any] = {name: getattr(file, name) for name in _SHARED}
        own = {key: self._table[key] for key in _OF_IMPORTS if key in self._table}
        return ImportBatch(**shared, **own, region=file.region or "US")


def read_import(import_file: Path, numbers: str | None, standard_input: BinaryIO) -> ImportInput:
    """Read and check an import. `numbers` goes before the path in the import file; `-` is `standard_input`.

    Raises InvalidInput with all problems of all files.
    """
    read = ReadImportFile(import_file)
    listed = _numbers(read, numbers, standard_input)
    problems = [*read.problems, *listed.problems]
    if numbers is None and read.leaves_numbers_out:
        problems.append(read.problem(("numbers",), "the path of the numbers file, here or on the command line"))
    problems += [problem for row in listed.rows for problem in _unfit(listed, row, read)]
    if problems or read.file is None:
        raise InvalidInput(in_order(problems, read.name))
    batch = read.batch(read.file)
    warnings = () if batch.campaign_id or batch.region != "US" else (read.problem(("campaign_id",), _CAMPAIGN),)
    return ImportInput(batch=batch, numbers=tuple(row.number for row in listed.rows), warnings=warnings)


_CAMPAIGN = "a 10DLC campaign: US numbers need one before businesses may send SMS"


def _numbers(read: ReadImportFile, given: str | None, standard_input: BinaryIO) -> NumbersFile:
    if given is not None:
        return read_numbers(given, Path(), standard_input)
    if read.numbers is not None:
        return read_numbers(read.numbers, read.folder, standard_input)
    return NumbersFile("", Path(), [], {}, [])


def _unfit(listed: NumbersFile, row: NumberRow, read: ReadImportFile) -> Iterator[Problem]:
    """All numbers of an import have the same region, plan and campaign, and no invoice."""
    for column in ("invoice", "region", "service_plan_id", "campaign_id", "nnid", "loa"):
        if written := getattr(row, column):
            expected = "no column of an import: what its numbers share stands in the import file"
            yield Problem(file=listed.name, line=row.line, column=column, value=written, expected=expected)
    wrong = _wrong_number(row.own_region, read.region_of_all, read.file)
    if wrong:
        yield Problem(file=listed.name, line=row.line, column=PHONE_NUMBER, value=row.number, expected=wrong)


def _wrong_number(of_number: str | None, region: str | None, file: BatchFile | None) -> str | None:
    if of_number is None and file is not None and file.campaign_id:
        return "a local number: toll-free numbers are on no campaign; put them into an import without one"
    if region is not None and of_number not in (None, region):
        return f"a number of region {region}, as the import says; put numbers of {of_number} into another import"
    return None


def single_import(
    number: str,
    *,
    id_: str | None,
    service_plan: str | None,
    campaign: str | None,
    contact: str | None,
    profile: str,
    customer: str | None,
    migrate: bool,
) -> ImportInput:
    """One number, told on the command line. Raises Stop with what is missing or wrong."""
    try:
        e164, region = read_number(number)
    except NotAPhoneNumber as error:
        raise Stop(f"--number {number}: {error}", Exit.USAGE) from None
    if not service_plan or not contact:
        raise Stop("one number needs --service-plan and --contact (whom to tell by mail) as well", Exit.USAGE)
    name = customer or contact
    try:
        batch = ImportBatch(
            id=id_ or f"import-{e164.removeprefix('+')}",
            customer=name,
            profile=profile,
            region=region or "US",
            service_plan_id=service_plan,
            campaign_id=campaign,
            contact=Contact(name=contact, email=contact, company=name),
            migrate_to_sinch_tmo=migrate,
        )
    except ValidationError as error:
        wrong = [f"{_flag(found['loc'])}: {found['msg']}" for found in error.errors(include_url=False)]
        raise Stop("\n".join(wrong), Exit.USAGE) from None
    return ImportInput(batch=batch, numbers=(e164,))


def _flag(location: tuple[str | int, ...]) -> str:
    key = str(location[0])
    return _FLAGS.get(key, "--contact" if key in Contact.model_fields else f"--{key}")
