"""The contract, docs/contract.md and the client's table of operations say the same."""

import re
from pathlib import Path

from tests.contract.numbers_operations import NUMBERS_OPERATIONS
from tests.contract.operations import OPERATIONS

DOCS = Path(__file__).parents[2] / "docs"
_OPERATION_OF_THE_CLIENT = re.compile(r"^\| [IHQC]\d \| `(\w+)` \| `([A-Z]+) ([^`]+)` \|", re.MULTILINE)


def test_the_page_lists_the_statuses_that_sinch_does_not_document_and_no_others() -> None:
    lines = (DOCS / "contract.md").read_text().splitlines()
    start = lines.index("| operation | status | when |") + 2
    rows = [
        f"| `{operation.id}` | {status} | {why} |"
        for operation in (*OPERATIONS, *NUMBERS_OPERATIONS)
        for status, why in operation.ours.items()
    ]

    assert lines[start : lines.index("", start)] == rows


def test_no_status_is_both_documented_and_ours() -> None:
    both = (*OPERATIONS, *NUMBERS_OPERATIONS)
    assert not [operation.id for operation in both if set(operation.documented) & set(operation.ours)]


def test_the_contract_and_the_client_have_the_same_operations() -> None:
    of_the_client = set(_OPERATION_OF_THE_CLIENT.findall((DOCS / "sinch-client.md").read_text()))

    assert {(operation.id, operation.method, operation.path) for operation in OPERATIONS} == of_the_client
    assert len(OPERATIONS) == len(of_the_client)
