"""The mail server: whether it can be reached and lets us in. No mail is sent."""

import os
from collections.abc import Sequence

import aiosmtplib

from activities.mail import smtp_client
from activities.settings import MailSettings
from doctor.diagnosis import Cause, Diagnosis, fine, problem, warning
from processes.settings import PREFIX

CHECK = "mail server"
_SECONDS = 10.0


async def diagnose_mail_server() -> Sequence[Diagnosis]:
    """Connect, log in, ask for nothing, leave. Raises InvalidSettings."""
    if not any(os.environ.get(f"{PREFIX}{name.upper()}") for name in MailSettings.model_fields):
        step = f"set {PREFIX}SMTP_* and {PREFIX}MAIL_FROM, or run onboard doctor where the worker runs"
        return [warning(CHECK, "none", "no mail server is set here, so it cannot be looked at", step)]
    settings = MailSettings.read()
    address = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        async with smtp_client(settings, _SECONDS) as server:
            await server.noop()
    except aiosmtplib.SMTPAuthenticationError as error:
        step = f"correct {PREFIX}SMTP_USERNAME and {PREFIX}SMTP_PASSWORD, and start the workers again"
        return [problem(CHECK, address, f"it refuses our log-in ({error.code})", step, Cause.CONFIGURATION)]
    except aiosmtplib.SMTPResponseException as error:
        message = f"it does not let us in: {error.code} {error.message}"
        step = f"ask who runs it, or correct {PREFIX}SMTP_*"
        return [problem(CHECK, address, message, step, Cause.UNAVAILABLE)]
    except (aiosmtplib.SMTPException, OSError) as error:
        step = f"bring it up, or correct {PREFIX}SMTP_HOST, {PREFIX}SMTP_PORT and {PREFIX}SMTP_TLS"
        return [problem(CHECK, address, f"it cannot be reached: {error}", step, Cause.UNAVAILABLE)]
    who = f"as {settings.smtp_username}" if settings.smtp_username else "without a log-in"
    return [fine(CHECK, address, f"it lets us in {who}")]
