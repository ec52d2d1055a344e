"""Sending one mail by SMTP, with errors sorted into those worth a retry and those that are final."""

from email.message import EmailMessage
from typing import NoReturn

import aiosmtplib
from temporalio.exceptions import ApplicationError

from activities.settings import MailSettings
from onboarding.errors import FailureType

_TIMEOUT = 60.0


def smtp_client(settings: MailSettings, timeout_seconds: float) -> aiosmtplib.SMTP:
    """A client that connects and logs in as the settings say when it is entered."""
    return aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username or None,
        password=settings.smtp_password.get_secret_value() or None,
        timeout=timeout_seconds,
        use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls",
    )


class Mailer:
    """The way to the mail server."""

    def __init__(self, settings: MailSettings) -> None:
        """Connections are made per mail: there are few, and far between."""
        self._settings = settings

    async def send(self, message: EmailMessage) -> None:
        """Hand the mail to the server.

        Raises ApplicationError: `MailUnavailable` (retried) when the server is away, busy or does not let us in;
        `MailRefused` (final) when it refuses this mail or its recipient.
        """
        try:
            async with smtp_client(self._settings, _TIMEOUT) as client:
                await client.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            _fail(max(error.recipients, key=lambda refused: refused.code))
        except aiosmtplib.SMTPAuthenticationError as error:
            raise _unavailable(f"the mail server refuses our log-in ({error.code})") from error
        except (aiosmtplib.SMTPConnectResponseError, aiosmtplib.SMTPHeloError) as error:
            raise _unavailable(f"the mail server does not let us in: {error.code} {error.message}") from error
        except aiosmtplib.SMTPResponseException as error:
            _fail(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _unavailable(f"the mail server cannot be reached: {error}") from error


def _fail(error: aiosmtplib.SMTPResponseException) -> NoReturn:
    if error.code >= 500:
        raise ApplicationError(
            f"the mail server refuses the mail: {error.code} {error.message}",
            type=FailureType.MAIL_REFUSED,
            non_retryable=True,
        ) from error
    raise _unavailable(f"the mail server is not ready: {error.code} {error.message}") from error


def _unavailable(message: str) -> ApplicationError:
    return ApplicationError(message, type=FailureType.MAIL_UNAVAILABLE)
