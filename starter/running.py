"""Running one command: connect, carry it out, turn every way it can end into a message and an exit code."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from starter.exits import Exit, Stop
from starter.output import message

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite kill, a terminal that closes."""

_SETTLE_SECONDS = 0.1


def run(work: Callable[[], Coroutine[Any, Any, Exit | None]]) -> None:
    """Carry out an async command and leave the process with its exit code."""
    leave(_outcome(work))


def _outcome(work: Callable[[], Coroutine[Any, Any, Exit | None]]) -> Exit:
    from temporalio.exceptions import ApplicationError  # noqa: PLC0415
    from temporalio.service import RPCError, RPCStatusCode  # noqa: PLC0415

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
    except RPCError as error:
        away = error.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED)
        message(f"Temporal {'does not answer' if away else 'refuses this'}: {error.message}")
        return Exit.UNAVAILABLE if away else Exit.ERROR
    except (ApplicationError, OSError) as error:
        message(str(error))
        return Exit.ERROR
    except (KeyboardInterrupt, asyncio.CancelledError):
        return Exit.INTERRUPTED


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
