"""docs/sinch-client.md on the legacy API: every operation with its method and test, every error with its kind."""

import inspect
import re

from sinch_numbers import legacy
from sinch_numbers.legacy import LegacySettings, NumberAdministration
from sinch_numbers.legacy._errors import ERROR_OF_CODE
from tests.sinch_numbers.test_sinch_documentation import DOCUMENT, code, sources_of_tests

SECTION = DOCUMENT.split("## The legacy Number Administration API\n")[1]
ROWS = [line.strip("| ").split(" | ") for line in SECTION.splitlines() if re.match(r"\| (L|4|5)\d", line)]
OPERATIONS = [row for row in ROWS if row[0].startswith("L")]
METHODS = {
    name: function
    for name, function in inspect.getmembers(NumberAdministration, inspect.isfunction)
    if not name.startswith("_") and name != "aclose"
}


def test_every_operation_of_the_legacy_api_is_in_the_table() -> None:
    named = {operation for row in OPERATIONS for operation in row[0].split(", ")}
    assert named == {f"L{position}" for position in range(1, 11)}


def test_every_method_of_the_legacy_client_is_in_the_table_with_its_operations() -> None:
    documented = {code(methods)[0]: operations for operations, _, methods, *_ in OPERATIONS if code(methods)}
    assert set(documented) == set(METHODS)
    for method, operations in documented.items():
        explained = inspect.getdoc(METHODS[method]) or ""
        assert all(re.search(rf"Sinch API: [^.]*\b{one}\b", explained) for one in operations.split(", ")), method


def test_every_test_in_the_table_of_the_legacy_api_exists() -> None:
    named = [test for row in OPERATIONS for test in code(row[-1])]
    assert len(named) == len(OPERATIONS)
    assert set(named) <= set(sources_of_tests())


def test_every_code_is_in_the_table_with_its_class_and_kind() -> None:
    documented = {int(row[0]): (code(row[1])[0], code(row[2])) for row in ROWS if not row[0].startswith("L")}
    assert set(documented) == set(ERROR_OF_CODE)
    for number, (name, kinds) in documented.items():
        assert getattr(legacy, name) is ERROR_OF_CODE[number]
        assert set(kinds) <= {kind.__name__ for kind in ERROR_OF_CODE[number].__mro__}


def test_every_setting_of_the_legacy_client_is_documented_and_explained() -> None:
    explanation = inspect.getdoc(LegacySettings) or ""
    for name in LegacySettings.model_fields:
        assert f"`{name}`" in SECTION
        assert f"\n{name}: " in explanation
