"""What one look has found: how bad it is, what is so, and what to do next."""

from enum import StrEnum

from onboarding.model import Model


class Level(StrEnum):
    """`ok` needs nothing, `warning` deserves a look, `problem` keeps work from going on."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Cause(StrEnum):
    """What kind of thing is wrong: settings or credentials, somebody who does not answer, or the work itself."""

    CONFIGURATION = "configuration"
    UNAVAILABLE = "unavailable"
    WORK = "work"


class Diagnosis(Model):
    """One finding. `subject` is what it is about: an address, a task queue, a workflow id, a profile."""

    check: str
    subject: str
    level: Level
    message: str
    next_step: str = ""
    cause: Cause | None = None


def fine(check: str, subject: str, message: str) -> Diagnosis:
    """All is as it should be."""
    return Diagnosis(check=check, subject=subject, level=Level.OK, message=message)


def warning(check: str, subject: str, message: str, next_step: str) -> Diagnosis:
    """Nothing is broken, but somebody should know."""
    return Diagnosis(check=check, subject=subject, level=Level.WARNING, message=message, next_step=next_step)


def problem(check: str, subject: str, message: str, next_step: str, cause: Cause) -> Diagnosis:
    """Something keeps work from going on."""
    return Diagnosis(
        check=check, subject=subject, level=Level.PROBLEM, message=message, next_step=next_step, cause=cause
    )
