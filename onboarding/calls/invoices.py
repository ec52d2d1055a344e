"""The call that mails invoices to Sinch's orders desk (not part of any API)."""

from datetime import timedelta

from onboarding.batch import Contact, StoredFile
from onboarding.calls.call import PERSISTENT, Call
from onboarding.model import Model
from onboarding.task_queues import DEFAULT_PROFILE, MAIL


class SendInvoices(Model):
    """One mail with all invoices for the numbers of one qualification request."""

    batch: str
    sequence: int
    attempt: int = 1
    customer: str
    contact: Contact
    phone_numbers: tuple[str, ...]
    invoices: tuple[StoredFile, ...]
    profile: str = DEFAULT_PROFILE
    """Whose project id the mail names."""


class InvoicesSent(Model):
    """The mail the server took. `message_id` is the same for the same request."""

    message_id: str


SEND_INVOICES = Call[SendInvoices, InvoicesSent]("invoices.send", InvoicesSent, MAIL, timedelta(minutes=2), PERSISTENT)
