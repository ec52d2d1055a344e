"""Asking a person at the terminal."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

from starter.exits import Exit, Stop
from starter.output import message
from starter.running import ENDING_SIGNALS


def confirm(question: str) -> bool:
    """The answer to a yes-or-no question. Raises Stop where nobody is there to answer it."""
    if not sys.stdin.isatty():
        raise Stop(f"{question} Say --yes where nobody can be asked", Exit.USAGE)
    with _interruptible():
        return typer.confirm(question, err=True)


def ask(question: str, answers: TextIO) -> str:
    """The line that is given in answer; empty at the end of input."""
    with _interruptible():
        message(question)
        return answers.readline()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Within it Ctrl-C ends a read that blocks; the event loop, which is blocked too, could not pass it on."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
