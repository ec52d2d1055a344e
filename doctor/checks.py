"""Carrying out checks: all at once, each for a limited time, none stopped by another one's failure."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from temporalio.service import RPCError

from doctor.diagnosis import Cause, Diagnosis, problem
from processes.settings import InvalidSettings
from temporal_connection import InvalidConnection

SECONDS_AT_MOST = 20.0
"""How long one check may take."""


@dataclass(frozen=True)
class Check:
    """A look at something. `name` and `subject` are shown where the look itself fails."""

    name: str
    subject: str
    look: Callable[[], Awaitable[Sequence[Diagnosis]]]


async def carry_out(checks: Sequence[Check], seconds_at_most: float = SECONDS_AT_MOST) -> list[Diagnosis]:
    """The diagnoses of all checks, in the checks' order."""
    found = await asyncio.gather(*(_carried_out(check, seconds_at_most) for check in checks))
    return [diagnosis for diagnoses in found for diagnosis in diagnoses]


async def _carried_out(check: Check, seconds_at_most: float) -> Sequence[Diagnosis]:
    try:
        async with asyncio.timeout(seconds_at_most):
            return await check.look()
    except TimeoutError:
        message = f"no answer within {seconds_at_most:g} s"
        return [_failed(check, message, "look whether it runs and can be reached from here", Cause.UNAVAILABLE)]
    except (InvalidSettings, InvalidConnection) as error:
        return [_failed(check, str(error), "correct the settings, and start again what uses them", Cause.CONFIGURATION)]
    except RPCError as error:
        message = f"Temporal does not answer this: {error.message}"
        return [
            _failed(check, message, "look at the Temporal server, then run onboard doctor again", Cause.UNAVAILABLE)
        ]
    except Exception as error:  # whatever one look trips over, the others are still worth having
        message = f"this could not be looked at: {type(error).__name__}: {error}"
        return [_failed(check, message, "report it with the output of onboard doctor --output json", Cause.WORK)]


def _failed(check: Check, message: str, next_step: str, cause: Cause) -> Diagnosis:
    return problem(check.name, check.subject, message, next_step, cause)
