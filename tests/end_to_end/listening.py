"""Which parts of a stack listen: each of its processes does, for as long as it lives."""

import asyncio
import json
import re
from pathlib import Path
from urllib.parse import urlsplit


def ports_of(folder: Path) -> dict[str, int]:
    """Name -> port of everything that a stack with this folder listens on."""
    endpoints = json.loads((folder / "endpoints.json").read_text())
    metrics = re.search(r'ONBOARD_METRICS_ADDRESS="(.*)"', (folder / "environment").read_text())
    assert metrics is not None
    addresses = {**endpoints, "metrics": metrics[1]}
    return {name: int(urlsplit(text if "//" in text else f"//{text}").port or 0) for name, text in addresses.items()}


async def listening_parts(folder: Path) -> list[str]:
    """The parts that take connections."""
    return [name for name, port in ports_of(folder).items() if await listens(port)]


async def listens(port: int) -> bool:
    """Whether something takes connections on a loopback port."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True
