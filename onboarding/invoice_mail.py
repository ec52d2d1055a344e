"""The mail that brings invoices to Sinch's orders desk: what it says (not part of any API)."""

from collections.abc import Sequence

from onboarding.batch import Contact


def subject(numbers: int, project_id: str) -> str:
    """The subject line."""
    counted = "1 number" if numbers == 1 else f"{numbers} numbers"
    return f"Invoices for {counted}, project {project_id}"


def text(*, project_id: str, customer: str, contact: Contact, reference: str, phone_numbers: Sequence[str]) -> str:
    """The body: whose numbers, whom to ask, and every number on a line of its own."""
    return "\n".join(
        [
            "Dear orders desk,",
            "",
            "we ask to have these numbers qualified for text enablement. Invoices that list them are attached.",
            "",
            f"Project ID: {project_id}",
            f"Company: {contact.company}",
            f"Customer: {customer}",
            f"Contact: {contact.name}, {contact.email}",
            f"Our reference: {reference}",
            "",
            "Numbers:",
            *phone_numbers,
            "",
        ]
    )
