"""Running one command: connect, carry it out, turn every way it can end into a message and an exit code."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from starter.exits import Exit, Stop
from starter.output import message

if TYPE_CHECKING:
    from temporalio.service import RPCError

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite kill, a terminal that closes."""

ANSWERED_WITHIN = timedelta(seconds=15)
"""How long a workflow, which needs a worker for it, may take to answer a query or an update."""

_SETTLE_SECONDS = 0.1
_NO_WORKER = (
    f"the workflow does not answer within {ANSWERED_WITHIN.seconds} s; is a worker running? "
    "Start one with: python worker.py"
)


def run(work: Callable[[], Coroutine[Any, Any, Exit | None]]) -> None:
    """Carry out an async command and leave the process with its exit code."""
    leave(_outcome(work))


def _outcome(work: Callable[[], Coroutine[Any, Any, Exit | None]]) -> Exit:
    from temporalio.client import RPCTimeoutOrCancelledError  # noqa: PLC0415
    from temporalio.exceptions import ApplicationError  # noqa: PLC0415
    from temporalio.service import RPCError  # noqa: PLC0415

    from processes.settings import InvalidSettings  # noqa: PLC0415 - only needed once something has gone wrong
    from temporal_connection import InvalidConnection  # noqa: PLC0415

    try:
        return asyncio.run(_settled(work)) or Exit.DONE
    except Stop as stop:
        message(stop.message)
        return stop.code
    except (InvalidSettings, InvalidConnection) as error:
        message(str(error))
        return Exit.CONFIGURATION
    except RPCTimeoutOrCancelledError:
        message(f"{_NO_WORKER}. It may then still carry out what was asked")
        return Exit.UNAVAILABLE
    except RPCError as error:
        said, code = _refusal(error)
        message(said)
        return code
    except (ApplicationError, OSError) as error:
        message(str(error))
        return Exit.ERROR
    except (KeyboardInterrupt, asyncio.CancelledError):
        return Exit.INTERRUPTED


def _refusal(error: "RPCError") -> tuple[str, Exit]:
    from temporalio.service import RPCStatusCode  # noqa: PLC0415

    if error.status in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
        return _NO_WORKER, Exit.UNAVAILABLE
    if error.status == RPCStatusCode.UNAVAILABLE:
        return f"Temporal does not answer: {error.message}", Exit.UNAVAILABLE
    return f"Temporal refuses this: {error.message}", Exit.ERROR


async def _settled(work: Callable[[], Coroutine[Any, Any, Exit | None]]) -> Exit | None:
    """The SDK's threads need a moment after the last call before the event loop may go."""
    _cancel_once_on_signals()
    try:
        return await work()
    finally:
        await asyncio.sleep(_SETTLE_SECONDS)


def _cancel_once_on_signals() -> None:
    """The first signal ends the work in good order; an impatient second one must not keep it from clearing up."""
    loop, work = asyncio.get_running_loop(), asyncio.current_task()
    told: list[bool] = []

    def end() -> None:
        if work is not None and not told:
            told.append(work.cancel())

    for number in ENDING_SIGNALS:
        loop.add_signal_handler(number, end)


def leave(code: Exit) -> None:
    """End the process at once: the SDK's threads can crash an interpreter that finalizes, and all work is done."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
