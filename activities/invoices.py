"""Mailing invoices to Sinch's orders desk: one mail with all invoices for the numbers of one request."""

from collections.abc import Mapping
from email.message import EmailMessage

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.document_store import DocumentStore
from activities.failures import CREDENTIALS_RETRY_DELAY
from activities.mail import Mailer
from activities.settings import MailSettings
from onboarding import invoice_mail
from onboarding.calls.invoices import SEND_INVOICES, InvoicesSent, SendInvoices
from onboarding.errors import FailureType
from onboarding.ids import message_id


class Invoices:
    """Invoice mails of every Sinch project."""

    def __init__(
        self, mailer: Mailer, documents: DocumentStore, settings: MailSettings, project_ids: Mapping[str, str]
    ) -> None:
        """The invoices are read from the document store; `project_ids` are those of the profiles, by name."""
        self._mailer = mailer
        self._documents = documents
        self._settings = settings
        self._project_ids = project_ids

    @activity.defn(name=SEND_INVOICES.name)
    async def send(self, request: SendInvoices) -> InvoicesSent:
        """Send the mail. Sent again after an unknown outcome it carries the same Message-ID."""
        message = self._message(request)
        for invoice in request.invoices:
            content = await self._documents.read(invoice)
            message.add_attachment(content, maintype="application", subtype="pdf", filename=invoice.name)
        await self._mailer.send(message)
        return InvoicesSent(message_id=message["Message-ID"])

    def _message(self, request: SendInvoices) -> EmailMessage:
        message, project_id = EmailMessage(), self._project_id(request.profile)
        message["From"] = self._settings.mail_from
        message["To"] = self._settings.orders_desk
        message["Reply-To"] = request.contact.email
        message["Message-ID"] = message_id("invoices", request.batch, request.sequence, request.attempt)
        message["Subject"] = invoice_mail.subject(len(request.phone_numbers), project_id)
        message.set_content(
            invoice_mail.text(
                project_id=project_id,
                customer=request.customer,
                contact=request.contact,
                reference=f"{request.batch} {request.sequence:04d}",
                phone_numbers=request.phone_numbers,
            )
        )
        return message

    def _project_id(self, profile: str) -> str:
        if profile not in self._project_ids:
            raise ApplicationError(
                f"this worker has no profile {profile!r}: describe it in the file that ONBOARD_SINCH_PROFILES names, "
                "and start the worker again; the mail is then sent by itself",
                type=FailureType.CREDENTIALS_REFUSED,
                next_retry_delay=CREDENTIALS_RETRY_DELAY,
            )
        return self._project_ids[profile]
