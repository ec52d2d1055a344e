"""The search attributes fit every Temporal server, the dev server's few slots included."""

from collections import Counter

from temporalio.common import SearchAttributeKey

from onboarding import search_attributes
from onboarding.search_attributes import DATETIMES, INTEGERS, KEYWORDS, TYPE_NAMES

KEYS = [key for key in vars(search_attributes).values() if isinstance(key, SearchAttributeKey)]


def test_they_fit_the_slots_of_the_dev_server() -> None:
    assert len(KEYWORDS) <= 10
    assert len(INTEGERS) <= 3
    assert len(DATETIMES) <= 3


def test_every_attribute_is_registered_under_the_type_it_is_used_with() -> None:
    used = {key.name: key.indexed_value_type.name.lower() for key in KEYS}
    assert used == {name: type_name.lower() for name, type_name in TYPE_NAMES.items()}
    assert len(KEYS) == len([*KEYWORDS, *INTEGERS, *DATETIMES])


def test_names_are_unique_and_none_is_one_of_temporals_own() -> None:
    assert max(Counter(key.name for key in KEYS).values()) == 1
    assert not {"Status", "WorkflowId", "WorkflowType", "StartTime", "BuildIds"} & TYPE_NAMES.keys()
