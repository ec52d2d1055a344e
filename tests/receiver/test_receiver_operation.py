"""What operators see: health, readiness, metrics, logs, settings."""

import asyncio
import io
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog
from pydantic import ValidationError

from processes.logs import LogFormat, configure_logs
from processes.settings import InvalidSettings
from processes.sinch_profiles import CallbackProfile
from receiver.outcomes import Outcome
from receiver.settings import ReceiverSettings
from tests.receiver.served_receiver import SECRET, TOKEN_KEY, event_body, fresh_workflow_id, path_for, serving, settings


async def test_the_process_is_healthy_and_ready_only_while_temporal_is_reachable() -> None:
    async with serving() as receiver:
        assert (await receiver.client.get("/readyz")).status_code == 200
        receiver.signals.reachable = False
        assert (await receiver.client.get("/readyz")).status_code == 503
        assert (await receiver.client.get("/healthz")).status_code == 200


async def test_every_end_of_a_callback_is_counted() -> None:
    profiles = {"default": CallbackProfile(name="default", project_id="abcd12ef-ab12-ab12-bc34-abcdef123456")}
    async with serving(
        profiles=profiles, body_seconds=0.05, callback_allow_list="sinch", trusted_proxies="127.0.0.0/8"
    ) as receiver:
        sinch = {"X-Forwarded-For": "54.78.194.39"}
        stale, unavailable = fresh_workflow_id(), fresh_workflow_id()
        receiver.signals.answers.update({stale: Outcome.STALE, unavailable: Outcome.UNAVAILABLE})
        await receiver.post(fresh_workflow_id(), headers=sinch)
        await receiver.post(stale, headers=sinch)
        await receiver.post(unavailable, headers=sinch)
        await receiver.post(fresh_workflow_id())
        await receiver.post(fresh_workflow_id(), b"[]", headers=sinch)
        await receiver.post(fresh_workflow_id(), b" " * 70_000, headers=sinch)
        await receiver.post(fresh_workflow_id(), headers=sinch | {"X-Sinch-Signature": "0" * 40})
        await receiver.post(fresh_workflow_id(), event_body(projectId="somebody-else"), headers=sinch)
        await receiver.client.post("/callbacks/guess")
        reader, writer = await receiver.connect()
        writer.write(
            f"POST {path_for(stale)} HTTP/1.1\r\nHost: receiver\r\nContent-Length: 9\r\n"
            "X-Forwarded-For: 54.78.194.39\r\n\r\n".encode()
        )
        await reader.read()
        writer.close()
        counted = {
            outcome: await receiver.metric(f'onboard_callbacks_total{{outcome="{outcome.value}"}}')
            for outcome in Outcome
        }
    assert counted == dict.fromkeys(Outcome, 1.0)


async def test_signals_and_the_time_they_took_are_measured() -> None:
    async with serving() as receiver:
        workflow_id = fresh_workflow_id()
        await receiver.post(workflow_id)
        await asyncio.gather(*(receiver.post(workflow_id) for _ in range(5)))
        signals = receiver.signals.signals[workflow_id]
        stale = fresh_workflow_id()
        receiver.signals.answers[stale] = Outcome.STALE
        await receiver.post(stale)
        assert await receiver.metric("onboard_callback_events_per_signal_sum") == 7
        assert await receiver.metric("onboard_callback_events_per_signal_count") == len(signals) + 1
        assert await receiver.metric("onboard_callback_seconds_until_taken_count") == 6
        assert await receiver.metric("onboard_callback_events_waiting") == 0


@pytest.fixture
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("_logs_as_before")
@pytest.mark.parametrize("log_format", ["json", "console"])
async def test_logs_show_no_phone_number_secret_token_or_body(log_format: LogFormat) -> None:
    written = io.StringIO()
    with redirect_stderr(written):
        configure_logs(log_format, mask_numbers=True)
        async with serving() as receiver:
            path = path_for("VerifyNumber:+12025550134")
            await receiver.client.post(path, content=event_body(eventId="in the body"))
            await receiver.client.post(path + "x", content=event_body(eventId="in the body"))
        structlog.stdlib.get_logger("test").warning("no such workflow", workflow_id="VerifyNumber:+12025550134")
        logging.getLogger("library").error("with +12025550134", exc_info=ValueError("what about +12025550134?"))
    log = written.getvalue()
    assert log.count("callback refused") == 2
    assert log.count("+1202...34") == 3
    for private in ("2025550134", "2345612345", "in the body", SECRET, TOKEN_KEY, path.rpartition("/")[2]):
        assert private not in log


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "CALLBACK_TOKEN_KEY": TOKEN_KEY,
        "CALLBACK_SECRETS": "new-one, old-one",
        "RECEIVER_PORT": "0",
        "RECEIVER_HOST": "",
        "TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8",
        "CALLBACK_ALLOW_LIST": "sinch",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"ONBOARD_{name}", value)
    read = ReceiverSettings.read()
    assert read == settings(
        callback_secrets="new-one,old-one",
        receiver_port=0,
        trusted_proxies="10.0.0.0/8,fd00::/8",
        callback_allow_list="sinch",
    )
    assert [secret.get_secret_value() for secret in read.callback_secrets] == ["new-one", "old-one"]
    assert read.receiver_host == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CALLBACK_TOKEN_KEY", None),
        ("CALLBACK_TOKEN_KEY", "much-too-short"),
        ("CALLBACK_SECRETS", "one-secret,two-secret,three-secret"),
        ("RECEIVER_PORT", "70000"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,everything-secret"),
        ("CALLBACK_ALLOW_LIST", "everybody-secret"),
        ("LOG_FORMAT", "poetry-secret"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_set_and_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    right = {"CALLBACK_TOKEN_KEY": TOKEN_KEY, "CALLBACK_SECRETS": SECRET}
    for variable, content in (right | {name: value}).items():
        if content is not None:
            monkeypatch.setenv(f"ONBOARD_{variable}", content)
    with pytest.raises(InvalidSettings) as refused:
        ReceiverSettings.read()
    assert str(refused.value).startswith(f"ONBOARD_{name}: ")
    assert "Set it to" in str(refused.value)
    assert str(refused.value).count("\n") == 0
    assert not any(secret in str(refused.value) for secret in ("much-too-short", "-secret,", "-secret ", TOKEN_KEY))


def test_no_value_of_a_setting_is_shown_by_an_error_of_its_own() -> None:
    with pytest.raises(ValidationError) as refused:
        settings(callback_token_key="much-too-short")
    assert "much-too-short" not in str(refused.value)
