"""What a numbers file may look like, and what is said about rows that are wrong."""

from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.starter.input.batch_folder import NUMBERS, BatchFolder, Found

AREAS = ("202", "212", "312", "415", "646", "702")
SPELLINGS = (
    "+1{area}{exchange}{line}",
    "1{area}{exchange}{line}",
    "{area}{exchange}{line}",
    "({area}) {exchange}-{line}",
    "{area}.{exchange}.{line}",
    "{area}-{exchange}-{line}",
    "+1 {area} {exchange} {line}",
    "1-{area}-{exchange}-{line}",
    " +1 ({area}) {exchange} {line} ",
)
E164 = st.builds("+1{}{}{:04d}".format, st.sampled_from(AREAS), st.integers(200, 999), st.integers(0, 9999)).filter(
    lambda number: phonenumbers.is_valid_number(phonenumbers.parse(number))
)
COLUMNS = "the columns are phone_number, invoice, region, service_plan_id, campaign_id, nnid, loa, separated by commas"


@pytest.fixture
def folder(tmp_path: Path) -> BatchFolder:
    return BatchFolder(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"+12025550134\n+12025550135\n+12025550136\n",
        b"phone_number\n+12025550134\n+12025550135\n+12025550136\n",
        b"Phone_Number , invoice\n+12025550134,\n+12025550135\n+12025550136,invoice.pdf\n",
        b'invoice,phone_number\n,"+12025550134"\n,+12025550135\n"invoice.pdf",+12025550136\n',
        b"\xef\xbb\xbfphone_number\r\n+12025550134\r\n+12025550135\r\n+12025550136\r\n",
        b"\xef\xbb\xbf+12025550134\r\n+12025550135\r\n+12025550136",
        b"# ours\n\nphone_number\n  \n+12025550134\n# next office\n+12025550135\n\n\n+12025550136\n# end\n",
    ],
)
def test_every_usual_form_gives_the_same_numbers(folder: BatchFolder, content: bytes) -> None:
    folder.file("numbers.csv", content)
    assert folder.numbers_read() == list(NUMBERS)


@given(numbers=st.lists(st.tuples(E164, st.sampled_from(SPELLINGS)), min_size=1, max_size=30, unique_by=lambda n: n[0]))
def test_any_mix_of_spellings_gives_the_e164_numbers_in_order(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[tuple[str, str]]
) -> None:
    folder = BatchFolder(tmp_path_factory.mktemp("batch"))
    folder.numbers(*(spelling.format(area=n[2:5], exchange=n[5:8], line=n[8:]) for n, spelling in numbers))
    assert folder.numbers_read() == [number for number, _ in numbers]


def test_standard_input_is_read_for_a_dash(folder: BatchFolder) -> None:
    assert folder.numbers_read("-", b"+12025550136\n(202) 555-0134\n") == ["+12025550136", "+12025550134"]


def test_the_command_line_goes_before_the_batch_file(folder: BatchFolder) -> None:
    other = folder.file("other.csv", b"+12025550136\n")
    assert folder.numbers_read(str(other)) == ["+12025550136"]


def test_without_a_numbers_file_the_batch_says_where_to_name_one(folder: BatchFolder) -> None:
    folder.change('numbers = "numbers.csv"\n', "")
    assert folder.problems() == [
        ("batch.toml", None, "numbers", "", "the path of the numbers file, here or on the command line")
    ]
    assert folder.numbers_read("-", b"+12025550134") == ["+12025550134"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("5550134", "no such number in the numbering plan; check the digits"),
        ("12025550", "no such number in the numbering plan; check the digits"),
        ("+10005550134", "no such number in the numbering plan; check the digits"),
        ("n/a 7", "not a phone number; write E.164, for example +12025550134"),
        ("+442079460018", "only numbers of the US and Canada can be hosted, for example +12025550134"),
        ("+18765550134", "only numbers of the US and Canada can be hosted, for example +12025550134"),
        ("(202) 555-0134", "each number once: +12025550134 stands on line 2 already"),
        ("+12025550134", "each number once: +12025550134 stands on line 2 already"),
    ],
)
def test_a_row_that_cannot_be_hosted_is_named_with_what_would_be_right(
    folder: BatchFolder, written: str, expected: str
) -> None:
    folder.numbers("phone_number", "+12025550134", "# a comment", written, "+12025550135")
    assert folder.problems() == [("numbers.csv", 4, "phone_number", written, expected)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (
            ["phone_nubmer,invoice", "+12025550134,"],
            (1, "phone_nubmer", "phone_nubmer", f"{COLUMNS}; did you mean phone_number?"),
        ),
        (["phone_number,carrier", "+12025550134,X"], (1, "carrier", "carrier", COLUMNS)),
        (["phone_number;invoice", "+12025550134;"], (1, "phone_number;invoice", "phone_number;invoice", COLUMNS)),
        (["phone_number,phone_number"], (1, "phone_number", "phone_number", "each column once")),
        (["invoice", "invoice.pdf"], (1, "phone_number", "", "a column phone_number beside invoice")),
        (["loa,nnid", "north,104029"], (1, "phone_number", "", "a column phone_number beside loa and nnid")),
        (["phone_number,invoices", "+12025550134,"], (1, "invoices", "invoices", f"{COLUMNS}; did you mean invoice?")),
        (
            ["phone_number,campaign_id", "+12025550134,C3O\x07GA"],
            (2, "campaign_id", "C3O\x07GA", "text without characters that cannot be printed"),
        ),
        (
            ["phone_number", "+12025550134,invoice.pdf"],
            (
                2,
                "",
                "+12025550134,invoice.pdf",
                "one number; for more begin with the line phone_number,invoice",
            ),
        ),
        (
            ["phone_number,invoice", "+12025550134,invoice.pdf,x"],
            (2, "", "+12025550134,invoice.pdf,x", "2 columns as in the header"),
        ),
        (
            ["phone_number", '"+12025550134', "+12025550135"],
            (
                2,
                "",
                '"+12025550134',
                "columns separated by commas, quotation marks in pairs: unexpected end of data",
            ),
        ),
        ([], (None, "phone_number", "", "at least one number")),
        (["phone_number", "", "# nothing yet"], (None, "phone_number", "", "at least one number")),
    ],
)
def test_a_file_of_another_shape_is_explained(
    folder: BatchFolder, lines: list[str], found: tuple[int | None, str, str, str]
) -> None:
    folder.numbers(*lines)
    assert folder.problems() == [("numbers.csv", *found)]


def test_a_line_that_is_not_utf_8_spoils_only_itself(folder: BatchFolder) -> None:
    folder.file("numbers.csv", b"+12025550134\n+12025550135 B\xfcro\n+1\n")
    assert folder.problems() == [
        ("numbers.csv", 2, "", "+12025550135 B\N{REPLACEMENT CHARACTER}ro", "UTF-8 text: save the file as UTF-8"),
        ("numbers.csv", 3, "phone_number", "+1", "not a phone number; write E.164, for example +12025550134"),
    ]


def test_a_utf_16_file_is_recognised(folder: BatchFolder) -> None:
    folder.file("numbers.csv", "phone_number\n+12025550134\n".encode("utf-16"))
    expected = "UTF-8 text: save the file as UTF-8 (this one is UTF-16)"
    assert folder.problems() == [("numbers.csv", 1, "", "", expected)]


@pytest.mark.parametrize(("name", "why"), [("absent.csv", "No such file or directory"), ("folder", "Is a directory")])
def test_a_numbers_file_that_cannot_be_read_is_said_so(folder: BatchFolder, name: str, why: str) -> None:
    (folder.path / "folder").mkdir()
    folder.change('"numbers.csv"', f'"{name}"')
    assert folder.problems() == [(name, None, "", name, f"a numbers file that can be read: {why}")]


def test_a_path_on_the_command_line_is_relative_to_the_current_directory(
    folder: BatchFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.file("elsewhere/few.csv", b"+12025550136\n")
    monkeypatch.chdir(folder.path / "elsewhere")
    assert folder.numbers_read("few.csv") == ["+12025550136"]


@pytest.mark.timeout(300)
def test_100_000_rows_are_read_and_their_one_mistake_is_found(folder: BatchFolder) -> None:
    rows = [f"+1{area}{line}" for area in ("212", "415") for line in range(2_000_000, 2_050_000)]
    folder.numbers("phone_number", *rows)
    folder.change('"invoices-then-voice"', '"voice"')
    batch_input = folder.read()
    assert batch_input.numbers_total == 100_000
    assert [number for planned in batch_input.slices for number in planned.numbers] == rows
    folder.numbers("phone_number", *rows, "1 (212) 200-0000")
    expected = "each number once: +12122000000 stands on line 2 already"
    assert folder.problems() == [Found("numbers.csv", 100_002, "phone_number", "1 (212) 200-0000", expected)]
