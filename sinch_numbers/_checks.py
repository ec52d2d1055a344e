"""What is checked before anything is sent, so that a slip costs no call: E.164 shape, limits, required members.

Sinch API: headers and formats; text enabling; LOA objects.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from sinch_numbers._errors import FieldViolation, InvalidRequest
from sinch_numbers._models._base import ApiModel
from sinch_numbers._models._text_enablement import TextEnableNumbersRequest

MAX_NUMBERS_PER_REQUEST = 500
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LOA_NAMES = ("directLoaInfo", "resellerLoaInfo", "blanketLoaInfo")


def path_segment(value: str, *, operation: str, field: str) -> str:
    """`value` quoted as one path segment. Raises InvalidRequest when it would address something else."""
    if value in {"", ".", ".."}:
        _refuse(operation, [FieldViolation(field, f"{value!r} is not an identifier")], subject=value)
    return quote(value, safe="")


def phone_number_segment(phone_number: str, *, operation: str) -> str:
    """`phone_number` as a path segment; its plus is legal there and stays. Raises InvalidRequest."""
    _refuse(operation, _phone_number_violations("phoneNumber", [phone_number]), subject=phone_number)
    return phone_number


def check_phone_numbers(phone_numbers: Sequence[str], *, operation: str) -> None:
    """Raise InvalidRequest unless there are 1 to 500 numbers, all in E.164."""
    _refuse(operation, _batch_violations("phoneNumbers", phone_numbers))


def check_text_enablement(request: TextEnableNumbersRequest, *, operation: str) -> None:
    """Raise one InvalidRequest that names everything wrong with `request`."""
    _refuse(operation, _text_enablement_violations(request), subject=request.display_name)


def check_required(value: object, *, operation: str, field: str) -> None:
    """Raise InvalidRequest when `value` is empty; the error does not quote it, for it may be a secret."""
    if not value:
        _refuse(operation, [FieldViolation(field, "is required")])


def _refuse(operation: str, violations: Iterable[FieldViolation], *, subject: str | None = None) -> None:
    found = tuple(violations)
    if found:
        raise InvalidRequest("the request is not valid", operation=operation, subject=subject, violations=found)


def _text_enablement_violations(request: TextEnableNumbersRequest) -> Iterator[FieldViolation]:
    yield from _batch_violations("numbers", request.numbers)
    yield from _blank_members(request)
    letters = (request.direct_loa_info, request.reseller_loa_info, request.blanket_loa_info)
    given = sum(letter is not None for letter in letters)
    if given != 1:
        yield FieldViolation("/".join(_LOA_NAMES), f"exactly one is required, {given} are given")


def _batch_violations(field: str, phone_numbers: Sequence[str]) -> Iterator[FieldViolation]:
    if not 1 <= len(phone_numbers) <= MAX_NUMBERS_PER_REQUEST:
        yield FieldViolation(
            field, f"1 to {MAX_NUMBERS_PER_REQUEST} numbers are allowed, {len(phone_numbers)} are given"
        )
    yield from _phone_number_violations(field, phone_numbers)


def _phone_number_violations(field: str, phone_numbers: Iterable[str]) -> Iterator[FieldViolation]:
    for phone_number in phone_numbers:
        if not _E164.fullmatch(phone_number):
            yield FieldViolation(field, f"{phone_number!r} is not E.164, e.g. +12025550134")


def _blank_members(model: ApiModel, path: str = "") -> Iterator[FieldViolation]:
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        wire_path = f"{path}{info.alias}"
        if isinstance(value, ApiModel):
            yield from _blank_members(value, f"{wire_path}.")
        elif isinstance(value, str) and not value.strip():
            yield FieldViolation(wire_path, "must not be blank")
