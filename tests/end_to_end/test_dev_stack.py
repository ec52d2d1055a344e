"""`onboard dev`: the stack in the foreground, for people and scripts in other terminals."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scripts.ports import free_ports
from starter.stack.stack import PORT_NAMES
from tests.end_to_end.listening import listening_parts, listens, ports_of
from tests.end_to_end.site import until
from tests.starter.onboard_command import ONBOARD, Onboard

pytestmark = [pytest.mark.end_to_end, pytest.mark.usefixtures("temporal_cli")]

_ENDPOINTS = {
    "temporal",
    "web_ui",
    "sinch_imported",
    "sinch_oauth",
    "sinch_legacy",
    "sinch_numbers",
    "receiver",
    "smtp",
    "simulator_control",
}


@asynccontextmanager
async def dev(folder: Path, *arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`onboard dev`, and what it has said when everything is up."""
    async with Onboard(folder).started("dev", "--folder", folder, *arguments) as process:
        assert process.stderr is not None
        said = ""
        while "in another terminal" not in said:
            line = (await process.stderr.readline()).decode()
            assert line, said
            said += line
        yield process, said


async def test_it_tells_its_addresses_obeys_ports_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    [port] = free_ports(1)
    async with dev(tmp_path, "--port", f"receiver={port}") as (process, said):
        endpoints = json.loads((tmp_path / "endpoints.json").read_text())
        assert set(endpoints) == _ENDPOINTS
        assert endpoints["receiver"] == f"http://127.0.0.1:{port}"
        assert all(address in said for address in endpoints.values())
        assert len(await listening_parts(tmp_path)) == len(ports_of(tmp_path))
        assert (tmp_path / "environment").stat().st_mode & 0o077 == 0
        told = f". {tmp_path / 'environment'} && {ONBOARD}"
        assert await in_a_shell(f"{told} list --output json") == "[]\n"
        assert await in_a_shell(f"{told} orders list --service-plan p --output json") == "[]\n"
        assert json.loads(await in_a_shell(f"{told} callbacks show --output json"))["in_file_as"] == "newest"
        process.send_signal(signal.SIGINT)
        assert (await Onboard(tmp_path).ended(process)).code == 0
    assert await listening_parts(tmp_path) == []


async def test_a_part_that_dies_ends_it_with_a_message_that_names_the_part(tmp_path: Path) -> None:
    async with dev(tmp_path) as (process, _):
        os.kill(process_that_runs("receiver", process.pid), signal.SIGKILL)
        ended = await Onboard(tmp_path).ended(process)
    assert ended.code == 1
    assert f"receiver has ended by itself; see {tmp_path / 'logs'}" in ended.stderr
    assert await listening_parts(tmp_path) == []


async def test_sigterm_ends_it_even_while_it_is_starting(tmp_path: Path) -> None:
    ports = dict(zip(PORT_NAMES, free_ports(len(PORT_NAMES)), strict=True))
    given = [argument for name, port in ports.items() for argument in ("--port", f"{name}={port}")]
    onboard = Onboard(tmp_path)
    async with onboard.started("dev", "--folder", tmp_path, *given) as process:
        await until(lambda: listens(ports["temporal"]), "Temporal listens")
        process.send_signal(signal.SIGTERM)
        ended = await onboard.ended(process)
    assert ended.code in (0, 130)
    assert [name for name, port in ports.items() if await listens(port)] == []


async def in_a_shell(command: str) -> str:
    """What a plain shell without any of our variables prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ONBOARD", "TEMPORAL"))}
    shell = await asyncio.create_subprocess_exec("sh", "-c", command, env=environment, stdout=asyncio.subprocess.PIPE)
    stdout, _ = await shell.communicate()
    assert shell.returncode == 0
    return stdout.decode()


def process_that_runs(module: str, parent: int) -> int:
    """The child process that was started as `python -m <module>`."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command, status = (entry / "cmdline").read_bytes().split(b"\0"), (entry / "stat").read_text()
        except OSError:
            continue
        if command[1:3] == [b"-m", module.encode()] and int(status.rpartition(")")[2].split()[1]) == parent:
            return int(entry.name)
    raise AssertionError(f"no child process runs {module}")
