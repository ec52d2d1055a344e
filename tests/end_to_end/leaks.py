"""Where secrets and personal data could get to: everything a stack writes, and every payload of its histories."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from temporalio.client import Client

from tests.end_to_end.site import Site
from tests.payloads import payloads_of


def found_in(written: bytes, wanted: Iterable[str]) -> set[str]:
    """Which of the texts can be read there."""
    return {text for text in wanted if text.encode() in written}


def files_under(folder: Path, *but: str) -> Iterator[tuple[str, bytes]]:
    """Every file with its content, but those that are there to hold secrets."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in but:
            yield str(path.relative_to(folder)), path.read_bytes()


def command_lines(site: Site) -> bytes:
    """What every user of the machine sees of the stack's processes."""
    ids = [component.process_id for component in site.stack.components.values()]
    return b"\n".join(Path(f"/proc/{process_id}/cmdline").read_bytes() for process_id in ids if process_id)


async def histories(client: Client) -> dict[str, tuple[bytes, bytes]]:
    """Workflow id -> its history as the server has it, and all its payloads decrypted."""
    codec = client.data_converter.payload_codec
    found = {}
    async for execution in client.list_workflows():
        history = await client.get_workflow_handle(execution.id, run_id=execution.run_id).fetch_history()
        payloads = [payload for event in history.events for payload in payloads_of(event)]
        readable = await codec.decode(payloads) if codec else payloads
        stored = b"".join(event.SerializeToString() for event in history.events)
        found[f"{execution.id} {execution.run_id}"] = (stored, b"\n".join(payload.data for payload in readable))
    return found
