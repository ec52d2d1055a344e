"""The SMTP server that takes all mail, and the ways it can be out of order."""

import asyncio
import email
import email.policy
import socket
import weakref
from enum import StrEnum

from aiosmtpd.smtp import SMTP, Envelope, Session

from simulator.mailbox import Mail, Mailbox
from simulator.orders_desk import OrdersDesk

_LARGEST_MAIL = 64 * 1024 * 1024


class SmtpMode(StrEnum):
    """``temporary_error`` answers every sender with a 4xx; ``refuse`` closes every connection at once."""

    UP = "up"
    TEMPORARY_ERROR = "temporary_error"
    REFUSE = "refuse"


class _Refusal(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


class SmtpServer:
    """Listens on a bound socket, keeps every mail and hands it to the orders desk."""

    def __init__(self, mailbox: Mailbox, desk: OrdersDesk) -> None:
        self.mode = SmtpMode.UP
        self._mailbox = mailbox
        self._desk = desk
        self._connections: weakref.WeakSet[SMTP] = weakref.WeakSet()
        self._server: asyncio.Server | None = None

    async def start(self, listening: socket.socket) -> None:
        """Take mail on the socket from now on."""
        self._server = await asyncio.get_running_loop().create_server(self._connection, sock=listening)

    def stop(self) -> None:
        """Close the socket and every connection."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            if connection.transport is not None:
                connection.transport.close()

    async def handle_MAIL(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM."""
        if self.mode is not SmtpMode.UP:
            return "451 4.3.0 The mail system is temporarily out of order, try again later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a whole mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = email.message_from_bytes(content, policy=email.policy.default)
        mail = Mail.of(message, envelope.mail_from or "", tuple(envelope.rcpt_tos))
        self._mailbox.keep(mail)
        self._desk.read(mail)
        return "250 OK"

    def _connection(self) -> asyncio.Protocol:
        if self.mode is SmtpMode.REFUSE:
            return _Refusal()
        connection = SMTP(
            self, data_size_limit=_LARGEST_MAIL, enable_SMTPUTF8=True, hostname="localhost", ident="simulator"
        )
        self._connections.add(connection)
        return connection
