"""What every number has takes little memory, and is still what it was on the wire: a frozen value, field by field."""

import json
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.contracts.hosting_order import OrderState
from onboarding.model import SlottedModel
from onboarding.progress import NumberProgress, ordered
from tests.onboarding.model_values import all_models, fields_of, instances

SLOTTED = [model for model in all_models() if issubclass(model, SlottedModel)]

each_slotted_model = pytest.mark.parametrize("model", SLOTTED, ids=lambda model: model.__name__)
modest = settings(max_examples=15, deadline=None)

NOON = "2026-03-02T12:00:00Z"
WRITTEN_BY_0_1_0: dict[str, Any] = {
    "phone_number": "+12025550134",
    "stage": "PROVISIONING",
    "reason": {"code": "X", "sentence": "Sinch is asked why."},
    "since": NOON,
    "verified_at": NOON,
    "ordered_at": NOON,
    "settled_at": None,
    "hosting_order_id": "order-1",
    "records": {
        "campaign_expected": True,
        "osr": 3,
        "platform": 0,
        "campaign": 4,
        "hosting": 0,
        "osr_failure": None,
        "platform_failure": None,
        "campaign_failure": "X",
        "hosting_failure": None,
        "carrier_errors": [],
        "order_ended": "",
    },
    "recovery": {
        "phase": "look-up",
        "since": NOON,
        "why": {"code": "X", "sentence": "Ask Sinch support."},
        "tries": 0,
        "retry_at": None,
        "newer_than": NOON,
        "looked_up": False,
        "hosted": True,
    },
    "not_before": NOON,
    "early_events": [],
    "findings": [],
    "last_review": "VERIFIED",
    "old_review": "",
}
"""A number as the first release wrote it into histories."""


def test_a_number_is_read_and_written_as_in_the_first_release() -> None:
    state = OrderState.model_validate({"numbers": {"+12025550134": WRITTEN_BY_0_1_0}})
    assert json.loads(state.model_dump_json())["numbers"] == {"+12025550134": WRITTEN_BY_0_1_0}


@each_slotted_model
@modest
@given(data=st.data())
def test_a_slotted_model_is_frozen_and_has_no_dictionary(data: st.DataObject, model: type) -> None:
    value = data.draw(instances(model))
    assert not hasattr(value, "__dict__")
    for name in fields_of(model):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, getattr(value, name))


@each_slotted_model
@modest
@given(data=st.data())
def test_a_copy_has_the_given_fields_and_all_others_as_they_were(data: st.DataObject, model: type) -> None:
    first, second, names = data.draw(instances(model)), data.draw(instances(model)), list(fields_of(model))
    changed = data.draw(st.sets(st.sampled_from(names)))
    copied = first.model_copy(update={name: getattr(second, name) for name in changed})
    for name in names:
        assert getattr(copied, name) == getattr(second if name in changed else first, name)


def test_numbers_of_which_nothing_is_known_share_their_records() -> None:
    first, second = (NumberProgress(phone_number=number) for number in ("+12025550134", "+12025550135"))
    assert (
        first.records
        is second.records
        is ordered(first, datetime(2026, 3, 2, tzinfo=UTC), campaign_expected=True).records
    )
