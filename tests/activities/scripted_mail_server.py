"""A mail server on 127.0.0.1 that speaks plain SMTP, gives the replies it is told to, and keeps what it was sent."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CUT = ""
"""In place of a reply: the connection is closed without one."""

_REPLIES = {
    "GREETING": "220 localhost",
    "EHLO": "250 localhost",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go ahead",
    "CONTENT": "250 OK",
    "QUIT": "221 bye",
}


@dataclass
class ScriptedMailServer:
    """`replies` by command; `GREETING` is said first, `CONTENT` after a whole mail."""

    replies: Mapping[str, str]
    port: int = 0
    lines: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            command = "GREETING"
            while (reply := self.replies.get(command, "502 unknown command")) != CUT:
                writer.write(f"{reply}\r\n".encode())
                await writer.drain()
                if command == "QUIT":
                    break
                if reply.startswith("354"):
                    self.mails.append((await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n"))
                    command = "CONTENT"
                else:
                    self.lines.append((await reader.readuntil(b"\r\n")).decode().strip())
                    command = self.lines[-1].split()[0].upper()
        writer.close()


@asynccontextmanager
async def scripted_mail_server(**replies: str) -> AsyncIterator[ScriptedMailServer]:
    """A server that takes every mail, but for the replies given."""
    scripted = ScriptedMailServer(_REPLIES | replies)
    server = await asyncio.start_server(scripted.serve, "127.0.0.1", 0)
    scripted.port = server.sockets[0].getsockname()[1]
    async with server:
        yield scripted
