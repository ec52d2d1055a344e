"""Reading an import: what is refused before anything is sent, and what one number on the command line needs."""

import io
from pathlib import Path

import pytest

from starter.exits import Exit, Stop
from starter.input import InvalidInput
from starter.input_imports import ImportInput, read_import, single_import
from tests.end_to_end.import_files import write_import

GOOD = "+14155550101"


def read(folder: Path, numbers: list[str], *further: str) -> ImportInput:
    return read_import(write_import(folder, "shops", numbers, *further), None, io.BytesIO())


def problems_of(folder: Path, numbers: list[str], *further: str) -> list[str]:
    with pytest.raises(InvalidInput) as raised:
        read(folder, numbers, *further)
    return [f"{problem.column}: {problem.expected}" for problem in raised.value.problems]


def single(**changes: str | None) -> ImportInput:
    given = {"id_": None, "service_plan": "plan-1", "campaign": "C1", "contact": "ann@example.com", "customer": None}
    return single_import(GOOD, **{**given, **changes}, profile="default", migrate=False)


def test_an_import_is_what_its_file_says(tmp_path: Path) -> None:
    given = read(tmp_path, [GOOD], "migrate_to_sinch_tmo = true", "numbers_per_order = 20")
    batch = given.batch
    assert (given.numbers, given.warnings) == ((GOOD,), ())
    assert (batch.id, batch.region, batch.profile) == ("shops", "US", "default")
    assert (batch.migrate_to_sinch_tmo, batch.numbers_per_order, batch.pace.poll_first) == (True, 20, "1s")


def test_numbers_may_come_from_standard_input(tmp_path: Path) -> None:
    path = write_import(tmp_path, "shops", [GOOD])
    given = read_import(path, "-", io.BytesIO(b"+14155550102\n"))
    assert given.numbers == ("+14155550102",)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('verification = "voice"', "verification: no key of an import: remove it"),
        ("migrate_to_sinch_tmo = 1", "migrate_to_sinch_tmo: true or false"),
        ("numbers_per_order = true", "numbers_per_order: a whole number from 1 to 500"),
        ("number_per_order = 5", "number_per_order: there is no such key; did you mean numbers_per_order?"),
        ('region = "MX"', "region: US or CA"),
    ],
)
def test_a_wrong_key_says_what_would_be_right(tmp_path: Path, line: str, expected: str) -> None:
    assert problems_of(tmp_path, [GOOD], line) == [expected]


def test_numbers_of_another_region_and_toll_free_ones_on_a_campaign_are_refused(tmp_path: Path) -> None:
    region, toll_free = problems_of(tmp_path, [GOOD, "+14165550134", "+18005550199"])
    assert region == ("phone_number: a number of region US, as the import says; put numbers of CA into another import")
    assert toll_free.startswith("phone_number: a local number")


def test_columns_that_an_import_does_not_have_are_refused(tmp_path: Path) -> None:
    assert problems_of(tmp_path, ["phone_number,nnid", f"{GOOD},104029"]) == [
        "nnid: no column of an import: what its numbers share stands in the import file"
    ]


def test_us_numbers_without_a_campaign_deserve_a_second_look(tmp_path: Path) -> None:
    path = write_import(tmp_path, "shops", [GOOD])
    path.write_text(path.read_text().replace('campaign_id = "C3O8OGA"\n', ""))
    (warning,) = read_import(path, None, io.BytesIO()).warnings
    assert warning.column == "campaign_id"


def test_one_number_needs_no_file() -> None:
    given = single()
    assert (given.numbers, given.batch.id) == ((GOOD,), "import-14155550101")
    assert (given.batch.contact.email, given.batch.customer) == ("ann@example.com", "ann@example.com")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"service_plan": None}, "one number needs --service-plan and --contact"),
        ({"contact": "nobody"}, "--contact: "),
        ({"id_": "a/b"}, "--id: "),
    ],
)
def test_what_is_wrong_with_one_number_is_said_by_flag(changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(Stop) as stopped:
        single(**changes)
    assert stopped.value.code is Exit.USAGE
    assert said in stopped.value.message
