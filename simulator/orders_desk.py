"""The orders desk: the people at Sinch who read the invoice mails and review the numbers listed in them.

Sinch API: invoice review. What a mail must look like is not documented; the desk asks for a PDF attachment and a
text that names the project and the numbers.
"""

from collections.abc import Mapping

from simulator.ledger import Ledger
from simulator.mailbox import Mail
from simulator.phone_numbers import named_in
from simulator.project import Project
from simulator.settings import SimulatorSettings


class OrdersDesk:
    """Reads mail for all projects; a handled Message-ID is never handled again."""

    def __init__(self, settings: SimulatorSettings, ledger: Ledger, projects: Mapping[str, Project]) -> None:
        self._address = settings.orders_desk.lower()
        self._ledger = ledger
        self._projects = projects
        self._handled: set[str] = set()

    def read(self, mail: Mail) -> None:
        """Start the review of the numbers a mail lists, or note why the mail is ignored; other people's mail is
        left alone."""
        if self._address not in (recipient.lower() for recipient in mail.recipients):
            return
        listed = named_in(mail.text)
        named = [project for project_id, project in self._projects.items() if project_id in mail.text]
        complaint = self._complaint(mail, named, listed)
        if complaint is not None:
            self._ledger.write("mail_ignored", mail.message_id, message_id=mail.message_id, reason=complaint)
            return
        duplicate = bool(mail.message_id) and mail.message_id in self._handled
        self._handled.add(mail.message_id)
        for project in named:
            project.ledger.write(
                "invoice_mail",
                mail.message_id,
                message_id=mail.message_id,
                numbers=listed,
                attachments=[attachment.name for attachment in mail.attachments],
                duplicate=duplicate,
                reviewed=[] if duplicate else [number for number in listed if _review(project, number)],
            )

    def _complaint(self, mail: Mail, named: list[Project], listed: list[str]) -> str | None:
        if not any(attachment.is_pdf for attachment in mail.attachments):
            return "no PDF attachment: the invoices must be attached as PDF files"
        if not named:
            return f"the text does not name the project {' or '.join(self._projects)}"
        if not listed:
            return "the text lists no phone number in E.164 format"
        return None


def _review(project: Project, phone_number: str) -> bool:
    number = project.qualified_numbers.find(phone_number)
    return number is not None and project.qualified_numbers.review(number)
