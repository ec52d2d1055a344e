"""Invoices: every one has to be a PDF that opens, and should list the numbers whose ownership it proves.

Sinch API: qualification; ownership is proven by invoices that list each number explicitly.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pypdf import PageObject, PdfReader
from pypdf.errors import FileNotDecryptedError

_NATIONAL_DIGITS = 10

# What matters of a damaged PDF is reported as a problem; pypdf's own remarks on it would go to the terminal.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class NotAnInvoice(Exception):
    """The file cannot be sent as an invoice; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One PDF: its size in bytes, and all digits of its text, in which the numbers are looked for.

    No digits means that nothing can be told: the text is a picture, or cannot be extracted.
    """

    path: Path
    size: int
    digits: str

    def mentioned(self, numbers: Iterable[str]) -> set[str]:
        """Those of the E.164 numbers that the text shows, however it spaces them."""
        wanted = {number[-_NATIONAL_DIGITS:]: number for number in numbers}
        windows = (
            self.digits[start : start + _NATIONAL_DIGITS] for start in range(len(self.digits) - _NATIONAL_DIGITS + 1)
        )
        return {wanted[window] for window in windows if window in wanted}


def read_invoice(path: Path) -> Invoice:
    """Open the PDF at `path` and take the digits of its text.

    Raises NotAnInvoice.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise NotAnInvoice("a PDF file (this is no file)")
        if size == 0:
            raise NotAnInvoice("a PDF with at least one page (the file is empty)")
        with path.open("rb") as file:
            if b"%PDF-" not in file.read(1024):
                raise NotAnInvoice("a PDF (this is a file of another kind)")
            return Invoice(path, size, _digits(_opened(file)))
    except FileNotFoundError:
        raise NotAnInvoice(f"a PDF that exists ({path} does not)") from None
    except (OSError, ValueError) as error:
        raise NotAnInvoice(f"a PDF that can be read: {error}") from None


def _opened(file: BinaryIO) -> PdfReader:
    try:
        reader = PdfReader(file)
        pages = len(reader.pages)
    except FileNotDecryptedError:
        raise NotAnInvoice("a PDF that opens without a password (this one is encrypted)") from None
    except Exception as error:  # pypdf promises no kind of error for a damaged file
        raise NotAnInvoice(f"a PDF that opens (this one is damaged: {error})") from None
    if pages == 0:
        raise NotAnInvoice("a PDF with at least one page")
    return reader


def _digits(reader: PdfReader) -> str:
    return "".join(character for page in reader.pages for character in _text(page) if character in "0123456789")


def _text(page: PageObject) -> str:
    """A page without text to extract is no error: most scans are such pages."""
    try:
        return page.extract_text()
    except Exception:  # pypdf promises no kind of error for what it does not understand
        return ""
