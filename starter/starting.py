"""`onboard start`: check the input, show what would happen or make it happen, and wait where asked."""

import asyncio
import math
import sys
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from doctor.diagnosis import Level
from doctor.queues import diagnosis_of, queue_state, queues_in_use
from onboarding.contracts.batch import BatchResult
from onboarding.ids import batch_workflow_id
from onboarding.spans import Span
from onboarding.stages import Stage
from onboarding.task_queues import DEFAULT_PROFILE
from processes.sinch_profiles import callback_profiles
from starter.asking import confirm
from starter.batches import start_batch
from starter.exits import Exit, Stop
from starter.input import BatchInput, InvalidInput, Plan, plan, read_batch, render
from starter.output import Format, counted, document, message
from starter.rents import rented_by
from starter.settings import PlannedMailSettings, document_store, web_ui_link
from starter.statuses import next_pause, status_text
from starter.watching import BatchView, batch_view
from temporal_connection import connect, described_target

_FIRST_PAUSE_SECONDS = 2.0


async def start_command(
    batch_file: Path, numbers: str | None, dry_run: bool, yes: bool, wait: bool, wait_for: str, format_: Format
) -> Exit | None:
    """The whole of `onboard start`. Raises Stop."""
    patience = _patience(wait, wait_for)
    given = _read(batch_file, numbers)
    planned = _plan(given)
    if dry_run:
        document(format_, planned.model_dump(mode="json"), render(planned))
        return None
    for warning in given.warnings:
        message(f"warning: {warning}")
    _confirm(given, yes)
    client = await _connected()
    await _warn_without_workers(client, given.batch.profile)
    started = await start_batch(client, document_store(), given, await rented_by(client, given))
    batch = given.batch.id
    said = "was started before: attached to it" if started.attached else "is started"
    link = web_ui_link(client, batch)
    data = {"batch": batch, "workflow_id": started.workflow_id, "attached": started.attached, "web_ui": link}
    if not wait or format_ is Format.TEXT:
        document(format_, data, f"batch {batch} {said}\nWeb UI: {link}\nwatch it with: onboard status {batch} --watch")
    return await _wait(client, batch, patience, format_) if wait else None


def _read(batch_file: Path, numbers: str | None) -> BatchInput:
    try:
        return read_batch(batch_file, numbers, sys.stdin.buffer)
    except InvalidInput as error:
        raise Stop(str(error), Exit.USAGE) from None


def _plan(given: BatchInput) -> Plan:
    mails, profile = PlannedMailSettings.read(), given.batch.profile
    project_id = mails.sinch_project_id if profile == DEFAULT_PROFILE else _project_id(profile)
    return plan(given, orders_desk=mails.orders_desk, project_id=project_id)


def _project_id(profile: str) -> str:
    """Shown by a dry run. Only workers need to know every profile, so one that is unknown here is no mistake.

    Raises InvalidProfiles.
    """
    known = callback_profiles().get(profile)
    return (known and known.project_id) or f"<Sinch project id of {profile}>"


def _patience(wait: bool, timeout: str) -> timedelta | None:
    if not timeout:
        return None
    if not wait:
        raise Stop("--timeout says how long --wait waits: give both, or none", Exit.USAGE)
    try:
        return Span(timeout).fixed
    except ValueError as error:
        raise Stop(f"--timeout: {error}", Exit.USAGE) from None


def _confirm(given: BatchInput, yes: bool) -> None:
    """Ask a person; a script says --yes."""
    if yes or not sys.stdin.isatty():
        return
    total = counted(given.numbers_total, "number")
    signers = dict.fromkeys(signer.email for part in given.parts if (signer := part.terms.loa.signer))
    where = f"LOAs go to {', '.join(signers)}, which cannot be changed later" if signers else "nobody signs an LOA"
    message(f"{total} of {given.batch.customer}; {where}.")
    if given.rented is not None:
        message(f"{', '.join(given.rented.named)}: rented, and linked to the same plan and campaign at the end.")
    if not confirm("Start?"):
        raise Stop("nothing was started")


async def _connected() -> Client:
    try:
        return await connect()
    except RuntimeError as error:
        raise Stop(f"Temporal cannot be reached at {described_target()}: {error}", Exit.UNAVAILABLE) from None


async def _warn_without_workers(client: Client, profile: str) -> None:
    """A batch whose queues nobody polls stands still without a word."""
    for queue in queues_in_use([profile]):
        state = diagnosis_of(await queue_state(client, queue))
        if state.level is Level.PROBLEM:
            message(f"warning: {state.message}; {state.next_step}")


async def _wait(client: Client, batch: str, patience: timedelta | None, format_: Format) -> Exit:
    """Follow the batch to its end, with a line on stderr for every change."""
    handle = client.get_workflow_handle(batch_workflow_id(batch), result_type=BatchResult)
    result = asyncio.create_task(handle.result())
    clock = asyncio.get_running_loop().time
    deadline = clock() + patience.total_seconds() if patience else math.inf
    shown, pause = "", _FIRST_PAUSE_SECONDS
    while not result.done():
        view = await batch_view(client, batch, web_ui_link(client, batch))
        if (text := status_text(view)) != shown:
            message(text)
            shown = text
        if clock() >= deadline:
            result.cancel()
            raise _timed_out(view)
        try:
            await asyncio.wait([result], timeout=min(pause, max(0.0, deadline - clock())))
        except asyncio.CancelledError:
            message(f"batch {batch} goes on by itself; see: onboard status {batch}")
            raise
        pause = next_pause(pause)
    ended = await result
    text = "\n".join(f"  {stage:<20}{count:>8}" for stage, count in ended.stages.items())
    document(format_, ended.model_dump(mode="json"), f"batch {batch} is through\n{text}\nreport: {ended.report.csv}")
    return Exit.NUMBERS_FAILED if ended.stages.get(Stage.FAILED) else Exit.DONE


def _timed_out(view: BatchView) -> Stop:
    waiting = [f"{part.waiting_on.value} ({counted(part.numbers, 'number')})" for part in view.waiting]
    on = ", ".join(waiting) or "nobody"
    return Stop(f"batch {view.batch} is still running, waiting on {on}; it goes on by itself", Exit.STILL_WAITING)
