"""The courses of batches whose histories are recorded: between them they come past every step of every workflow.

They run in real time on a real server, so everything that takes hours in life takes a second here.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from onboarding.batch import Batch
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.calls.voice import CallOutcome
from onboarding.contracts.batch import BatchStatus
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import AMEND_LOA_UPDATE, AmendLoa, OrderStatus
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    NumbersAction,
    OperatorAction,
)
from onboarding.contracts.verification import CALL_AGAIN_UPDATE, SUBMIT_CODE_UPDATE, SubmitCode, VerificationStatus
from onboarding.model import Model
from onboarding.pace import Pace, Patience
from onboarding.spans import Span
from onboarding.stages import Stage, Verification, WaitingOn
from tests.histories import import_scenarios, legacy_scenarios, recovery_scenarios, relink_scenarios, rent_scenarios
from tests.workflows.callback_events import all_succeeded, deliver
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE, Course
from tests.workflows.staging import LOA, Scene, a_batch, fresh_numbers, until

Handle = WorkflowHandle[Any, Any]
Scenario = Callable[[Scene, OutsideWorld], Awaitable[Sequence[Handle]]]
"""Plays a course to its end; the answer is the workflows whose histories are worth keeping."""

Status = TypeVar("Status", bound=Model)

SECOND = 1 / 3600
"""In hours, as courses count."""

NEVER: Course = ()
AT_ONCE: Course = ((0, "VERIFIED"),)
REFUSED: Course = ((0, "VERIFICATION_FAILED"),)
ENDS_BY_CALLBACKS: Course = ((0, "SUBMITTED"), (SECOND, "WAITING_FOR_LOA_SIGNATURE"))
COMPLETES: Course = (*ENDS_BY_CALLBACKS, (2 * SECOND, "IN_PROGRESS"), (3 * SECOND, "COMPLETED"))
REJECTED: Course = ((0, "SUBMITTED"), (SECOND, "REJECTED"))

_LONG = Patience(remind_every=Span("1d"), deadline=Span("2d"))
_SHORT = Patience(remind_every=Span("1s"), deadline=Span("3s"))
_PACE = Pace(
    poll_first=Span("1s"),
    poll_longest=Span("2s"),
    wave=Span("2s"),
    eligibility=_LONG,
    invoice_review=_LONG,
    voice_code=_LONG,
    loa_signature=_LONG,
    carrier=_LONG,
    operator=_LONG,
    call_pause=Span("0s"),
)

_CORRECTED_LOA = LOA.model_copy(update={"current_voice_carrier": "Other Voice"})
_RIGHT = SubmitCode(code=RIGHT_CODE)
_WRONG = SubmitCode(code="999")
_PATIENCE_SECONDS = 30


async def invoices(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Two groups by invoices: one order ends by callbacks, one by polls; numbers fail on the way and in the order."""
    (good, failing, unfit), polled = fresh_numbers(3), fresh_numbers(2)
    batch = a_batch(id="invoices", verification=Verification.INVOICES, pace=_PACE)
    world.qualification = ((0, "ELIGIBLE_CHECK_PENDING"), (SECOND, "ELIGIBLE"))
    world.qualification_of[unfit] = ((0, "NOT_ELIGIBLE"),)
    world.desk = ((2 * SECOND, "VERIFIED"),)
    world.orders_go = COMPLETES
    world.orders_go_of["invoices 0001/1"] = ENDS_BY_CALLBACKS
    world.failing = {polled[1]: "osr"}
    handle = await scene.start_batch([(good, failing, unfit), polled], batch)
    order = scene.order(batch)
    await until(lambda: "order-2" in world.orders)
    await _reached(order, OrderStatus, lambda status: status.hosting_order_id is not None)
    events = all_succeeded((good, failing))
    await deliver(order, events[:3])
    await deliver(order, [*events[2:], *events])
    await handle.result()
    return [handle, *_below(scene, batch, groups=2)]


async def voice(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A wrong code, a second call and the right code; a number that is blocked; one that is skipped."""
    slow, blocked, skipped = numbers = fresh_numbers(3)
    batch = a_batch(id="voice", verification=Verification.VOICE, pace=_PACE)
    world.qualification = ((0, "ELIGIBLE"),)
    world.orders_go = COMPLETES
    group = await scene.start_group(numbers, batch)
    await _enter(scene, slow, _WRONG)
    await scene.verification(slow).execute_update(CALL_AGAIN_UPDATE, OperatorAction(by="Ann"))
    await _called(scene, slow, times=2)
    for _ in range(3):
        await _enter(scene, blocked, _WRONG)
    await scene.verification(skipped).execute_update(SKIP_UPDATE, OperatorAction(by="Ann"))
    await scene.verification(slow).execute_update(SUBMIT_CODE_UPDATE, _RIGHT)
    await group.result()
    return [group, *(scene.verification(number) for number in numbers), scene.order(batch)]


async def unclear_calls(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Calls whose outcome is unknown, or that were surely not placed; and a challenge that is not needed any more."""
    unknown, not_placed, needless = numbers = fresh_numbers(3)
    batch = a_batch(id="unclear-calls", pace=_PACE)
    world.qualification = ((0, "ELIGIBLE"),)
    world.desk = REFUSED
    world.orders_go = COMPLETES
    world.call_answers[unknown] = deque([(CallOutcome.UNKNOWN, True)])
    world.call_answers[not_placed] = deque([(CallOutcome.NOT_PLACED, False)])
    group = await scene.start_group(numbers, batch)
    for number in numbers:
        await _called(scene, number)
    await group.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(needless,)))
    for number in (unknown, not_placed):
        await scene.verification(number).execute_update(SUBMIT_CODE_UPDATE, _RIGHT)
    await group.result()
    return [group, *(scene.verification(number) for number in numbers)]


async def rejected_order(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """An order is rejected; with a corrected LOA the same numbers go into a second one."""
    batch = a_batch(id="rejected-order", verification=Verification.INVOICES, pace=_PACE)
    world.qualification, world.orders_go = AT_ONCE, REJECTED
    group = await scene.start_group(fresh_numbers(2), batch)
    order = scene.order(batch)
    await _reached(order, OrderStatus, lambda status: status.waiting_on is WaitingOn.OPERATOR)
    world.orders_go = COMPLETES
    await order.execute_update(AMEND_LOA_UPDATE, AmendLoa(loa=_CORRECTED_LOA, by="Ann"))
    await group.result()
    return [group, order]


async def given_up(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """An order is rejected, ordered again as it was, and given up when it is rejected once more."""
    world.orders_go = REJECTED
    order = await scene.start_order(fresh_numbers(2), a_batch(id="given-up", pace=_PACE))
    await _reached(order, OrderStatus, lambda status: status.waiting_on is WaitingOn.OPERATOR)
    await order.execute_update(RETRY_UPDATE, OperatorAction(by="Ann"))
    await _reached(order, OrderStatus, lambda status: status.attempt == 2 and status.problem is not None)
    await order.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    await order.result()
    return [order]


async def cancelled(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A batch is cancelled while one number is ordered, one in review, and a group not begun."""
    ordered, in_review, not_begun = fresh_numbers(3)
    batch = a_batch(id="cancelled", verification=Verification.INVOICES, pace=_PACE)
    world.qualification = ((0, "ELIGIBLE"),)
    world.desk_of = {ordered: AT_ONCE, in_review: NEVER}
    world.orders_go = ENDS_BY_CALLBACKS
    handle = await scene.start_batch([(ordered, in_review), (not_begun,)], batch, window=1)
    await until(lambda: world.orders)
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    await _reached(handle, BatchStatus, lambda status: status.cancelled)
    order = scene.order(batch)
    await _reached(order, OrderStatus, lambda status: status.waiting_on is WaitingOn.LOA_SIGNATURE)
    await deliver(order, all_succeeded([ordered]))
    await handle.result()
    return [handle, *_below(scene, batch, groups=1)]


async def continued(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Batch, groups and orders all go on as new runs."""
    slices = [fresh_numbers(1) for _ in range(3)]
    batch = a_batch(id="continued", verification=Verification.INVOICES, pace=_PACE)
    world.qualification = ((0, "ELIGIBLE"),)
    world.desk = ((2 * SECOND, "VERIFIED"),)
    world.orders_go = COMPLETES
    handle = await scene.start_batch(slices, batch, window=1, events_a_run=25)
    await handle.result()
    return [handle, *_below(scene, batch, groups=1)]


async def reminders(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Everybody is late: reminders, deadlines, and silent orders that are asked whether they are still there."""
    unsigned, in_review = fresh_numbers(2)
    pace = _PACE.model_copy(
        update={"invoice_review": _SHORT, "loa_signature": _SHORT, "wave": Span("1s"), "reconcile": Span("1s")}
    )
    batch = a_batch(id="reminders", verification=Verification.INVOICES, pace=pace)
    world.qualification = ((0, "ELIGIBLE"),)
    world.desk_of = {unsigned: AT_ONCE, in_review: NEVER}
    world.orders_go = ENDS_BY_CALLBACKS
    handle = await scene.start_batch([(unsigned, in_review)], batch, reconcile=Span("2s"))
    await handle.result()
    assert world.made(SEND_NOTICE)
    return [handle, *_below(scene, batch, groups=1)]


async def operator(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A number is skipped inside its order, and one that failed is tried again."""
    kept, skipped, again = numbers = fresh_numbers(3)
    batch = a_batch(id="operator", verification=Verification.INVOICES, pace=_PACE)
    world.qualification = ((0, "ELIGIBLE"),)
    world.desk_of = {kept: AT_ONCE, skipped: AT_ONCE, again: REFUSED}
    world.orders_go = ENDS_BY_CALLBACKS
    group = await scene.start_group(numbers, batch)
    first, second = scene.order(batch, wave=1), scene.order(batch, wave=2)
    await until(lambda: world.orders)
    await _reached(group, GroupStatus, lambda status: status.stages.get(Stage.FAILED) == 1)
    await group.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(skipped,)))
    world.desk_of[again] = AT_ONCE
    await group.execute_update(RETRY_UPDATE, NumbersAction(phone_numbers=(again,)))
    await until(lambda: "order-2" in world.orders)
    for order, number in ((second, again), (first, kept)):
        await deliver(order, all_succeeded([number]))
    await group.result()
    return [group, first, second]


SCENARIOS: Mapping[str, Scenario] = {
    "invoices": invoices,
    "voice": voice,
    "unclear-calls": unclear_calls,
    "rejected-order": rejected_order,
    "given-up": given_up,
    "cancelled": cancelled,
    "continued": continued,
    "reminders": reminders,
    "operator": operator,
    **import_scenarios.SCENARIOS,
    **recovery_scenarios.SCENARIOS,
    **relink_scenarios.SCENARIOS,
    **rent_scenarios.SCENARIOS,
    **legacy_scenarios.SCENARIOS,
}


def _below(scene: Scene, batch: Batch, groups: int) -> list[Handle]:
    """The first groups of a batch, and the first order of each."""
    sequences = range(1, groups + 1)
    return [handle for i in sequences for handle in (scene.group(batch, i), scene.order(batch, sequence=i))]


async def _enter(scene: Scene, number: str, code: SubmitCode) -> None:
    """Type in a code and see it judged."""
    challenge = scene.verification(number)
    judged = (await _called(scene, number)).codes_judged
    await challenge.execute_update(SUBMIT_CODE_UPDATE, code)
    await _reached(challenge, VerificationStatus, lambda status: status.codes_judged > judged)


async def _called(scene: Scene, number: str, times: int = 1) -> VerificationStatus:
    challenge = scene.verification(number)
    return await _reached(challenge, VerificationStatus, lambda status: status.calls_placed >= times)


async def _reached(handle: Handle, kind: type[Status], happened: Callable[[Status], bool]) -> Status:
    """Wait until the workflow is there and its status is as wanted."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            try:
                status: Status = await handle.query(STATUS_QUERY, result_type=kind)
                if happened(status):
                    return status
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            await asyncio.sleep(0.05)
