"""Every mail in the simulated world: what came in over SMTP and the LOA mails that Sinch sends."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached file; only its size in bytes is kept, and whether it is really a PDF."""

    name: str
    size: int
    is_pdf: bool


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with its envelope addresses, plain text and attachments; an empty Message-ID is none."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()

    @classmethod
    def of(cls, message: EmailMessage, sender: str, recipients: tuple[str, ...]) -> "Mail":
        """Read a received message; the envelope says from whom and to whom."""
        body = message.get_body(("plain",))
        return cls(
            message_id=str(message.get("Message-ID", "")).strip(),
            sender=sender,
            recipients=recipients,
            subject=str(message.get("Subject", "")),
            text=body.get_content() if body is not None else "",
            attachments=tuple(_attachments(message)),
        )

    def wire(self) -> dict[str, Any]:
        """The mail as the control API shows it."""
        return {
            "message_id": self.message_id,
            "from": self.sender,
            "to": list(self.recipients),
            "subject": self.subject,
            "text": self.text,
            "attachments": [{"name": file.name, "size": file.size} for file in self.attachments],
        }


class Mailbox:
    """All mails, in order of arrival."""

    def __init__(self) -> None:
        self._mails: list[Mail] = []

    def keep(self, mail: Mail) -> None:
        """Add a mail."""
        self._mails.append(mail)

    def all(self) -> list[Mail]:
        """All mails so far."""
        return self._mails


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        name = part.get_filename() or ""
        named_pdf = part.get_content_type() == "application/pdf" or name.lower().endswith(".pdf")
        yield Attachment(name=name, size=len(data), is_pdf=named_pdf and data.startswith(b"%PDF-"))
