"""Telling the contact of a batch that somebody is being waited for."""

from email.message import EmailMessage

from temporalio import activity

from activities.mail import Mailer
from activities.settings import MailSettings
from onboarding.calls.notifications import SEND_NOTICE, Notice, NoticeSent
from onboarding.ids import message_id


class Notifications:
    """Notices by mail."""

    def __init__(self, mailer: Mailer, settings: MailSettings) -> None:
        """Notices come from the same sender as the invoices."""
        self._mailer = mailer
        self._settings = settings

    @activity.defn(name=SEND_NOTICE.name)
    async def send(self, notice: Notice) -> NoticeSent:
        """Send the notice; the same notice always carries the same Message-ID."""
        message = EmailMessage()
        message["From"] = self._settings.mail_from
        message["To"] = notice.contact.email
        message["Message-ID"] = message_id("notice", notice.key)
        message["Subject"] = notice.subject
        message.set_content(notice.text)
        await self._mailer.send(message)
        return NoticeSent(message_id=message["Message-ID"])
