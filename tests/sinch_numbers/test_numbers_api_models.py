"""Reading what the Numbers API sends: money, links that are under way, words of older and newer documents."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

import pytest

from sinch_numbers import (
    ActiveNumber,
    ActiveNumbersOrderBy,
    AvailableNumber,
    AvailableRegion,
    Money,
    NumberCapability,
    NumbersSearchPattern,
    NumberType,
    ProvisioningStatus,
    ScheduledSmsProvisioning,
    VoiceApplication,
)
from sinch_numbers.callbacks import FailureCode
from tests.sinch_numbers.numbers_api_examples import ACTIVE_NUMBER, AVAILABLE_NUMBER, JUST_RENTED, SCHEDULED_SMS


def test_a_number_that_is_being_linked_shows_the_new_links_beside_the_present_ones() -> None:
    number = ActiveNumber.model_validate(JUST_RENTED)
    sms, voice = number.sms_configuration, number.voice_configuration
    assert (sms.service_plan_id, voice.app_id) == ("", "")
    assert sms.scheduled_provisioning is not None
    assert sms.scheduled_provisioning.service_plan_id == "SpaceMonkeySquadron"
    assert sms.scheduled_provisioning.status is ProvisioningStatus.WAITING
    assert sms.scheduled_provisioning.error_codes == ()
    assert voice.scheduled_voice_provisioning is not None
    assert voice.scheduled_voice_provisioning.app_id == "sunshine-app"
    assert voice.scheduled_voice_provisioning.type is VoiceApplication.RTC
    assert number.expire_at is None


def test_an_active_number_tells_what_it_costs_and_when_it_is_charged_and_ends() -> None:
    number = ActiveNumber.model_validate(ACTIVE_NUMBER)
    assert number.money == Money(currency_code="USD", amount=Decimal("2.00"))
    assert str(number.money.amount) == "2.00"
    assert number.payment_interval_months == 1
    assert number.next_charge_date == number.expire_at == datetime(2026, 12, 6, 14, 42, 42, 677575, UTC)
    assert number.type is NumberType.LOCAL
    assert number.capability == (NumberCapability.SMS, NumberCapability.VOICE)


@pytest.mark.parametrize(
    ("wire", "amount"),
    [("2.00", "2.00"), ("0.1", "0.1"), ("12345678901234567890.123456789", "12345678901234567890.123456789"), (2, "2")],
)
def test_an_amount_keeps_every_digit(wire: object, amount: str) -> None:
    money = Money.model_validate({"currencyCode": "USD", "amount": wire})
    assert str(money.amount) == amount
    assert Money.model_validate_json(money.model_dump_json()) == money


@pytest.mark.parametrize("wire", [{}, {"amount": ""}, {"amount": None}])
def test_no_amount_is_none_and_not_nothing_to_pay(wire: dict[str, object]) -> None:
    assert Money.model_validate(wire).amount is None


def test_a_voice_configuration_without_type_is_an_app_of_the_voice_api() -> None:
    number = ActiveNumber.model_validate({"phoneNumber": "+12025550134", "voiceConfiguration": {"appId": "app"}})
    assert (number.voice_configuration.type, number.voice_configuration.app_id) == (VoiceApplication.RTC, "app")
    assert number.voice_configuration.scheduled_voice_provisioning is None


def test_words_of_a_later_day_are_kept() -> None:
    number = ActiveNumber.model_validate(
        {
            **ACTIVE_NUMBER,
            "type": "SATELLITE",
            "capability": ["SMS", "RCS"],
            "smsConfiguration": {"scheduledProvisioning": {"status": "PAUSED", "errorCodes": ["NEW", "INVALID_NNID"]}},
            "voiceConfiguration": {"type": "BOT", "botId": "bot"},
        }
    )
    scheduled = number.sms_configuration.scheduled_provisioning
    assert scheduled is not None
    assert (number.type, number.capability) == ("SATELLITE", (NumberCapability.SMS, "RCS"))
    assert (scheduled.status, scheduled.error_codes) == ("PAUSED", ("NEW", FailureCode.INVALID_NNID))
    assert (number.voice_configuration.type, number.voice_configuration.model_extra) == ("BOT", {"botId": "bot"})


@pytest.mark.parametrize("code", [*FailureCode, "ERROR_CODE_UNSPECIFIED"])
def test_every_error_code_of_a_failed_link_is_read(code: str) -> None:
    scheduled = ScheduledSmsProvisioning.model_validate({**SCHEDULED_SMS, "errorCodes": [code]})
    assert scheduled.error_codes == (code,)
    assert scheduled.status is ProvisioningStatus.FAILED


def test_what_is_left_out_says_nothing() -> None:
    number = ActiveNumber.model_validate({"phoneNumber": "+12025550134"})
    assert (number.type, number.money.amount, number.callback_url) == (NumberType.UNSPECIFIED, None, "")
    assert number.sms_configuration.scheduled_provisioning is None
    available = AvailableNumber.model_validate({"phoneNumber": "+12025550134"})
    assert (available.supporting_documentation_required, available.monthly_price.amount) == (False, None)
    assert AvailableRegion.model_validate({"regionCode": "SE"}).types == ()


def test_an_available_number_tells_both_prices_and_whether_documents_are_asked_for() -> None:
    number = AvailableNumber.model_validate({**AVAILABLE_NUMBER, "setupPrice": {"currencyCode": "EUR", "amount": "0"}})
    assert (number.setup_price.amount, number.monthly_price.amount) == (Decimal(0), Decimal("0.80"))
    assert number.supporting_documentation_required
    assert number.payment_interval_months == 1


@pytest.mark.parametrize(
    ("enum", "literals"),
    [
        (NumberType, {"NUMBER_TYPE_UNSPECIFIED", "MOBILE", "LOCAL", "TOLL_FREE"}),
        (NumberCapability, {"SMS", "VOICE"}),
        (NumbersSearchPattern, {"START", "CONTAINS", "END"}),
        (ActiveNumbersOrderBy, {"phoneNumber", "displayName"}),
        (ProvisioningStatus, {"PROVISIONING_STATUS_UNSPECIFIED", "WAITING", "IN_PROGRESS", "FAILED"}),
        (VoiceApplication, {"RTC", "EST", "FAX"}),
    ],
)
def test_the_literals_of_the_numbers_api_are_complete(enum: type[StrEnum], literals: set[str]) -> None:
    assert {member.value for member in enum} == literals
