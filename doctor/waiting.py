"""Whom open workflows wait for: an operator's decisions first of all, and deadlines that are near or past."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import WorkflowExecution

from doctor.diagnosis import Cause, Diagnosis, fine, problem, warning
from doctor.open_work import SUBJECT, OpenWork
from onboarding import search_attributes as keys
from onboarding.contracts import (
    assign_legacy_numbers,
    change_active_numbers,
    import_numbers,
    relink_numbers,
    remove_numbers,
    rent_numbers,
    verification,
)
from onboarding.stages import WaitingOn

OPERATOR_CHECK = "operator"
DEADLINE_CHECK = "deadlines"
SHOWN = 20
"""Workflows that are named; the others are counted."""

_SOON = timedelta(hours=24)
_OVERDUE = timedelta(minutes=10)
"""At a deadline the workflow goes on by itself; one that has not done so after this is stuck."""
_MOST_READ = 1000

_DECISIONS: Mapping[str, str] = {
    import_numbers.WORKFLOW: "onboard import-retry {id} or onboard import-skip {id}",
    relink_numbers.WORKFLOW: "onboard relink-retry {id}, onboard relink-skip {id} or onboard link-back {id}",
    remove_numbers.WORKFLOW: "onboard remove-status {id}",
    verification.WORKFLOW: "onboard verify {id}",
    rent_numbers.WORKFLOW: "onboard rent-status {id}",
    change_active_numbers.WORKFLOW: "onboard active status {id}",
    assign_legacy_numbers.WORKFLOW: "onboard legacy status {id}, and onboard legacy retry {id} once that is put right",
}
_DECISION_ON_A_BATCH = "onboard retry {id} or onboard skip {id}; where Sinch has sent no news, ask its support"
_WHO_MOVES: Mapping[str, str] = {
    WaitingOn.VOICE_CODE: "onboard verify {id}",
    WaitingOn.LOA_SIGNATURE: "have the authorised person sign the LOA that Sinch mailed",
    WaitingOn.INVOICE_REVIEW: "ask orders@sinch.com about the invoices",
    WaitingOn.CARRIER: "ask Sinch support about the order",
}


@dataclass(frozen=True)
class Moments:
    """The moments that deadlines are held against."""

    now: datetime

    @property
    def near(self) -> str:
        """A condition for the list: the deadline of a wait lies within the next day."""
        return f"{_between(self.now - _OVERDUE, self.now + _SOON)} AND {_IS_WAITING}"

    @property
    def passed(self) -> str:
        """A condition for the list: the deadline of a wait has passed, and the workflow has not gone on."""
        return f'{keys.DEADLINE.name} < "{_rfc3339(self.now - _OVERDUE)}" AND {_IS_WAITING}'


_IS_WAITING = f'{keys.WAITING_ON.name} != "{WaitingOn.NOBODY}"'


def _between(first: datetime, last: datetime) -> str:
    return f'{keys.DEADLINE.name} BETWEEN "{_rfc3339(first)}" AND "{_rfc3339(last)}"'


def _rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def waits_on(who: WaitingOn) -> str:
    """A condition for the list."""
    return f'{keys.WAITING_ON.name}="{who}"'


async def diagnose_operator_waits(work: OpenWork) -> list[Diagnosis]:
    """What needs a decision, the one that is due first first. Raises RPCError."""
    found = await _earliest_first(work, waits_on(WaitingOn.OPERATOR))
    said = [
        warning(
            OPERATOR_CHECK,
            one.id,
            f"waits for an operator{_until(one)}: a decision, or no news for too long",
            _decision(one),
        )
        for one in found[:SHOWN]
    ]
    if not said:
        return [fine(OPERATOR_CHECK, SUBJECT, "nothing waits for an operator")]
    return said + await _not_shown(work, OPERATOR_CHECK, len(said), waits_on(WaitingOn.OPERATOR))


async def diagnose_deadlines(work: OpenWork) -> list[Diagnosis]:
    """Deadlines that passed without the workflow going on, and those within a day. Raises RPCError."""
    moments = Moments(datetime.now(UTC))
    passed = [
        problem(
            DEADLINE_CHECK,
            one.id,
            f"waits on {_waiting_on(one)}, and has not gone on although the wait ended{_until(one, 'at')}",
            "see above whether its worker runs and its tasks fail; it goes on by itself once they do not",
            Cause.WORK,
        )
        for one in (await _earliest_first(work, moments.passed))[:SHOWN]
    ]
    near = [
        warning(DEADLINE_CHECK, one.id, f"waits on {_waiting_on(one)}{_until(one)}", _next_step(one))
        for one in (await _earliest_first(work, moments.near))[:SHOWN]
    ]
    if not passed and not near:
        return [fine(DEADLINE_CHECK, SUBJECT, "no wait ends within a day")]
    return [
        *passed,
        *await _not_shown(work, DEADLINE_CHECK, len(passed), moments.passed),
        *near,
        *await _not_shown(work, DEADLINE_CHECK, len(near), moments.near),
    ]


async def _earliest_first(work: OpenWork, condition: str) -> list[WorkflowExecution]:
    found = [one async for one in work.listed(condition, at_most=_MOST_READ)]
    return sorted(found, key=lambda one: one.typed_search_attributes.get(keys.DEADLINE) or one.start_time)


async def _not_shown(work: OpenWork, check: str, shown: int, condition: str) -> list[Diagnosis]:
    more = await work.count(condition) - shown if shown >= SHOWN else 0
    if more <= 0:
        return []
    return [warning(check, SUBJECT, f"{more} more like these", f"list them in the Web UI: {work.query(condition)}")]


def _until(one: WorkflowExecution, word: str = "until") -> str:
    deadline = one.typed_search_attributes.get(keys.DEADLINE)
    return f" {word} {deadline:%Y-%m-%d %H:%M} UTC" if deadline else ""


def _waiting_on(one: WorkflowExecution) -> str:
    return one.typed_search_attributes.get(keys.WAITING_ON) or WaitingOn.NOBODY


def _decision(one: WorkflowExecution) -> str:
    return _for(one, _DECISIONS.get(one.workflow_type, _DECISION_ON_A_BATCH))


def _next_step(one: WorkflowExecution) -> str:
    step = _WHO_MOVES.get(_waiting_on(one))
    return _for(one, step) if step else _decision(one)


def _for(one: WorkflowExecution, command: str) -> str:
    return command.format(id=one.typed_search_attributes.get(keys.BATCH) or one.id)
