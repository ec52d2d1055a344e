"""Mailing invoices to Sinch's orders desk: one mail with all invoices for the numbers of one request."""

from email.message import EmailMessage

from temporalio import activity

from activities.document_store import DocumentStore
from activities.mail import Mailer
from activities.settings import MailSettings
from onboarding.calls.invoices import SEND_INVOICES, InvoicesSent, SendInvoices
from onboarding.ids import message_id


class Invoices:
    """Invoice mails of one Sinch project."""

    def __init__(self, mailer: Mailer, documents: DocumentStore, settings: MailSettings) -> None:
        """The invoices are read from the document store."""
        self._mailer = mailer
        self._documents = documents
        self._settings = settings

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
        message = EmailMessage()
        message["From"] = self._settings.mail_from
        message["To"] = self._settings.orders_desk
        message["Reply-To"] = request.contact.email
        message["Message-ID"] = message_id("invoices", request.batch, request.sequence, request.attempt)
        message["Subject"] = (
            f"Invoices for {len(request.phone_numbers)} numbers, project {self._settings.sinch_project_id}"
        )
        message.set_content(_text(request, self._settings.sinch_project_id))
        return message


def _text(request: SendInvoices, project_id: str) -> str:
    return "\n".join(
        [
            "Dear orders desk,",
            "",
            "we ask to have these numbers qualified for text enablement. Invoices that list them are attached.",
            "",
            f"Project ID: {project_id}",
            f"Company: {request.contact.company}",
            f"Customer: {request.customer}",
            f"Contact: {request.contact.name}, {request.contact.email}",
            f"Our reference: {request.batch} {request.sequence:04d}",
            "",
            "Numbers:",
            *request.phone_numbers,
            "",
        ]
    )
