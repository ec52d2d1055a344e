"""Which files count as invoices, which numbers need one, and what is doubtful about a valid one."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from tests.starter.input.batch_folder import NUMBERS, BatchFolder
from tests.starter.input.invoice_pdf import pdf_showing, pdf_without_pages

NEEDED = "as verification is invoices-then-voice, which mails invoices"
NOT_LISTED = "invoices that list each number, or Sinch will not review it; not found: "


@pytest.fixture
def folder(tmp_path: Path) -> BatchFolder:
    return BatchFolder(tmp_path)


def encrypted(pdf: bytes, password: str, algorithm: str = "AES-256") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt(password, owner_password="owner", algorithm=algorithm)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "a PDF with at least one page (the file is empty)"),
        (pdf_without_pages(), "a PDF with at least one page"),
        (b"PK\x03\x04 a spreadsheet", "a PDF (this is a file of another kind)"),
        (
            pdf_showing(["Invoice"])[:60],
            "a PDF that opens (this one is damaged: Stream has ended unexpectedly)",
        ),
    ],
)
def test_a_file_that_is_no_readable_pdf_is_a_problem_of_the_batch_file(
    folder: BatchFolder, content: bytes, expected: str
) -> None:
    folder.file("invoice.pdf", content)
    assert folder.problems() == [("batch.toml", 9, "invoices", "invoice.pdf", expected)]


def test_a_missing_invoice_and_a_folder_are_named_each(folder: BatchFolder) -> None:
    (folder.path / "2026").mkdir()
    folder.change('["invoice.pdf"]', '["march.pdf", "invoice.pdf", "2026"]')
    assert folder.problems() == [
        ("batch.toml", 9, "invoices", "march.pdf", f"a PDF that exists ({folder.path / 'march.pdf'} does not)"),
        ("batch.toml", 9, "invoices", "2026", "a PDF file (this is no file)"),
    ]


def test_a_missing_invoice_of_a_row_is_named_at_the_first_row(folder: BatchFolder) -> None:
    folder.numbers("phone_number,invoice", f"{NUMBERS[0]},", f"{NUMBERS[1]},own.pdf", f"{NUMBERS[2]},own.pdf")
    expected = f"a PDF that exists ({folder.path / 'own.pdf'} does not) (named in 2 rows)"
    assert folder.problems() == [("numbers.csv", 3, "invoice", "own.pdf", expected)]


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_pdf_that_is_only_locked_against_changes_is_read(folder: BatchFolder, algorithm: str) -> None:
    folder.file("invoice.pdf", encrypted(pdf_showing(NUMBERS), "", algorithm))
    assert folder.warnings() == []
    folder.file("invoice.pdf", encrypted(pdf_showing(NUMBERS[:1]), "", algorithm))
    assert folder.warnings() != []


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_pdf_that_asks_for_a_password_is_refused(folder: BatchFolder, algorithm: str) -> None:
    folder.file("invoice.pdf", encrypted(pdf_showing(NUMBERS), "secret", algorithm))
    expected = "a PDF that opens without a password (this one is encrypted)"
    assert folder.problems() == [("batch.toml", 9, "invoices", "invoice.pdf", expected)]


def test_without_any_invoice_the_batch_file_is_asked_for_one(folder: BatchFolder) -> None:
    folder.change('["invoice.pdf"]', "[]")
    expected = f"at least one PDF, here or in the numbers file, {NEEDED}"
    assert folder.problems() == [("batch.toml", 9, "invoices", "[]", expected)]


def test_a_row_without_invoice_is_asked_for_one_where_the_batch_has_none(folder: BatchFolder) -> None:
    folder.change('invoices = ["invoice.pdf"]\n', "")
    folder.numbers("phone_number,invoice", f"{NUMBERS[0]},invoice.pdf", NUMBERS[1], f"{NUMBERS[2]},")
    expected = f"a PDF, here or for all numbers in the batch file, {NEEDED}"
    assert folder.problems() == [
        ("numbers.csv", 3, "invoice", "", expected),
        ("numbers.csv", 4, "invoice", "", expected),
    ]


def test_verification_by_voice_needs_no_invoice(folder: BatchFolder) -> None:
    folder.change('["invoice.pdf"]', "[]")
    folder.change('"invoices-then-voice"', '"voice"')
    assert folder.warnings() == []


def test_invoices_of_rows_are_found_beside_the_numbers_file(folder: BatchFolder) -> None:
    numbers = folder.file("march/numbers.csv", f"phone_number,invoice\n{NUMBERS[0]},pdf/own.pdf\n".encode())
    own = folder.invoice("march/pdf/own.pdf", NUMBERS[0])
    batch_input = folder.read(str(numbers))
    assert [planned.invoices for planned in batch_input.slices] == [(folder.path / "invoice.pdf", own)]
    assert batch_input.invoice_sizes[own] == own.stat().st_size
    assert batch_input.warnings == ()


def test_invoices_named_on_standard_input_are_found_in_the_current_directory(
    folder: BatchFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = folder.invoice("desk/own.pdf", NUMBERS[0])
    monkeypatch.chdir(folder.path / "desk")
    batch_input = folder.read("-", f"phone_number,invoice\n{NUMBERS[0]},own.pdf\n".encode())
    assert batch_input.slices[0].invoices == (folder.path / "invoice.pdf", own)


@pytest.mark.parametrize(
    "shown",
    ["+12025550134", "2025550134", "(202) 555-0134", "202.555.0134", "1 202 555 0134", "Line 4: 202-555-0134 USD 9"],
)
def test_a_number_is_found_in_an_invoice_however_it_is_written(folder: BatchFolder, shown: str) -> None:
    folder.numbers("+12025550134")
    folder.invoice("invoice.pdf", shown)
    assert folder.warnings() == []


def test_numbers_that_no_invoice_lists_bring_a_warning(folder: BatchFolder) -> None:
    folder.invoice("invoice.pdf", NUMBERS[1], "202-555-0143")
    assert folder.warnings() == [
        ("batch.toml", 9, "invoices", "invoice.pdf", f"{NOT_LISTED}{NUMBERS[0]}, {NUMBERS[2]}")
    ]


def test_many_unlisted_numbers_are_counted(folder: BatchFolder) -> None:
    unlisted = [f"+1202555{line:04d}" for line in range(1000, 1012)]
    folder.numbers(*unlisted)
    expected = f"{NOT_LISTED}{', '.join(unlisted[:5])} and 7 more"
    assert folder.warnings() == [("batch.toml", 9, "invoices", "invoice.pdf", expected)]


def test_a_row_with_an_invoice_may_be_listed_there_or_in_an_invoice_of_the_batch(folder: BatchFolder) -> None:
    folder.invoice("invoice.pdf", NUMBERS[0])
    folder.invoice("own.pdf", NUMBERS[1])
    folder.numbers("phone_number,invoice", *(f"{number},own.pdf" for number in [*NUMBERS, "+12025550137"]))
    expected = f"{NOT_LISTED}{NUMBERS[2]}, +12025550137"
    assert folder.warnings() == [("numbers.csv", 4, "invoice", "own.pdf", expected)]


def test_an_invoice_without_text_has_to_be_looked_at(folder: BatchFolder) -> None:
    folder.file("invoice.pdf", pdf_showing([]))
    expected = f"{NOT_LISTED}{', '.join(NUMBERS)}; no digits can be read in invoice.pdf, look yourself"
    assert folder.warnings() == [("batch.toml", 9, "invoices", "invoice.pdf", expected)]


def test_invoices_too_large_for_a_mail_bring_a_warning(folder: BatchFolder) -> None:
    pdf = pdf_showing(NUMBERS)
    folder.file("invoice.pdf", pdf + b"%" * (20_000_000 - len(pdf)))
    assert folder.warnings() == []
    folder.file("more.pdf", pdf_showing(["Invoice, page 2"]))
    folder.change('["invoice.pdf"]', '["invoice.pdf", "more.pdf"]')
    expected = "at most 20 MB a mail, or mail servers may refuse it; larger: group 1"
    assert folder.warnings() == [("batch.toml", 9, "invoices", "20.0 MB", expected)]
