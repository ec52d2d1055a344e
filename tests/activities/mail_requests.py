"""Settings and requests for mails."""

from typing import Any

from activities.document_store import DocumentStore
from activities.invoices import Invoices
from activities.mail import Mailer
from activities.notifications import Notifications
from activities.settings import MailSettings
from onboarding.batch import Contact, StoredFile
from onboarding.calls.invoices import SendInvoices
from onboarding.task_queues import DEFAULT_PROFILE
from simulator.settings import LOCAL_PROJECT_ID

PDF = b"%PDF-1.7\nan invoice\n"
CONTACT = Contact(name="Jürgen Groß", email="juergen@example.com", company="Bäckerei Groß")
ORDERS_DESK = "orders@sinch.com"


def mail_settings(port: int, **changes: Any) -> MailSettings:
    """Mail goes to a server on this machine, in the clear."""
    return MailSettings.model_validate(
        {
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_tls": "none",
            "mail_from": "Onboarding <onboarding@example.com>",
            **changes,
        }
    )


def invoices_by(port: int, store: DocumentStore, **changes: Any) -> Invoices:
    settings = mail_settings(port, **changes)
    return Invoices(Mailer(settings), store, settings, {DEFAULT_PROFILE: LOCAL_PROJECT_ID, "retail": "retail-project"})


def notifications_by(port: int, **changes: Any) -> Notifications:
    settings = mail_settings(port, **changes)
    return Notifications(Mailer(settings), settings)


def invoices_for(phone_numbers: list[str], *files: StoredFile, **changes: Any) -> SendInvoices:
    """The first mail of the first group of a batch, but for the changes."""
    return SendInvoices.model_validate(
        {
            "batch": "shops",
            "sequence": 1,
            "customer": "Bäckerei Groß",
            "contact": CONTACT,
            "phone_numbers": tuple(phone_numbers),
            "invoices": files,
            **changes,
        }
    )
