"""Errors of the mail server, sorted into those worth a retry and those that are final; and notices."""

import socket
from email import message_from_bytes
from email.policy import default

import pytest

from onboarding.calls.notifications import Notice
from onboarding.errors import FailureType
from tests.activities.mail_requests import CONTACT, notifications_by
from tests.activities.run_activity import failed, is_final, is_retried, run
from tests.activities.scripted_mail_server import CUT, scripted_mail_server

NOTICE = Notice(
    key="shops/0001/voice-code/2026-01-05T10:00:00+00:00/0",
    contact=CONTACT,
    subject="shops: voice codes needed for 2 numbers",
    text="Dear Jürgen Groß,\n\nThese phones are called:\n\n+12025550100\n+12025550101\n",
)
PASSWORD = "correct horse"


async def test_a_notice_goes_to_the_contact() -> None:
    async with scripted_mail_server() as server:
        sent = await run(notifications_by(server.port).send, NOTICE)
    mail = message_from_bytes(server.mails[0], policy=default)
    body = mail.get_body()
    assert body is not None
    assert (mail["To"], mail["From"]) == (CONTACT.email, "Onboarding <onboarding@example.com>")
    assert (mail["Subject"], mail["Message-ID"].strip()) == (NOTICE.subject, sent.message_id)
    assert body.get_content().splitlines() == NOTICE.text.splitlines()


async def test_the_same_notice_is_the_same_mail_and_the_next_one_is_another() -> None:
    reminder = NOTICE.model_copy(update={"key": NOTICE.key.replace("/0", "/1")})
    async with scripted_mail_server() as server:
        notifications = notifications_by(server.port)
        first, again, next_one = [await run(notifications.send, notice) for notice in (NOTICE, NOTICE, reminder)]
    assert first == again != next_one


@pytest.mark.parametrize(
    "replies",
    [
        {"GREETING": "421 too many connections"},
        {"GREETING": "554 no service for your address"},
        {"GREETING": CUT},
        {"EHLO": "550 access denied", "HELO": "550 access denied"},
        {"EHLO": CUT},
        {"MAIL": "451 try again later"},
        {"RCPT": "450 greylisted"},
        {"RCPT": CUT},
        {"DATA": "452 disk full"},
        {"CONTENT": "451 try again later"},
        {"CONTENT": CUT},
    ],
    ids=str,
)
async def test_a_server_that_is_not_ready_is_tried_again(replies: dict[str, str]) -> None:
    async with scripted_mail_server(**replies) as server:
        failure = await failed(notifications_by(server.port).send, NOTICE)
    assert is_retried(failure, FailureType.MAIL_UNAVAILABLE)
    assert (next(iter(replies.values())) or "cannot be reached") in failure.message


@pytest.mark.parametrize(
    "replies",
    [
        {"MAIL": "550 this sender is not allowed"},
        {"RCPT": "550 no such mailbox"},
        {"DATA": "554 no valid recipients"},
        {"CONTENT": "552 the mail is too big"},
    ],
    ids=str,
)
async def test_a_server_that_refuses_the_mail_or_its_recipient_is_not_asked_again(replies: dict[str, str]) -> None:
    async with scripted_mail_server(**replies) as server:
        failure = await failed(notifications_by(server.port).send, NOTICE)
    assert is_final(failure, FailureType.MAIL_REFUSED)
    assert f"the mail server refuses the mail: {next(iter(replies.values()))}" in failure.message


async def test_a_refused_connection_is_tried_again() -> None:
    with socket.socket() as bound_but_deaf:
        bound_but_deaf.bind(("127.0.0.1", 0))
        failure = await failed(notifications_by(bound_but_deaf.getsockname()[1]).send, NOTICE)
    assert is_retried(failure, FailureType.MAIL_UNAVAILABLE)
    assert "the mail server cannot be reached" in failure.message


async def test_a_refused_log_in_is_tried_again_and_keeps_the_password_to_itself() -> None:
    replies = {"EHLO": "250-localhost\r\n250 AUTH PLAIN", "AUTH": f"535 {PASSWORD} is not the password of anna"}
    async with scripted_mail_server(**replies) as server:
        notifications = notifications_by(server.port, smtp_username="anna", smtp_password=PASSWORD)
        failure = await failed(notifications.send, NOTICE)
    assert is_retried(failure, FailureType.MAIL_UNAVAILABLE)
    assert "refuses our log-in (535)" in failure.message
    assert PASSWORD not in failure.message


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_nothing_is_said_in_the_clear_to_a_server_without_encryption(tls: str) -> None:
    replies = {"EHLO": "250-localhost\r\n250 AUTH PLAIN", "AUTH": "235 welcome"}
    async with scripted_mail_server(**replies) as server:
        notifications = notifications_by(server.port, smtp_tls=tls, smtp_username="anna", smtp_password=PASSWORD)
        failure = await failed(notifications.send, NOTICE)
    assert is_retried(failure, FailureType.MAIL_UNAVAILABLE)
    assert server.mails == []
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.lines)
