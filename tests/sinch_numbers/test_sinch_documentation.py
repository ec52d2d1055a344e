"""docs/sinch-client.md says what the client can do: every operation, its method and its test, and every setting."""

import ast
import inspect
import re
from pathlib import Path
from types import FunctionType

from sinch_numbers import ClientSettings, SinchNumbers, callbacks
from tests.sinch_numbers.recorded_sinch import KEY

DOCUMENT = (Path(__file__).parents[2] / "docs" / "sinch-client.md").read_text()
OPERATIONS = (
    *(f"I{position}" for position in range(1, 6)),
    *(f"H{position}" for position in range(1, 9)),
    *(f"Q{position}" for position in range(1, 9)),
    *("C1", "C2", "W1"),
    *(f"N{position}" for position in range(1, 13)),
)
WEBHOOKS = ("W1", "N12")


def table(heading: str) -> list[list[str]]:
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


ROWS = [
    (operation, code(operation_id)[0], code(methods), code(tests))
    for heading in ("Operations", "Operations of the Numbers API")
    for operation, operation_id, _, methods, tests in table(heading)
]


def resources() -> dict[str, object]:
    client = SinchNumbers("project-1", KEY)
    return {name: value for name, value in vars(client).items() if not name.startswith("_")}


def public_methods() -> dict[str, FunctionType]:
    return {
        f"{name}.{method}": function
        for name, resource in resources().items()
        for method, function in inspect.getmembers(type(resource), inspect.isfunction)
        if not method.startswith("_")
    }


def sources_of_tests() -> dict[str, str]:
    return {
        node.name: ast.unparse(node)
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_operation_of_the_api_is_in_the_table() -> None:
    assert list(dict.fromkeys(operation for operation, *_ in ROWS)) == list(OPERATIONS)


def test_every_method_is_in_the_table_and_every_method_in_the_table_exists() -> None:
    documented = [method for operation, _, methods, _ in ROWS if operation not in WEBHOOKS for method in methods]
    assert sorted(documented) == sorted(public_methods())


def test_every_method_names_the_operation_that_the_table_gives_it() -> None:
    methods = public_methods()
    unnamed = [
        method
        for operation, operation_id, names, _ in ROWS
        if operation not in WEBHOOKS
        for method in names
        if not re.search(rf"Sinch API:\s+{operation_id}\.", methods[method].__doc__ or "")
    ]
    assert unnamed == []


def test_every_test_in_the_table_exists_and_calls_one_of_the_methods() -> None:
    sources = sources_of_tests()
    for operation, _, methods, tests in ROWS:
        assert tests, operation
        for test in tests:
            assert test in sources, operation
            calls = [method.removeprefix("callbacks.") for method in methods]
            assert any(f"{call}(" in sources[test] or f"{call}." in sources[test] for call in calls), operation


def test_a_webhook_is_read_by_what_the_table_names() -> None:
    names = [method for operation, _, methods, _ in ROWS if operation in WEBHOOKS for method in methods]
    assert {name.removeprefix("callbacks.") for name in names} <= set(callbacks.__all__)


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {code(name)[0]: code(default)[0] for name, default, _ in table("Limits and switches")}
    assert documented == {name: repr(field.default) for name, field in ClientSettings.model_fields.items()}


def test_every_setting_is_explained_where_it_is_defined() -> None:
    explanation = inspect.getdoc(ClientSettings) or ""
    assert [name for name in ClientSettings.model_fields if f"\n{name}: " not in explanation] == []
