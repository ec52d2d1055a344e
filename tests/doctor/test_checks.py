"""Checks go on side by side: one that hangs, fails or is badly set up is a finding, and stops no other."""

import asyncio
from collections.abc import Sequence

from doctor.checks import Check, carry_out
from doctor.diagnosis import Cause, Diagnosis, Level, fine
from processes.settings import InvalidSettings
from temporal_connection import InvalidConnection


async def hangs() -> Sequence[Diagnosis]:
    await asyncio.Event().wait()
    return []


async def is_well() -> Sequence[Diagnosis]:
    return [fine("well", "x", "it is")]


async def is_set_up_wrong() -> Sequence[Diagnosis]:
    raise InvalidSettings("ONBOARD_SMTP_PORT: it is no number.")


async def connects_wrong() -> Sequence[Diagnosis]:
    raise InvalidConnection("TEMPORAL_PROFILE is wrong")


async def trips() -> Sequence[Diagnosis]:
    raise LookupError("nothing there")


async def test_one_failing_check_stops_no_other() -> None:
    looks = (hangs, is_set_up_wrong, connects_wrong, trips, is_well)
    found = await carry_out([Check(look.__name__, "x", look) for look in looks], seconds_at_most=0.2)
    assert [(diagnosis.check, diagnosis.level, diagnosis.cause, diagnosis.message) for diagnosis in found] == [
        ("hangs", Level.PROBLEM, Cause.UNAVAILABLE, "no answer within 0.2 s"),
        ("is_set_up_wrong", Level.PROBLEM, Cause.CONFIGURATION, "ONBOARD_SMTP_PORT: it is no number."),
        ("connects_wrong", Level.PROBLEM, Cause.CONFIGURATION, "TEMPORAL_PROFILE is wrong"),
        ("trips", Level.PROBLEM, Cause.WORK, "this could not be looked at: LookupError: nothing there"),
        ("well", Level.OK, None, "it is"),
    ]
    assert all(diagnosis.next_step for diagnosis in found[:-1])
