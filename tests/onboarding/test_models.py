"""Every value that crosses a process border survives the trip, and fields that a newer version has added."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from temporalio.contrib.pydantic import pydantic_data_converter

from onboarding.batch import EmailAddress, Filled
from onboarding.calls.voice import CheckCode
from onboarding.contracts.verification import SubmitCode, VoiceCode
from onboarding.findings import Finding
from onboarding.model import Model, SlottedModel, State
from onboarding.observations import CarrierError
from onboarding.reasons import Reason
from onboarding.task_queues import ROLES
from tests.onboarding.model_values import all_calls, all_models, fields_of, instances

MODELS = all_models()
TO_AND_FRO = pydantic_data_converter.payload_converter

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
modest = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def with_unknown_fields(value: Any) -> Any:
    """The plain data of a model, with a field more in every model inside."""
    match value:
        case BaseModel() | SlottedModel():
            known = {name: with_unknown_fields(getattr(value, name)) for name in fields_of(type(value))}
            return known | {"added_in_a_later_version": {"x": [1]}}
        case dict():
            return {key: with_unknown_fields(item) for key, item in value.items()}
        case tuple() | list():
            return [with_unknown_fields(item) for item in value]
        case _:
            return value


@each_model
@modest
@given(data=st.data())
def test_a_model_comes_out_of_a_history_as_it_went_in(data: st.DataObject, model: type) -> None:
    sent = data.draw(instances(model))
    assert TO_AND_FRO.from_payload(TO_AND_FRO.to_payload(sent), model) == sent


@each_model
@modest
@given(data=st.data())
def test_a_model_ignores_what_it_does_not_know(data: st.DataObject, model: type) -> None:
    sent = data.draw(instances(model))
    assert TypeAdapter(model).validate_python(with_unknown_fields(sent)) == sent


@pytest.mark.parametrize("model", [model for model in MODELS if issubclass(model, BaseModel)])
def test_a_value_is_frozen_and_only_states_change_in_place(model: type[BaseModel]) -> None:
    assert issubclass(model, Model) is not issubclass(model, State)
    assert model.model_config.get("frozen", False) is issubclass(model, Model)


def test_names_of_models_are_unique() -> None:
    assert len({model.__name__ for model in MODELS}) == len(MODELS) > 50


def test_no_model_but_the_submitted_code_and_its_check_holds_a_code() -> None:
    with_codes = {model for model in MODELS if "code" in fields_of(model)}
    assert with_codes - {Reason, CarrierError, Finding} == {SubmitCode, CheckCode}, "a reason has no voice code"


@pytest.mark.parametrize("code", ["123", "0042", "1234567890"])
def test_a_voice_code_keeps_its_leading_zeros(code: str) -> None:
    assert SubmitCode(code=code).code == code


@pytest.mark.parametrize(
    "code", ["", "12", "12345678901", "12a4", "12 34", "1234\n", "\uff11\uff12\uff13\uff14", "\u0661\u0662\u0663"]
)
def test_what_nobody_can_hear_is_no_voice_code(code: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(VoiceCode).validate_python(code)


@pytest.mark.parametrize("address", ["jane.doe@example.com", "a+b@mail.example.co.uk"])
def test_an_email_address_is_kept(address: str) -> None:
    assert TypeAdapter(EmailAddress).validate_python(address) == address


@pytest.mark.parametrize(
    "address", ["", "jane", "jane@", "@example.com", "jane@localhost", "j d@example.com", "a@b@c.de", "a@b..de"]
)
def test_another_email_address_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(ValidationError, match=r"jane\.doe@example\.com"):
        TypeAdapter(EmailAddress).validate_python(address)


def test_what_has_to_be_filled_in_is_trimmed() -> None:
    assert TypeAdapter(Filled).validate_python("  Jane Doe\n") == "Jane Doe"


@pytest.mark.parametrize("text", ["", " \t ", "Jane\r\nBcc: all@example.com", "Jane\x00"])
def test_what_has_to_be_filled_in_is_one_line_with_something_in_it(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Filled).validate_python(text)


def test_every_activity_has_its_own_wire_name_and_a_task_queue_that_a_worker_serves() -> None:
    calls = all_calls()
    assert len({call.name for call in calls.values()}) == len(calls) > 8
    assert {call.task_queue for call in calls.values()} == set(ROLES.values())


def test_every_worker_role_has_a_task_queue_of_its_own() -> None:
    assert len(set(ROLES.values())) == len(ROLES) == 3


def test_only_calls_that_ring_a_phone_or_rent_are_never_repeated() -> None:
    once = {name for name, call in all_calls().items() if call.retry.maximum_attempts == 1}
    assert once == {"PLACE_CALL", "RENT_NUMBERS", "RESERVE", "CHECK_OUT"}
