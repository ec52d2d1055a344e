"""Which numbers of a running batch have failed or wait for an operator, where they are, and telling them to go on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from onboarding.contracts.batch import BatchStatus
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.ids import batch_workflow_id, group_workflow_id
from onboarding.link_recovery import RecoveryPhase
from onboarding.model import Model
from onboarding.phone_numbers import read_e164
from onboarding.progress import NumberProgress
from onboarding.stages import Stage
from starter.exits import Exit, Stop
from starter.running import ANSWERED_WITHIN
from starter.updates import NotRunning, UpdateRefused, send_update


class Choice(Model):
    """Which numbers a person means; without any, all that have failed or wait for a person."""

    numbers: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, numbers: Iterable[str] | None, reasons: Iterable[str] | None) -> "Choice":
        """What was given on the command line. Raises Stop for what is no phone number."""
        try:
            return cls(numbers=tuple(map(read_e164, numbers or ())), reasons=tuple(reasons or ()))
        except ValueError as error:
            raise Stop(str(error), Exit.USAGE) from None

    @property
    def is_empty(self) -> bool:
        """True where nothing was named."""
        return not self.numbers and not self.reasons

    def takes(self, phone_number: str, reason: str | None) -> bool:
        """Whether a number that failed, or waits, for this reason is meant."""
        by_number = not self.numbers or phone_number in self.numbers
        return by_number and (not self.reasons or reason in self.reasons)


class Found(Model):
    """One open or failed number of a running batch."""

    phone_number: str
    group: str
    """Workflow id of its group."""
    order: str | None = None
    """Workflow id of the hosting order that it is in, while that runs."""
    reason: str | None = None
    """Why it failed, or waits."""
    failed: bool = False
    waits_for_operator: bool = False


class Answer(Model):
    """What one workflow did with the numbers, or why it refused."""

    workflow_id: str
    numbers: tuple[str, ...]
    message: str
    refused: bool = False


async def batch_status(client: Client, batch: str) -> BatchStatus:
    """Where a running batch stands."""
    status: BatchStatus = await client.get_workflow_handle(batch_workflow_id(batch)).query(
        STATUS_QUERY, result_type=BatchStatus, rpc_timeout=ANSWERED_WITHIN
    )
    return status


async def numbers_at_work(client: Client, status: BatchStatus) -> list[Found]:
    """The numbers of all groups that have not reported yet."""
    found: list[Found] = []
    for sequence in status.groups_in_flight:
        found += await _in_group(client, group_workflow_id(status.batch, sequence))
    return found


async def _in_group(client: Client, group: str) -> list[Found]:
    handle = client.get_workflow_handle(group)
    try:
        known: GroupStatus = await handle.query(STATUS_QUERY, result_type=GroupStatus, rpc_timeout=ANSWERED_WITHIN)
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return []
        raise
    found = {number.phone_number: _in_group_itself(number, group) for number in known.numbers}
    ordered = {number.phone_number for number in known.numbers if number.stage is Stage.ORDERED}
    for _, order in sorted(known.orders.items()):
        status: OrderStatus = await client.get_workflow_handle(order).query(
            STATUS_QUERY, result_type=OrderStatus, rpc_timeout=ANSWERED_WITHIN
        )
        numbers = (number for number in status.numbers if number.phone_number in ordered)
        found |= {number.phone_number: _in_order(number, status, group, order) for number in numbers}
    return list(found.values())


def _in_group_itself(number: NumberProgress, group: str) -> Found:
    return Found(
        phone_number=number.phone_number,
        group=group,
        reason=number.reason.code if number.reason else None,
        failed=number.stage is Stage.FAILED,
    )


def _in_order(number: NumberProgress, status: OrderStatus, group: str, order: str) -> Found:
    """An order that was refused or rejected is the problem of all numbers that are still its own."""
    recovery = number.recovering
    problem = status.problem if recovery is None and not number.is_final else None
    why = problem or number.reason
    by_recovery = recovery is not None and recovery.phase is RecoveryPhase.OPERATOR
    return Found(
        phone_number=number.phone_number,
        group=group,
        order=order,
        reason=why.code if why else None,
        failed=number.stage is Stage.FAILED,
        waits_for_operator=problem is not None or by_recovery,
    )


def by_workflow(numbers: Iterable[Found], *, in_orders: bool = True) -> Mapping[str, tuple[str, ...]]:
    """Workflow id -> the numbers that it has to be told of; `in_orders`: those in an order are the order's."""
    told: defaultdict[str, list[str]] = defaultdict(list)
    for number in numbers:
        told[number.order if number.order and in_orders else number.group].append(number.phone_number)
    return {workflow_id: tuple(phone_numbers) for workflow_id, phone_numbers in told.items()}


async def tell(client: Client, workflow_id: str, update: str, action: Model, numbers: tuple[str, ...]) -> Answer:
    """Send one update; a refusal, or a workflow that has just ended, is an answer too."""
    try:
        said = await send_update(client, workflow_id, update, action)
    except UpdateRefused as refused:
        return Answer(workflow_id=workflow_id, numbers=numbers, message=str(refused), refused=True)
    except NotRunning:
        return Answer(workflow_id=workflow_id, numbers=numbers, message="It has ended meanwhile.", refused=True)
    return Answer(workflow_id=workflow_id, numbers=numbers, message=said)
