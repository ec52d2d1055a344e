"""What workflows cost, counted in their histories: events, and Temporal Cloud Actions.

Actions by Temporal's own list (docs.temporal.io, evaluate/cloud/actions). Histories do not show queries, rejected
updates and heartbeats; the runs that are measured here ask none and their activities are too short to beat.
"""

from collections import Counter
from collections.abc import AsyncIterable, Iterable

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from onboarding.model import Model

_ONE_ACTION = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
    EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
}
"""A child costs two: its start is one, and that it was asked for is another."""


class HistoryCost(Model):
    """Sums over all runs of some workflows."""

    workflows: int
    runs: int
    events: int
    actions: int
    longest: int
    """Events of the longest history."""
    kinds: dict[str, int]
    """Event type -> how many."""


def actions_of(event: HistoryEvent) -> int:
    """The Actions that an event stands for."""
    if event.event_type in _ONE_ACTION:
        return 1
    if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
        # One from another workflow was counted where it was sent.
        return 0 if event.workflow_execution_signaled_event_attributes.HasField("external_workflow_execution") else 1
    if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
        return event.activity_task_started_event_attributes.attempt - 1
    return 0


async def history_cost(client: Client, query: str) -> HistoryCost:
    """The cost of all runs of the workflows that a list query finds. Visibility has to have caught up."""
    histories = [
        client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history_events()
        async for run in client.list_workflows(query)
    ]
    ids = {run.id async for run in client.list_workflows(query)}
    return await summed(histories, workflows=len(ids))


async def summed(histories: Iterable[AsyncIterable[HistoryEvent]], *, workflows: int) -> HistoryCost:
    """The cost of these runs."""
    lengths, actions, kinds = list[int](), 0, Counter[str]()
    for history in histories:
        length = 0
        async for event in history:
            length += 1
            actions += actions_of(event)
            kinds[EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")] += 1
        lengths.append(length)
    return HistoryCost(
        workflows=workflows,
        runs=len(lengths),
        events=sum(lengths),
        actions=actions,
        longest=max(lengths, default=0),
        kinds=dict(kinds.most_common()),
    )
