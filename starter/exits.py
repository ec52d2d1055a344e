"""Exit codes of the command, and the one error that carries them."""

from enum import IntEnum


class Exit(IntEnum):
    """What the command's exit code tells a script."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    """Usage or invalid input: nothing was sent."""
    NUMBERS_FAILED = 3
    """The batch is through, but some numbers failed."""
    CONFIGURATION = 4
    """Credentials or configuration are missing or wrong."""
    STILL_WAITING = 5
    """`--wait` timed out while a person was being waited for."""
    UNAVAILABLE = 8
    """Temporal or Sinch cannot be reached."""
    INTERRUPTED = 130


class Stop(Exception):
    """End the command with a message for people and an exit code for scripts."""

    def __init__(self, message: str, code: Exit = Exit.ERROR) -> None:
        """The message goes to stderr."""
        super().__init__(message)
        self.message = message
        self.code = code
