"""Sinch, receiver, mail server and document store are tried out, and what is wrong with each is told apart."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from doctor.diagnosis import Cause, Diagnosis, Level
from doctor.documents import diagnose_document_store
from doctor.mail_server import diagnose_mail_server
from doctor.profiles import read_profiles
from doctor.receiver import diagnose_receiver
from doctor.sinch import diagnose_project
from processes.callback_secrets import write_callback_secrets
from scripts.ports import free_ports
from tests.activities.scripted_mail_server import scripted_mail_server
from tests.receiver.served_receiver import TOKEN_KEY, serving
from tests.starter.api.two_projects import RETAIL, TwoProjects, two_projects

SECRET = SecretStr("a-callback-secret-of-these-tests-0001")
OTHER_SECRET = SecretStr("a-callback-secret-of-these-tests-0002")


@pytest.fixture
async def projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TwoProjects]:
    """Two simulated projects that are set up in this process's environment, with callbacks."""
    async with two_projects(tmp_path) as both:
        for name, value in {**both.environment, "ONBOARD_CALLBACK_PUBLIC_URL": "https://callbacks.example.com"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ONBOARD_CALLBACK_TOKEN_KEY", TOKEN_KEY)
        yield both


def levels(found: Sequence[Diagnosis]) -> dict[str, Level]:
    return {diagnosis.check: diagnosis.level for diagnosis in found}


async def test_each_project_s_credentials_and_callback_secret_are_tried(projects: TwoProjects) -> None:
    await projects.sinch.client.callback_configuration.update(SECRET)
    write_callback_secrets(projects.secrets_file("default"), [OTHER_SECRET, SECRET])
    found = await diagnose_project("default", read_profiles())
    assert levels(found) == {"sinch": Level.OK, "callback secret": Level.OK}

    write_callback_secrets(projects.secrets_file("default"), [OTHER_SECRET])
    differs = (await diagnose_project("default", read_profiles()))[1]
    assert (differs.level, differs.cause) == (Level.PROBLEM, Cause.CONFIGURATION)
    assert "a secret that the receiver does not have" in differs.message
    assert differs.next_step.startswith("onboard callbacks set-secret --profile default")

    missing = (await diagnose_project("retail", read_profiles()))[1]
    assert (missing.level, missing.subject) == (Level.PROBLEM, "profile retail")
    assert "Sinch has no callback secret" in missing.message

    said = f"{found}{differs}{missing}"
    assert not any(secret.get_secret_value() in said for secret in (SECRET, OTHER_SECRET, RETAIL.key_secret))


async def test_a_secret_that_is_not_kept_here_cannot_be_compared(projects: TwoProjects) -> None:
    await projects.sinch.client.callback_configuration.update(SECRET)
    found = (await diagnose_project("default", read_profiles()))[1]
    assert (found.level, found.check) == (Level.WARNING, "callback secret")


async def test_refused_credentials_are_told_from_a_sinch_that_does_not_answer(
    projects: TwoProjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONBOARD_SINCH_KEY_SECRET", "wrong")
    (refused,) = await diagnose_project("default", read_profiles())
    assert (refused.level, refused.cause) == (Level.PROBLEM, Cause.CONFIGURATION)
    assert refused.next_step.startswith("set ONBOARD_SINCH_KEY_ID and ONBOARD_SINCH_KEY_SECRET")

    monkeypatch.setenv("ONBOARD_SINCH_TOKEN_URL", f"http://127.0.0.1:{free_ports(1)[0]}/token")
    (away,) = await diagnose_project("default", read_profiles())
    assert (away.level, away.cause) == (Level.PROBLEM, Cause.UNAVAILABLE)
    assert away.message.startswith("Sinch does not answer: ")


async def test_a_project_of_which_nothing_is_set_here_is_only_a_warning() -> None:
    (found,) = await diagnose_project("default", read_profiles())
    assert found.level is Level.WARNING
    assert "run onboard doctor where the worker runs" in found.next_step


@asynccontextmanager
async def answering(text: str) -> AsyncIterator[str]:
    """Some other web server, which answers every request with this; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: {len(text)}\r\n\r\n"
        writer.write(f"{head}{text}".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def the_receiver(monkeypatch: pytest.MonkeyPatch, url: str, key: str = TOKEN_KEY) -> Diagnosis:
    monkeypatch.setenv("ONBOARD_CALLBACK_PUBLIC_URL", url)
    monkeypatch.setenv("ONBOARD_CALLBACK_TOKEN_KEY", key)
    (found,) = await diagnose_receiver()
    return found


async def test_the_receiver_is_asked_at_its_public_address_with_a_token_of_our_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving() as receiver:
        well = await the_receiver(monkeypatch, receiver.url)
        other_key = await the_receiver(monkeypatch, receiver.url, key="x" * 40)
        assert not receiver.signals.signals
    gone = await the_receiver(monkeypatch, receiver.url)
    async with answering("please log in") as url:
        somebody_else = await the_receiver(monkeypatch, url)
    no_key = await the_receiver(monkeypatch, "https://callbacks.example.com", key="")
    assert (well.level, well.message) == (Level.OK, "the receiver answers and knows our tokens")
    assert (other_key.cause, other_key.next_step) == (
        Cause.CONFIGURATION,
        "give worker and receiver the same ONBOARD_CALLBACK_TOKEN_KEY",
    )
    assert (gone.cause, gone.next_step.startswith("start a receiver (python -m receiver)")) == (Cause.UNAVAILABLE, True)
    assert somebody_else.message == "something else than the receiver answers there, with 401"
    assert no_key.message.startswith("ONBOARD_CALLBACK_TOKEN_KEY is not set although ")


async def test_without_a_public_address_no_receiver_is_missed() -> None:
    (found,) = await diagnose_receiver()
    assert found.level is Level.OK


async def the_mail_server(monkeypatch: pytest.MonkeyPatch, port: int, **more: str) -> Diagnosis:
    told = {"HOST": "127.0.0.1", "PORT": str(port), "TLS": "none", **more}
    for name, value in told.items():
        monkeypatch.setenv(f"ONBOARD_SMTP_{name}", value)
    monkeypatch.setenv("ONBOARD_MAIL_FROM", "numbers@example.com")
    (found,) = await diagnose_mail_server()
    return found


async def test_the_mail_server_is_asked_without_a_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted_mail_server(NOOP="250 OK") as server:
        well = await the_mail_server(monkeypatch, server.port)
        assert server.mails == []
    away = await the_mail_server(monkeypatch, server.port)
    async with scripted_mail_server(GREETING="554 not you") as server:
        closed = await the_mail_server(monkeypatch, server.port)
    log_in = {"EHLO": "250-localhost\r\n250 AUTH PLAIN", "AUTH": "535 no"}
    async with scripted_mail_server(**log_in) as server:
        refused = await the_mail_server(monkeypatch, server.port, USERNAME="me", PASSWORD="secret")
    assert (well.level, well.message) == (Level.OK, "it lets us in without a log-in")
    assert (away.cause, "ONBOARD_SMTP_HOST" in away.next_step) == (Cause.UNAVAILABLE, True)
    assert (closed.level, "554 not you" in closed.message) == (Level.PROBLEM, True)
    assert (refused.cause, refused.message) == (Cause.CONFIGURATION, "it refuses our log-in (535)")
    assert "ONBOARD_SMTP_PASSWORD" in refused.next_step


async def test_a_mail_server_that_is_not_set_here_is_only_a_warning() -> None:
    (found,) = await diagnose_mail_server()
    assert found.level is Level.WARNING


async def test_the_document_store_is_written_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBOARD_DOCUMENT_STORE", str(tmp_path / "documents"))
    (well,) = await diagnose_document_store()
    blocked = tmp_path / "blocked"
    blocked.touch()
    monkeypatch.setenv("ONBOARD_DOCUMENT_STORE", str(blocked))
    (unwritable,) = await diagnose_document_store()
    monkeypatch.setenv("ONBOARD_DOCUMENT_STORE", "nothing://anywhere")
    (unknown,) = await diagnose_document_store()
    assert well.level is Level.OK
    assert [found.cause for found in (unwritable, unknown)] == [Cause.CONFIGURATION] * 2
    assert "ONBOARD_DOCUMENT_STORE" in unknown.next_step
