"""`onboard status` and `onboard list`: a batch, or all of them, on one screen."""

import asyncio
from collections.abc import AsyncIterator

from rich.console import Console
from rich.live import Live
from temporalio.client import Client

from onboarding.stages import Stage
from starter.exits import Exit
from starter.output import Format, counted, document, rows
from starter.settings import web_ui_link
from starter.watching import BatchView, batch_view, batches

_PAUSE_GROWTH = 1.2
_LONGEST_PAUSE_SECONDS = 15.0
_BATCH_COLUMNS = ("batch", "customer", "state", "numbers", "done", "failed", "started")


async def show_batches(client: Client, format_: Format) -> None:
    """All batches, newest first."""
    rows(format_, await batches(client), _BATCH_COLUMNS)


async def show_status(client: Client, batch: str, format_: Format) -> None:
    """One look at a batch."""
    view = await batch_view(client, batch, web_ui_link(client, batch))
    document(format_, view.model_dump(mode="json"), status_text(view))


async def watch_status(client: Client, batch: str, format_: Format, every_seconds: float) -> Exit:
    """Look again and again until the batch is through; a screen for people, a line a change for programs."""
    console = Console(soft_wrap=True, highlight=False)
    link = web_ui_link(client, batch)
    live = format_ is Format.TEXT and console.is_terminal
    shown = await batch_view(client, batch, link)
    if live:
        with Live(status_text(shown), console=console, auto_refresh=False) as screen:
            async for view in _later_views(client, shown, every_seconds):
                screen.update(status_text(view), refresh=True)
                shown = view
    else:
        line_format = Format.TEXT if format_ is Format.TEXT else Format.JSONL
        document(line_format, shown.model_dump(mode="json"), status_text(shown))
        async for view in _later_views(client, shown, every_seconds):
            if view != shown:
                document(line_format, view.model_dump(mode="json"), status_text(view))
                shown = view
    return exit_of(shown)


async def _later_views(client: Client, view: BatchView, pause: float) -> AsyncIterator[BatchView]:
    """The batch as it stands later and later, up to its end."""
    while not view.is_through:
        await asyncio.sleep(pause)
        pause = next_pause(pause)
        view = await batch_view(client, view.batch, view.web_ui)
        yield view


def next_pause(seconds: float) -> float:
    """The pause before the look after next: what takes days need not be looked at every other second."""
    return min(seconds * _PAUSE_GROWTH, _LONGEST_PAUSE_SECONDS)


def exit_of(view: BatchView) -> Exit:
    """3 where numbers failed in a batch that is through."""
    return Exit.NUMBERS_FAILED if view.stages.get(Stage.FAILED) else Exit.DONE


def status_text(view: BatchView) -> str:
    """The batch on one screen."""
    groups = f"{view.groups_settled} of {view.groups_total if view.groups_total is not None else '?'} groups reported"
    kind, parts = ("Import", "") if view.is_import else ("Batch", f", {groups}")
    lines = [
        f"{kind} {view.batch} of {view.customer}: {view.state}, {counted(view.numbers_total, 'number')}{parts}",
        *(f"  {stage:<20}{count:>8}" for stage, count in view.stages.items()),
        *(
            f"waiting on {part.waiting_on.value}: "
            f"{counted(part.numbers, 'number')} in {counted(part.workflows, 'workflow')}"
            for part in view.waiting
        ),
        f"Web UI: {view.web_ui}",
    ]
    return "\n".join(lines)
