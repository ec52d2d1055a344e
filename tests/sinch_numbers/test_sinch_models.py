"""Reading what Sinch sends: every documented field, and everything it may send one day."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sinch_numbers import (
    ActiveNumber,
    ActiveNumberSmsConfiguration,
    ActiveNumberVoiceConfiguration,
    AvailableNumber,
    AvailableRegion,
    CallbackConfiguration,
    CarrierOperation,
    GlobalProcessState,
    HostedNumberStatus,
    HostingOrder,
    HostingOrderNumber,
    HostingOrderReport,
    HostingOrderState,
    HostingOrderType,
    ImportedNumber,
    ImportedNumberResponse,
    ImportedNumbersSearchPattern,
    LoaType,
    MnoConfiguration,
    MnoState,
    Money,
    OrderBy,
    Page,
    ProvisioningType,
    QualifiedNumber,
    RegionCode,
    ScheduledProvisioning,
    ScheduledSmsProvisioning,
    ScheduledVoiceProvisioning,
    ServiceProvisioning,
    ServiceType,
    SmsConfiguration,
    State,
    TextEnableInfo,
    TextEnableResponse,
)
from sinch_numbers.callbacks import (
    CallbackEvent,
    EventStatus,
    FailureCode,
    ImportedNumbersEventType,
    ResourceType,
)
from tests.sinch_numbers import numbers_api_examples as numbers_api
from tests.sinch_numbers.sinch_examples import (
    CALLBACK_CONFIGURATION,
    CALLBACK_EVENT,
    HOSTING_ORDER,
    HOSTING_ORDER_NUMBER,
    IMPORTED_NUMBER,
    IMPORTED_NUMBER_RESPONSE,
    QUALIFIED_NUMBER,
    REPORT,
    SMS_CONFIGURATION,
    SMS_PROVISIONING,
    TEXT_ENABLE_INFO,
)

EXAMPLES: list[tuple[type[BaseModel], dict[str, Any]]] = [
    (QualifiedNumber, QUALIFIED_NUMBER),
    (HostingOrder, HOSTING_ORDER),
    (HostingOrderReport, REPORT),
    (HostingOrderNumber, HOSTING_ORDER_NUMBER),
    (TextEnableInfo, TEXT_ENABLE_INFO),
    (TextEnableResponse, {"hostingOrderId": "01arz3nhyrtsv4rrffq69g5fav"}),
    (ImportedNumber, IMPORTED_NUMBER),
    (ImportedNumberResponse, IMPORTED_NUMBER_RESPONSE),
    (MnoConfiguration, IMPORTED_NUMBER_RESPONSE["mnoConfiguration"]),
    (MnoState, IMPORTED_NUMBER_RESPONSE["mnoConfiguration"]["smsTmo"]),
    (SmsConfiguration, SMS_CONFIGURATION),
    (ScheduledProvisioning, SMS_CONFIGURATION["scheduledProvisioning"]),
    (ServiceProvisioning, SMS_PROVISIONING),
    (CallbackConfiguration, CALLBACK_CONFIGURATION),
    (CallbackEvent, CALLBACK_EVENT),
    (ActiveNumber, numbers_api.ACTIVE_NUMBER),
    (ActiveNumberSmsConfiguration, numbers_api.SMS_CONFIGURATION),
    (ScheduledSmsProvisioning, numbers_api.SCHEDULED_SMS),
    (ActiveNumberVoiceConfiguration, numbers_api.VOICE_CONFIGURATION),
    (ScheduledVoiceProvisioning, numbers_api.SCHEDULED_VOICE),
    (AvailableNumber, numbers_api.AVAILABLE_NUMBER),
    (AvailableRegion, numbers_api.AVAILABLE_REGION),
    (Money, numbers_api.ACTIVE_NUMBER["money"]),
]


def leaves(model: BaseModel) -> list[object]:
    values = [getattr(model, name) for name in type(model).model_fields]
    return [leaf for value in values for leaf in (leaves(value) if isinstance(value, BaseModel) else [value])]


@pytest.mark.parametrize(("model", "example"), EXAMPLES)
def test_every_documented_field_has_an_attribute(model: type[BaseModel], example: dict[str, Any]) -> None:
    parsed = model.model_validate(example)
    assert not parsed.model_extra
    assert None not in leaves(parsed)


@pytest.mark.parametrize(("model", "example"), EXAMPLES)
def test_unknown_fields_and_unknown_literals_are_kept(model: type[BaseModel], example: dict[str, Any]) -> None:
    parsed = model.model_validate({**example, "someNewField": {"a": 1}})
    assert parsed.model_extra == {"someNewField": {"a": 1}}
    for name, value in example.items():
        attribute = next(key for key, field in model.model_fields.items() if field.alias == name)
        if isinstance(getattr(parsed, attribute), StrEnum) and isinstance(value, str):
            strange = model.model_validate({**example, name: "A_NEW_LITERAL"})
            assert type(getattr(strange, attribute)) is str
            assert getattr(strange, attribute) == "A_NEW_LITERAL"


@pytest.mark.parametrize(("model", "example"), EXAMPLES)
def test_null_is_the_same_as_absent(model: type[BaseModel], example: dict[str, Any]) -> None:
    required = {field.alias for field in model.model_fields.values() if field.is_required()}
    identity = {name: value for name, value in example.items() if name in required}
    nulls = {name: None for name in example if name not in identity}
    assert model.model_validate({**identity, **nulls}) == model.model_validate(identity)


def test_a_null_deep_inside_a_page_is_absent_too() -> None:
    carriers = '{"smsAtt": {"errorCode": null}}'
    numbers = f'[{{"phoneNumber": "+12025550134", "displayName": "null", "mnoConfiguration": {carriers}}}]'
    text = f'{{"importedNumbers": {numbers}}}'
    number = Page[ImportedNumberResponse].model_validate_json(text).items[0]
    assert (number.display_name, number.mno_configuration.sms_att.error_code) == ("null", "")


def test_half_a_text_with_a_null_is_unreadable() -> None:
    with pytest.raises(ValidationError, match="Invalid JSON"):
        HostingOrder.model_validate_json('{"hostingOrderId": null')


@pytest.mark.parametrize("by_alias", [True, False])
@pytest.mark.parametrize(("model", "example"), [pair for pair in EXAMPLES if pair[0] is not CallbackConfiguration])
def test_a_model_written_as_json_reads_back_the_same(
    model: type[BaseModel], example: dict[str, Any], by_alias: bool
) -> None:
    parsed = model.model_validate({**example, "someNewField": 1})
    assert model.model_validate_json(parsed.model_dump_json(by_alias=by_alias)) == parsed


@pytest.mark.parametrize("by_alias", [True, False])
def test_a_page_written_as_json_reads_back_the_same(by_alias: bool) -> None:
    page = Page[QualifiedNumber].model_validate({"qualifiedNumbers": [QUALIFIED_NUMBER], "nextPageToken": "b"})
    assert len(page.items) == 1
    assert Page[QualifiedNumber].model_validate_json(page.model_dump_json(by_alias=by_alias)) == page


@pytest.mark.parametrize(("model", "example"), EXAMPLES)
def test_models_are_frozen(model: type[BaseModel], example: dict[str, Any]) -> None:
    parsed = model.model_validate(example)
    name = next(iter(model.model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(parsed, name, getattr(parsed, name))


@pytest.mark.parametrize("state", list(GlobalProcessState))
def test_the_state_of_a_qualified_number_is_read_with_and_without_prefix(state: GlobalProcessState) -> None:
    assert state.value == f"GLOBAL_PROCESS_STATE_{state.name}"
    for literal in (state.value, state.name):
        number = QualifiedNumber.model_validate({**QUALIFIED_NUMBER, "globalProcessState": literal})
        assert number.global_process_state is state


@pytest.mark.parametrize(
    ("wire", "status"),
    [
        (0, HostedNumberStatus.UNSPECIFIED),
        (1, HostedNumberStatus.HOSTED),
        ("2", HostedNumberStatus.FAILED),
        ("HOSTING_STATUS_HOSTED", HostedNumberStatus.HOSTED),
        (3, "3"),
        ("GONE", "GONE"),
    ],
)
def test_the_hosting_status_is_read_as_number_and_as_name(wire: object, status: str) -> None:
    number = QualifiedNumber.model_validate({**QUALIFIED_NUMBER, "hostedNumber": {"status": wire}})
    assert number.hosted_number.status == status
    assert type(number.hosted_number.status) is type(status)


def test_the_integer_statuses_of_an_older_revision_are_kept_as_text() -> None:
    number = QualifiedNumber.model_validate(
        {**QUALIFIED_NUMBER, "osrEligibility": {"status": 2}, "ownershipVerification": {"status": 0}}
    )
    assert (number.osr_eligibility.status, number.ownership_verification.status) == ("2", "0")


@pytest.mark.parametrize(
    ("wire", "loa_type"),
    [("DIRECT", LoaType.DIRECT), ("Direct", LoaType.DIRECT), ("reseller", LoaType.RESELLER), (0, "0"), ("X", "X")],
)
def test_the_loa_type_is_read_in_any_case_and_as_a_number(wire: object, loa_type: str) -> None:
    info = TextEnableInfo.model_validate({"loaType": wire})
    assert info.loa_type == loa_type
    assert type(info.loa_type) is type(loa_type)


@pytest.mark.parametrize("name", ["textEnableInfo", "hostingOrderInfo"])
def test_the_order_details_are_read_under_either_name(name: str) -> None:
    order = HostingOrder.model_validate({"hostingOrderId": "01arz", name: TEXT_ENABLE_INFO})
    assert order.text_enable_info is not None
    assert order.text_enable_info.loa_type is LoaType.DIRECT
    assert not order.model_extra


def test_an_order_detail_with_a_blank_member_left_out_is_still_read() -> None:
    order = HostingOrder.model_validate(
        {"hostingOrderId": "01arz", "textEnableInfo": {"address": {"street": "Vesta Drive"}}}
    )
    assert order.text_enable_info is not None
    assert order.text_enable_info.address is not None
    assert order.text_enable_info.address.building_number == ""


def test_the_stray_field_of_import_orders_does_no_harm() -> None:
    order = HostingOrder.model_validate({"hostingOrderId": "01arz", "type": "IMPORT", "numberImport": "{}"})
    assert order.type is HostingOrderType.IMPORT


def test_a_missing_counter_is_zero() -> None:
    report = HostingOrderReport.model_validate({"total": 1, "osrUpdated": "1"})
    assert report.model_dump() == {
        "total": 1,
        "osr_updated": 1,
        "sms_provisioned": 0,
        "added_to_campaign": 0,
        "ongoing_manual_action": 0,
    }


def test_a_missing_sub_process_is_unspecified() -> None:
    number = HostingOrderNumber.model_validate({"phoneNumber": "+12025550134", "smsTmo": {"updateTime": ""}})
    assert number.campaign_provisioning.state is State.UNSPECIFIED
    assert (number.sms_tmo.error_code, number.sms_tmo.update_time) == ("", None)


@pytest.mark.parametrize(
    ("status", "error_codes"),
    [(0, ()), (1, (3, 17)), ("1", ("3",)), ("FAILED", ("SMS_PROVISIONING_FAILED",)), ("A_NEW_LITERAL", (99,))],
)
def test_status_and_error_codes_of_scheduled_provisioning_are_kept_as_number_or_word(
    status: int | str, error_codes: tuple[int | str, ...]
) -> None:
    scheduled = ScheduledProvisioning.model_validate({"status": status, "errorCodes": [*error_codes]})
    assert (scheduled.status, type(scheduled.status)) == (status, type(status))
    assert scheduled.error_codes == error_codes


def test_a_number_without_link_and_without_news_has_empty_ids_and_no_state() -> None:
    number = ImportedNumberResponse.model_validate({"phoneNumber": "+12025550134", "smsConfiguration": None})
    assert (number.sms_configuration.service_plan_id, number.sms_configuration.campaign_id) == ("", "")
    assert number.sms_configuration.scheduled_provisioning is None
    assert (number.sms_provisioning.type, number.campaign_provisioning.state) == (None, State.UNSPECIFIED)
    assert number.mno_configuration.sms_tmo.operation is CarrierOperation.UNSPECIFIED


@pytest.mark.parametrize(
    "model",
    [
        ActiveNumber,
        AvailableNumber,
        AvailableRegion,
        ImportedNumber,
        QualifiedNumber,
        HostingOrder,
        HostingOrderNumber,
        TextEnableResponse,
    ],
)
def test_a_resource_without_its_identity_is_not_accepted(model: type[BaseModel]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate({})


def test_the_documented_literals_are_complete() -> None:
    def literals(enum: type[StrEnum]) -> set[str]:
        return {member.value for member in enum}

    assert literals(State) == {"DONE", "FAILED", "IN_PROGRESS", "WAITING", "STATE_UNSPECIFIED"}
    assert literals(HostingOrderState) == {
        "HOSTING_ORDER_STATE_UNSPECIFIED",
        "DRAFT",
        "SUBMITTED",
        "WAITING_FOR_LOA_SIGNATURE",
        "IN_PROGRESS",
        "COMPLETED",
        "REJECTED",
    }
    assert literals(HostingOrderType) == {"HOSTING_ORDER_TYPE_UNSPECIFIED", "IMPORT", "TYPE_TEXT_ENABLE"}
    assert len(literals(GlobalProcessState)) == 11
    assert literals(ImportedNumbersSearchPattern) == {"START", "CONTAIN", "END"}
    assert literals(ServiceType) == {"SMS", "CAMPAIGN"}
    assert literals(ProvisioningType) == {"PROVISIONING", "DEPROVISIONING"}
    assert literals(CarrierOperation) == {"PROVISIONING", "DEPROVISIONING", "OPERATION_UNSPECIFIED"}
    assert literals(RegionCode) == {"US", "CA"}
    assert literals(OrderBy) == {"createdTime", "updatedTime"}
    assert literals(ImportedNumbersEventType) == {
        "PROVISIONING_TO_SMS_PLATFORM",
        "DEPROVISIONING_TO_SMS_PLATFORM",
        "LINK_TO_10DLC_CAMPAIGN",
        "UNLINK_TO_10DLC_CAMPAIGN",
        "HOSTING_PROCESS",
        "OSR_UPDATE",
        "DELETE",
    }
    assert literals(ResourceType) >= {"IMPORTED_NUMBER", "HOSTING_ORDER_NUMBER"}
    assert literals(EventStatus) >= {"SUCCEEDED", "FAILED"}
    assert len(literals(FailureCode)) == 17


@given(
    second=st.integers(0, 4_102_444_800),
    digits=st.text("0123456789", max_size=9),
    zone=st.sampled_from(["", "Z", "+00:00"]),
)
def test_a_timestamp_of_any_precision_with_or_without_zone_is_utc_cut_to_microseconds(
    second: int, digits: str, zone: str
) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    text = f"{moment:%Y-%m-%dT%H:%M:%S}{'.' if digits else ''}{digits}{zone}"
    event = CallbackEvent.model_validate({"timestamp": text})
    assert event.timestamp == moment.replace(microsecond=int(digits.ljust(6, "0")[:6]))
    assert event.timestamp is not None
    assert event.timestamp.utcoffset() == timedelta(0)


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_from_utc")
def test_a_timestamp_without_zone_is_utc_wherever_the_machine_is() -> None:
    event = CallbackEvent.model_validate({"timestamp": "2025-04-08T10:38:04"})
    assert event.timestamp == datetime(2025, 4, 8, 10, 38, 4, tzinfo=UTC)
