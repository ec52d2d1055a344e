"""Settings: what is missing is named with what to set, and no secret is ever shown."""

import traceback
from pathlib import Path

import pytest

from activities.registry import sinch_activities
from activities.settings import CallbackSettings, DocumentSettings, MailSettings
from processes.settings import InvalidSettings

SECRET = "never-to-be-shown"
SINCH = {
    "ONBOARD_SINCH_PROJECT_ID": "project-1",
    "ONBOARD_SINCH_KEY_ID": "key-1",
    "ONBOARD_SINCH_KEY_SECRET": SECRET,
}
MAIL = {
    "ONBOARD_SMTP_HOST": "smtp.example.com",
    "ONBOARD_MAIL_FROM": "numbers@example.com",
    "ONBOARD_SMTP_PASSWORD": SECRET,
}


def _set(environment: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        environment.setenv(name, value)


def _refusal(settings: type[CallbackSettings | MailSettings]) -> str:
    with pytest.raises(InvalidSettings) as raised:
        settings.read()
    assert SECRET not in "".join(traceback.format_exception(raised.value))
    return str(raised.value)


def test_missing_settings_of_mail_are_named_with_what_to_set() -> None:
    lines = _refusal(MailSettings).splitlines()
    names = [line.partition(":")[0] for line in lines]
    assert names == ["ONBOARD_SMTP_HOST", "ONBOARD_MAIL_FROM"]
    assert all("Set it to the " in line for line in lines)


@pytest.mark.parametrize("name", ["ONBOARD_SMTP_HOST", "ONBOARD_MAIL_FROM"])
def test_an_empty_setting_is_a_missing_one(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    _set(monkeypatch, MAIL | {name: ""})
    assert _refusal(MailSettings).startswith(f"{name}: Field required")


def test_a_setting_of_spaces_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, MAIL | {"ONBOARD_SMTP_HOST": "  "})
    assert _refusal(MailSettings).startswith("ONBOARD_SMTP_HOST: String should have at least 1 character")


@pytest.mark.parametrize(
    ("name", "value"),
    [("ONBOARD_SMTP_PORT", "0"), ("ONBOARD_SMTP_PORT", "none"), ("ONBOARD_SMTP_TLS", "ssl3")],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    _set(monkeypatch, MAIL | {name: value})
    assert _refusal(MailSettings).startswith(f"{name}: ")


def test_a_token_key_that_is_too_short_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, {"ONBOARD_CALLBACK_TOKEN_KEY": SECRET})
    refusal = _refusal(CallbackSettings)
    assert refusal.startswith("ONBOARD_CALLBACK_TOKEN_KEY: ")
    assert "at least 32" in refusal


def test_secrets_are_read_but_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, MAIL | {"ONBOARD_CALLBACK_TOKEN_KEY": SECRET * 2})
    callbacks, mail = CallbackSettings.read(), MailSettings.read()
    assert callbacks.callback_token_key is not None
    assert callbacks.callback_token_key.get_secret_value() == mail.smtp_password.get_secret_value() * 2 == SECRET * 2
    for read in (callbacks, mail):
        assert SECRET not in f"{read!r} {read} {read.model_dump_json()}"


def test_everything_that_can_have_a_default_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, MAIL)
    mail = MailSettings.read()
    assert (mail.smtp_port, mail.smtp_tls, mail.orders_desk) == (587, "starttls", "orders@sinch.com")
    assert Path(DocumentSettings.read().document_store).is_absolute()


async def test_a_public_address_without_a_token_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, SINCH | {"ONBOARD_CALLBACK_PUBLIC_URL": "https://callbacks.example.com"})
    with pytest.raises(InvalidSettings, match="ONBOARD_CALLBACK_TOKEN_KEY: it must be set"):
        await sinch_activities().__aenter__()
