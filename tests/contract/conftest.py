"""What the contract's tests need of pytest."""

import pytest
from _pytest.nodeid import coerce_node_id


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Schemathesis gives one id to the tests of all operations; give each the one its name says.

    There is no public way to do that (schemathesis 4.32, pytest 9.2).
    """
    for item in items:
        module, _, known = item.nodeid.rpartition("::")
        if item.name != known and item.name.startswith(f"{known}["):
            item._id = coerce_node_id(f"{module}::{item.name}")
