"""The LOA tables of a batch file: one party or several, signed or blanket, and what is said of wrong ones."""

from pathlib import Path

import pytest

from onboarding.batch import BlanketLoa, LoaParty
from tests.starter.input.batch_folder import NUMBERS, BatchFolder

TORONTO = """
[loa_parties.toronto]
business_name = "Harbor Lane Toronto"
current_voice_carrier = "Lakeshore Telecom"

[loa_parties.toronto.authorised_person]
first_name = "Noor"
last_name = "Tremblay"
email = "noor.tremblay@example.com"

[loa_parties.toronto.address]
building_number = "80"
street = "Queens Quay West"
city = "Toronto"
state = "ON"
postal_code = "M5J 2N8"
country = "CA"
"""
ONLY_BLANKET = (
    '"blanket", or no such key: an LOA that is signed is a reseller LOA with business_name and a direct one without it'
)


@pytest.fixture
def folder(tmp_path: Path) -> BatchFolder:
    folder = BatchFolder(tmp_path)
    folder.batch += TORONTO
    folder.numbers("phone_number,loa", NUMBERS[0], *(f"{number},toronto" for number in NUMBERS[1:]))
    return folder


@pytest.fixture
def blanket(folder: BatchFolder) -> BatchFolder:
    """Its unnamed LOA is a blanket one."""
    start, end = folder.batch.index("[loa]"), folder.batch.index("[pace]")
    folder.batch = f'{folder.batch[:start]}[loa]\ntype = "blanket"\n\n{folder.batch[end:]}'
    return folder


def test_named_parties_sign_for_the_rows_that_name_them(folder: BatchFolder) -> None:
    unnamed, toronto = (part.terms.loa for part in folder.read().parts)
    assert isinstance(unnamed, LoaParty)
    assert isinstance(toronto, LoaParty)
    assert (unnamed.type, unnamed.authorised_person.last_name) == ("direct", "Jordan")
    assert (toronto.type, toronto.authorised_person.last_name) == ("reseller", "Tremblay")


def test_a_blanket_loa_has_nobody_who_signs(blanket: BatchFolder) -> None:
    loa = blanket.read().parts[0].terms.loa
    assert isinstance(loa, BlanketLoa)
    assert loa.signer is None


@pytest.mark.parametrize(
    ("written", "instead", "column", "value", "expected"),
    [
        (
            "noor.tremblay@example.com",
            "noor",
            "loa_parties.toronto.authorised_person.email",
            "noor",
            "no e-mail address, for example jane.doe@example.com",
        ),
        (
            '"ON"',
            '"CA"',
            "loa_parties.toronto.address.state",
            "CA",
            "a Canadian province: two letters or the full name, for example ON or Ontario",
        ),
        (
            'business_name = "Harbor',
            'bussiness_name = "Harbor',
            "loa_parties.toronto.bussiness_name",
            "Harbor Lane Toronto",
            "there is no such key; did you mean business_name?",
        ),
        (
            'business_name = "Harbor',
            'nnid = "Harbor',
            "loa_parties.toronto.nnid",
            "Harbor Lane Toronto",
            "no key of [loa_parties.toronto]: move it above the first table",
        ),
        (
            'current_voice_carrier = "Lakeshore Telecom"\n',
            "",
            "loa_parties.toronto.current_voice_carrier",
            "",
            'required: add current_voice_carrier = "..." to the table [loa_parties.toronto]',
        ),
        (
            'business_name = "Harbor Lane Toronto"',
            'type = "reseller"',
            "loa_parties.toronto.type",
            "reseller",
            ONLY_BLANKET,
        ),
    ],
)
def test_a_mistake_in_a_named_party_is_told_with_its_table(
    folder: BatchFolder, written: str, instead: str, column: str, value: str, expected: str
) -> None:
    folder.change(written, instead)
    assert [problem[2:] for problem in folder.problems()] == [(column, value, expected)]


def test_a_blanket_loa_takes_no_other_key(blanket: BatchFolder) -> None:
    blanket.change('type = "blanket"', 'type = "blanket"\ncurrent_voice_carrier = "Prairie Bell"\nsince = "2024"')
    assert [problem[1:] for problem in blanket.problems()] == [
        (
            18,
            "loa.current_voice_carrier",
            "Prairie Bell",
            "no key of a blanket LOA: remove it, or the key type",
        ),
        (19, "loa.since", "2024", "there is no such key: remove it"),
    ]


@pytest.mark.parametrize("kind", ["direct", "Blanket"])
def test_no_other_type_of_loa_is_written_down(folder: BatchFolder, kind: str) -> None:
    folder.change('current_voice_carrier = "Prairie Bell"', f'current_voice_carrier = "Prairie Bell"\ntype = "{kind}"')
    assert folder.problems() == [("batch.toml", 18, "loa.type", kind, ONLY_BLANKET)]


def test_an_loa_is_required_where_no_party_is_named_either(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    start, end = folder.batch.index("[loa]"), folder.batch.index("[pace]")
    folder.batch = folder.batch[:start] + folder.batch[end:]
    expected = "required: add the table [loa] with authorised_person, address, current_voice_carrier"
    assert folder.problems() == [("batch.toml", None, "loa", "", expected)]


@pytest.mark.parametrize(
    ("key", "written", "expected"),
    [
        ("loa", '"blanket"', "a table: [loa]"),
        ("loa_parties", '"toronto"', "tables: [loa_parties.<name>]"),
        ("loa_parties", '{ toronto = "blanket" }', "a table: [loa_parties.toronto]"),
    ],
)
def test_an_loa_that_is_no_table_is_said_so(tmp_path: Path, key: str, written: str, expected: str) -> None:
    folder = BatchFolder(tmp_path)
    if key == "loa":
        start, end = folder.batch.index("[loa]"), folder.batch.index("[pace]")
        folder.batch = folder.batch[:start] + folder.batch[end:]
    folder.batch = f"{key} = {written}\n{folder.batch}"
    assert [(problem.line, problem.expected) for problem in folder.problems()] == [(1, expected)]


@pytest.mark.parametrize("profile", ["West", "", "west_coast", "-west"])
def test_a_profile_is_a_short_name(folder: BatchFolder, profile: str) -> None:
    folder.change('id = "spring-2026"', f'id = "spring-2026"\nprofile = "{profile}"')
    expected = "lower-case letters, digits and '-', a letter or digit first, at most 32 in all"
    assert folder.problems() == [("batch.toml", 2, "profile", profile, expected)]


def test_the_profile_of_the_file_is_that_of_the_batch(folder: BatchFolder) -> None:
    assert folder.read().batch.profile == "default"
    folder.change('id = "spring-2026"', 'id = "spring-2026"\nprofile = "west-coast"')
    assert folder.read().batch.profile == "west-coast"


def test_the_type_of_the_numbers_is_no_key(folder: BatchFolder) -> None:
    folder.change('id = "spring-2026"', 'id = "spring-2026"\nnumber_type = "toll-free"')
    ((_, line, column, _, expected),) = folder.problems()
    assert (line, column) == (2, "number_type")
    assert expected.startswith("there is no such key")
