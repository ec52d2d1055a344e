"""What is checked before anything is sent, so that a slip costs no call: E.164 shape, limits, required members.

Sinch API: headers and formats; hosting order requests; LOA objects; importing a number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from sinch_numbers._errors import FieldViolation, InvalidRequest
from sinch_numbers._models._base import ApiModel
from sinch_numbers._models._imported_numbers import CreateImportedNumberRequest
from sinch_numbers._models._order_requests import HostingOrderRequest, ImportNumbersRequest
from sinch_numbers._settings import ClientSettings

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LOA_SUFFIX = "_loa_info"


def path_segment(value: str, *, operation: str, field: str) -> str:
    """`value` quoted as one path segment. Raises InvalidRequest when it would address something else."""
    if value in {"", ".", ".."}:
        refuse(operation, [FieldViolation(field, f"{value!r} is not an identifier")], subject=value)
    return quote(value, safe="")


def phone_number_segment(phone_number: str, *, operation: str) -> str:
    """`phone_number` as a path segment; its plus is legal there and stays. Raises InvalidRequest."""
    refuse(operation, _phone_number_violations("phoneNumber", [phone_number]), subject=phone_number)
    return phone_number


def check_phone_numbers(phone_numbers: Sequence[str], *, operation: str, most: int) -> None:
    """Raise InvalidRequest unless there are 1 to `most` numbers, all in E.164."""
    refuse(operation, _batch_violations("phoneNumbers", phone_numbers, most))


def check_order(request: HostingOrderRequest, *, operation: str, settings: ClientSettings) -> None:
    """Raise one InvalidRequest that names everything wrong with `request`."""
    refuse(operation, _order_violations(request, settings), subject=request.display_name)


def check_imported_number(request: CreateImportedNumberRequest, *, operation: str, settings: ClientSettings) -> None:
    """Raise one InvalidRequest that names everything wrong with `request`."""
    refuse(operation, _imported_number_violations(request, settings), subject=request.phone_number)


def check_one_given(fields: Mapping[str, str | None], *, operation: str, subject: str) -> None:
    """Raise InvalidRequest when none of `fields` has a value, or one of them is blank."""
    refuse(operation, _one_given_violations(fields), subject=subject)


def check_required(value: object, *, operation: str, field: str) -> None:
    """Raise InvalidRequest when `value` is empty; the error does not quote it, for it may be a secret."""
    if not value:
        refuse(operation, [FieldViolation(field, "is required")])


def refuse(operation: str, violations: Iterable[FieldViolation], *, subject: str | None = None) -> None:
    """Raise one InvalidRequest with all `violations`, if there are any."""
    found = tuple(violations)
    if found:
        raise InvalidRequest("the request is not valid", operation=operation, subject=subject, violations=found)


def _order_violations(request: HostingOrderRequest, settings: ClientSettings) -> Iterator[FieldViolation]:
    imports = isinstance(request, ImportNumbersRequest)
    most = settings.max_numbers_per_import if imports else settings.max_numbers_per_request
    yield from _batch_violations("numbers", request.numbers, most)
    yield from blank_members(request)
    yield from _letter_violations(request)
    if not imports:
        yield from _migration_violations("migrateToSinchTmo", request.migrate_to_sinch_tmo, settings)


def _letter_violations(request: HostingOrderRequest) -> Iterator[FieldViolation]:
    letters = {
        str(info.alias): getattr(request, name)
        for name, info in type(request).model_fields.items()
        if name.endswith(_LOA_SUFFIX)
    }
    given = sum(letter is not None for letter in letters.values())
    if letters and given != 1:
        yield FieldViolation("/".join(letters), f"exactly one is required, {given} are given")


def _imported_number_violations(
    request: CreateImportedNumberRequest, settings: ClientSettings
) -> Iterator[FieldViolation]:
    yield from _phone_number_violations("phoneNumber", [request.phone_number])
    yield from blank_members(request.sms_configuration, "smsConfiguration.")
    yield from _migration_violations(
        "smsConfiguration.migrateToSinchTmo", request.sms_configuration.migrate_to_sinch_tmo, settings
    )


def _migration_violations(field: str, value: bool | None, settings: ClientSettings) -> Iterator[FieldViolation]:
    if value is not None and not settings.send_migrate_to_sinch_tmo:
        yield FieldViolation(
            field,
            "only hosting_orders.import_numbers takes it; ClientSettings.send_migrate_to_sinch_tmo sends it anyway",
        )


def _one_given_violations(fields: Mapping[str, str | None]) -> Iterator[FieldViolation]:
    if all(value is None for value in fields.values()):
        yield FieldViolation("/".join(fields), "at least one is required")
    for field, value in fields.items():
        if value is not None:
            yield from _blank_violations(field, value)


def _batch_violations(field: str, phone_numbers: Sequence[str], most: int) -> Iterator[FieldViolation]:
    if not 1 <= len(phone_numbers) <= most:
        yield FieldViolation(field, f"1 to {most} numbers are allowed, {len(phone_numbers)} are given")
    yield from _phone_number_violations(field, phone_numbers)


def _phone_number_violations(field: str, phone_numbers: Iterable[str]) -> Iterator[FieldViolation]:
    for phone_number in phone_numbers:
        if not _E164.fullmatch(phone_number):
            yield FieldViolation(field, f"{phone_number!r} is not E.164, e.g. +12025550134")


def blank_members(model: ApiModel, path: str = "") -> Iterator[FieldViolation]:
    """One violation for each text in `model` and below that has no letters; `path` goes before their wire names."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        wire_path = f"{path}{info.alias}"
        if isinstance(value, ApiModel):
            yield from blank_members(value, f"{wire_path}.")
        elif isinstance(value, str):
            yield from _blank_violations(wire_path, value)


def _blank_violations(field: str, value: str) -> Iterator[FieldViolation]:
    if not value.strip():
        yield FieldViolation(field, "must not be blank")
