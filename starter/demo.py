"""The demo: a sample batch of 25 numbers through the whole stack, with the command in the operator's part.

The operator asks the simulated phones for the codes they heard and enters them by the same updates a person uses.
"""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client

from activities.document_store import DocumentStore
from onboarding.contracts.hosting_order import WORKFLOW as HOSTING_ORDER
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.contracts.verification import VerificationStatus
from onboarding.stages import Stage
from starter import output
from starter.batches import start_batch
from starter.challenges import call_again, open_challenges, submit_code
from starter.exits import Exit, Stop
from starter.input import read_batch
from starter.number_rows import final_report
from starter.settings import document_store, web_ui_link
from starter.stack import Stack, StackSettings, running_stack
from starter.watching import BatchView, batch_view
from temporal_connection import connect

EXAMPLE = Path(__file__).parent.parent / "examples" / "batch.toml"
DAY_SECONDS = 4.0
_LOOK_EVERY_SECONDS = 0.5
_LIST_LAG_SECONDS = 2.0
_MADE_BY_A_DEMO = {
    "logs",
    "documents",
    "temporal.db",
    "endpoints.json",
    "environment",
    "callback_secrets",
    "report.json",
}
"""What is in the folder; the database has further files, `temporal.db-...`."""


async def run_demo(folder: Path, *, keep: bool) -> None:
    """Bring the stack up, run the sample batch to its report, show it; with `keep` leave the stack up."""
    _empty(folder)
    output.message("starting Temporal, the simulated Sinch, the receiver and the worker ...")
    async with running_stack(StackSettings(folder=folder, day_seconds=DAY_SECONDS)) as stack:
        os.environ.update(stack.environment)
        client = await connect()
        given = read_batch(EXAMPLE, None, sys.stdin.buffer)
        store = document_store()
        started = await start_batch(client, store, given)
        link = web_ui_link(client, given.batch.id)
        output.message(f"batch {given.batch.id} runs as {started.workflow_id}\nWeb UI: {link}")
        await _operate(client, given.batch.id, stack)
        report = await demo_report(client, store, given.batch.id, stack)
        (folder / "report.json").write_text(json.dumps(report, indent=1) + "\n")
        output.rows(output.Format.TEXT, report["numbers"], ("phone_number", "stage", "reason", "hosting_order_id"))
        output.message(f"report: {folder / 'report.json'}\nWeb UI: {link}")
        if keep:
            output.message("the stack stays up until Ctrl-C")
            await stack.any_ended()


def _empty(folder: Path) -> None:
    """Remove what an earlier demo left. Raises Stop where the folder holds anything else: it is not ours then."""
    held = list(folder.iterdir()) if folder.exists() else []
    foreign = sorted(path.name for path in held if path.name.split("-")[0] not in _MADE_BY_A_DEMO)
    if foreign:
        raise Stop(f"{folder} holds {foreign[0]}, which no demo has made; name another --folder", Exit.USAGE)
    shutil.rmtree(folder, ignore_errors=True)


async def _operate(client: Client, batch_id: str, stack: Stack) -> None:
    """Play the operator until the batch is through, printing what changes."""
    shown = ""
    async with httpx.AsyncClient(base_url=stack.endpoints.simulator_control, timeout=10.0) as phones:
        while True:
            view = await batch_view(client, batch_id)
            line = progress_line(view)
            if line != shown:
                output.message(line)
                shown = line
            if view.is_through:
                return
            for challenge in await open_challenges(client, batch_id):
                await _answer(client, challenge, phones)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)


async def _answer(client: Client, challenge: VerificationStatus, phones: httpx.AsyncClient) -> None:
    """What a person at the phone does: type in a code that was heard, once; where there is none, ask for a call."""
    if challenge.calls_placed == 0:
        return
    answer = (await phones.get(f"/_sim/phones/{challenge.phone_number}")).raise_for_status().json()
    heard = [call["code"] for call in answer["calls"] if call["code"]]
    try:
        if len(heard) > challenge.codes_judged:
            status = await submit_code(client, challenge.phone_number, heard[-1])
            output.message(f"  code for {challenge.phone_number}: {status.outcome or 'wrong'}")
        elif challenge.calls_left:
            output.message(f"  {challenge.phone_number}: {await call_again(client, challenge.phone_number)}")
    except Stop:
        return


def progress_line(view: BatchView) -> str:
    """One line: how many numbers are in which stage, and who is waited on."""
    stages = "  ".join(f"{stage} {count}" for stage, count in view.stages.items())
    waiting = ", ".join(f"{part.waiting_on.value} ({part.numbers})" for part in view.waiting)
    return f"{stages}{'   waiting on ' + waiting if waiting else ''}"


async def demo_report(client: Client, store: DocumentStore, batch_id: str, stack: Stack) -> dict[str, Any]:
    """What the demo writes to `report.json`."""
    report = await final_report(store, batch_id) or {"numbers": []}
    await asyncio.sleep(_LIST_LAG_SECONDS)
    orders, callbacks, events = [], 0, 0
    async for execution in client.list_workflows(f'OnboardingBatch="{batch_id}"'):
        handle = client.get_workflow_handle(execution.id)
        events += (await handle.describe()).history_length
        if execution.workflow_type == HOSTING_ORDER:
            status: OrderStatus = await handle.query(STATUS_QUERY, result_type=OrderStatus)
            callbacks += status.callbacks_received
            orders.append(
                {
                    "hosting_order_id": status.hosting_order_id,
                    "workflow_id": execution.id,
                    "state": status.order_state,
                    "numbers": len(status.numbers),
                    "done": sum(number.stage is Stage.DONE for number in status.numbers),
                }
            )
    async with httpx.AsyncClient(base_url=stack.endpoints.simulator_control, timeout=10.0) as control:
        mails = (await control.get("/_sim/ledger", params={"kind": "invoice_mail"})).raise_for_status().json()
    return {
        "batch": batch_id,
        "web_ui": web_ui_link(client, batch_id),
        "numbers": [
            {name: row[name] for name in ("phone_number", "stage", "reason", "hosting_order_id")}
            for row in report["numbers"]
        ],
        "hosting_orders": sorted(orders, key=lambda order: str(order["workflow_id"])),
        "callbacks_received": callbacks,
        "invoice_mails": len(mails["entries"]),
        "history_events": events,
    }
