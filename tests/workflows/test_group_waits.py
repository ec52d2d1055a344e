"""`OnboardGroup`: every wait for somebody has reminders and an end, and nobody's absence loses anything."""

import itertools
from collections import deque
from datetime import datetime, timedelta
from typing import Any

import pytest

from onboarding import reasons
from onboarding.calls.call import Call
from onboarding.calls.hosting_orders import CREATE_ORDER, OBSERVE_ORDER
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.calls.qualification import ADD_NUMBERS, READ_REVIEWS
from onboarding.calls.voice import PLACE_CALL, CallOutcome
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode
from onboarding.errors import FailureType
from onboarding.stages import Verification
from tests.workflows.outside_world import SINCH_CALLS, OutsideWorld, Recorded
from tests.workflows.sinch_side import RIGHT_CODE
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced

NEVER = ()
MINUTE = timedelta(minutes=1)


def notices(world: OutsideWorld, subject: str) -> list[Recorded]:
    """The notices with this in their subject, as the mail server took them."""
    return [recorded for recorded in world.made(SEND_NOTICE) if subject in recorded.request.subject]


def days_between(moments: list[datetime]) -> list[float]:
    """Days from each to the next."""
    return [round((b - a) / timedelta(days=1), 2) for a, b in itertools.pairwise(moments)]


def reason_codes(world: OutsideWorld) -> list[str]:
    """Why the numbers of the first group ended without SMS."""
    return [row.reason.code for row in world.rows[1] if row.reason]


async def test_an_eligibility_check_without_an_answer_ends_at_its_deadline(scene: Scene, world: OutsideWorld) -> None:
    world.qualification = ((0, "ELIGIBLE_CHECK_PENDING"),)
    world.desk = NEVER
    await scene.result(await scene.start_group(fresh_numbers(1)))
    assert reason_codes(world) == [reasons.ELIGIBILITY_DEADLINE_PASSED]
    settled_at = world.rows[1][0].settled_at
    assert settled_at
    assert days_between([world.made(ADD_NUMBERS)[0].at, settled_at]) == [10]


async def test_a_long_invoice_review_is_reminded_of_and_ends(scene: Scene, world: OutsideWorld) -> None:
    world.desk = NEVER
    await scene.result(await scene.start_group(fresh_numbers(1), a_batch(verification=Verification.INVOICES)))
    assert reason_codes(world) == [reasons.INVOICE_REVIEW_DEADLINE_PASSED]
    sent = notices(world, "invoice review outstanding")
    assert days_between([recorded.at for recorded in sent]) == [3, 3]
    assert [recorded.request.subject.rpartition(" numbers")[2] for recorded in sent] == [
        "",
        " (reminder 1)",
        " (reminder 2)",
    ]


async def test_where_calls_are_allowed_a_late_review_turns_into_a_call(scene: Scene, world: OutsideWorld) -> None:
    world.desk = NEVER
    number = fresh_numbers(1)[0]
    group = await scene.start_group((number,))
    await scene.pass_hours(24 * 10.5)
    assert len(world.rings(number)) == 1
    await scene.verification(number).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(group)).stages == {"DONE": 1}


async def test_voice_codes_are_asked_for_at_once_and_then_daily(scene: Scene, world: OutsideWorld) -> None:
    await scene.result(await scene.start_group(fresh_numbers(2), a_batch(verification=Verification.VOICE)))
    assert reason_codes(world) == [reasons.VOICE_CODE_NOT_ENTERED] * 2
    asked = notices(world, "voice codes needed for 2 numbers")
    assert asked[0].at - world.made(PLACE_CALL)[0].at <= MINUTE
    assert days_between([recorded.at for recorded in asked]) == [1] * 6


async def test_each_notice_is_a_mail_of_its_own(scene: Scene, world: OutsideWorld) -> None:
    await scene.result(await scene.start_group(fresh_numbers(1), a_batch(verification=Verification.VOICE)))
    keys = [request.key for request in world.requests(SEND_NOTICE)]
    assert len(keys) == len(set(keys)) == 7


async def test_notices_that_cannot_be_mailed_stop_nothing_and_come_later(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.away(SEND_NOTICE, hours=10)
    group = await scene.start_group((number,), a_batch(verification=Verification.VOICE))
    await scene.pass_hours(3)
    assert len(world.rings(number)) == 1
    await scene.pass_hours(12)
    attempts = world.made(SEND_NOTICE)
    assert len({recorded.request.key for recorded in attempts}) == 1
    assert timedelta(hours=10) <= attempts[-1].at - attempts[0].at <= timedelta(hours=14)
    await scene.verification(number).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(group)).stages == {"DONE": 1}


async def test_the_invoice_mail_is_sent_when_the_mail_server_is_back(scene: Scene, world: OutsideWorld) -> None:
    world.away(SEND_INVOICES, hours=1)
    assert (await scene.result(await scene.start_group(fresh_numbers(2)))).stages == {"DONE": 2}
    attempts = world.made(SEND_INVOICES)
    assert len({attempt.request for attempt in attempts}) == 1
    assert timedelta(hours=1) <= attempts[-1].at - attempts[0].at <= timedelta(hours=1, minutes=6)


async def test_a_refused_invoice_mail_fails_its_numbers_with_the_servers_words(
    scene: Scene, world: OutsideWorld
) -> None:
    world.refuse(SEND_INVOICES, FailureType.MAIL_REFUSED, "attachment too large")
    await scene.result(await scene.start_group(fresh_numbers(1)))
    assert world.rows[1][0].reason == reasons.reason(reasons.INVOICES_NOT_SENT, "attachment too large")


@pytest.mark.parametrize("step", SINCH_CALLS, ids=lambda call: call.name)
async def test_an_hour_without_sinch_loses_nothing_at_any_step(
    scene: Scene, world: OutsideWorld, step: Call[Any, Any]
) -> None:
    """Whichever step meets it: the group is done in the end, with one call, one order and one invoice mail."""
    called, accepted = fresh_numbers(2)
    world.desk_of[called] = ((24, "VERIFICATION_FAILED"),)
    if step is PLACE_CALL:
        world.call_answers[called] = deque([(CallOutcome.NOT_PLACED, False)] * 4)
    else:
        world.away(step, hours=1)
    group = await scene.start_group((called, accepted), a_batch(pace=paced(wave="72h")))
    await scene.pass_hours(36)
    await scene.verification(called).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(group)).stages == {"DONE": 2}
    assert (len(world.rings(called)), len(world.orders), len(world.requests(SEND_INVOICES))) == (1, 1, 1)


@pytest.mark.parametrize("step", [ADD_NUMBERS, READ_REVIEWS, CREATE_ORDER, OBSERVE_ORDER], ids=lambda call: call.name)
@pytest.mark.parametrize("work_done", [True, False])
async def test_a_lost_answer_is_asked_for_again(
    scene: Scene, world: OutsideWorld, step: Call[Any, Any], work_done: bool
) -> None:
    world.lose_answer(step, work_done=work_done)
    assert (await scene.result(await scene.start_group(fresh_numbers(2)))).stages == {"DONE": 2}
    assert len(world.orders) == 1


async def test_a_wait_of_sixty_days_keeps_the_history_short(scene: Scene, world: OutsideWorld) -> None:
    patience = {"remind_every": "7d", "deadline": "90d"}
    batch = a_batch(pace=paced(invoice_review=patience, poll_longest="8h"), verification=Verification.INVOICES)
    world.desk = ((60 * 24, "VERIFIED"),)
    group = await scene.start_group(fresh_numbers(1), batch, events_a_run=500)
    await scene.pass_hours(59 * 24)
    assert (await group.describe()).history_length <= 550
    assert (await scene.result(group)).stages == {"DONE": 1}
    assert len(world.requests(SEND_INVOICES)) == 1
