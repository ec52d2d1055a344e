"""Mailing invoices to Sinch's orders desk: one mail with all invoices for the numbers of one request."""

from email.message import EmailMessage

from temporalio import activity

from activities.document_store import DocumentStore
from activities.mail import Mailer
from activities.settings import MailSettings
from onboarding import invoice_mail
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
        message["Subject"] = invoice_mail.subject(len(request.phone_numbers), self._settings.sinch_project_id)
        message.set_content(
            invoice_mail.text(
                project_id=self._settings.sinch_project_id,
                customer=request.customer,
                contact=request.contact,
                reference=f"{request.batch} {request.sequence:04d}",
                phone_numbers=request.phone_numbers,
            )
        )
        return message
