"""The codec server as a process, with keys of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from scripts.ports import LOOPBACK, free_ports
from starter.stack.component import Component
from temporal_connection import add_payload_key, new_payload_key

ROOT = Path(__file__).parents[2]
TOKEN = "a-codec-token-of-more-than-32-characters"
UI_ORIGIN = "http://127.0.0.1:8233"


@dataclass(frozen=True)
class CodecServer:
    """A running one: how to reach it, and what it has written."""

    url: str
    keys_file: Path
    log: Path


def settings(keys_file: Path, port: int) -> dict[str, str]:
    """The environment of a codec server."""
    return {
        "ONBOARD_PAYLOAD_KEYS_FILE": str(keys_file),
        "ONBOARD_CODEC_PORT": str(port),
        "ONBOARD_CODEC_TOKEN": TOKEN,
        "ONBOARD_CODEC_UI_ORIGIN": UI_ORIGIN,
    }


@asynccontextmanager
async def running_codec_server(folder: Path) -> AsyncIterator[CodecServer]:
    """Start one, with a first key in `folder`, and stop it."""
    [port] = free_ports(1)
    server = CodecServer(f"http://{LOOPBACK}:{port}", folder / "keys", folder / "log")
    add_payload_key(server.keys_file, new_payload_key())
    command = [sys.executable, "-m", "codec_server"]
    process = Component("codec_server", command, settings(server.keys_file, port), server.log)
    async with httpx.AsyncClient() as http:
        await process.start()
        try:
            await process.ready(lambda: _answers(http, server.url))
            yield server
        finally:
            await process.stop()


async def ended_codec_server(environment: Mapping[str, str]) -> tuple[int, str]:
    """Exit code and message of one that does not start."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "codec_server",
        cwd=ROOT, env={**os.environ, **environment}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, stderr = await process.communicate()
    return process.returncode or 0, stderr.decode()


async def _answers(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/healthz")).is_success
    except httpx.HTTPError:
        return False
