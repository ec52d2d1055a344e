"""What the histories of workflows show beside the bare events: search attributes as they change, and labels."""

import re

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from onboarding.stages import WaitingOn
from temporal_connection import data_converter
from tests.histories.scenarios import SCENARIOS
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import staged

PLAYED = ("reminders", "unclear-calls")
"""Between them they come past every activity and every timer."""

LABELLED = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
}
COMPLETED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED
WAITING = "OnboardingWaitingOn"
FULL_NUMBER = re.compile(r"\d{10}")
CONVERTER = data_converter().payload_converter


@pytest.fixture(scope="module")
async def histories(dev_server: WorkflowEnvironment) -> list[WorkflowHistory]:
    """What is left of some batches that are through."""
    found = []
    for title in PLAYED:
        world = OutsideWorld()
        async with staged(dev_server, world) as scene:
            found += [await handle.fetch_history() for handle in await SCENARIOS[title](scene, world)]
    return found


def label(event: HistoryEvent) -> str:
    """The summary the Web UI shows beside an event; empty where it has none."""
    if not event.user_metadata.HasField("summary"):
        return ""
    return str(CONVERTER.from_payload(event.user_metadata.summary, str))


def written(history: WorkflowHistory) -> list[dict[str, object]]:
    """The search attributes a workflow was started with, then those of each upsert."""
    started = history.events[0].workflow_execution_started_event_attributes.search_attributes
    upserts = [
        event.upsert_workflow_search_attributes_event_attributes.search_attributes
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES
    ]
    return [
        {name: CONVERTER.from_payload(payload) for name, payload in attributes.indexed_fields.items()}
        for attributes in (started, *upserts)
    ]


def test_search_attributes_are_written_on_change_only(histories: list[WorkflowHistory]) -> None:
    assert sum(len(written(history)) - 1 for history in histories) > len(histories)
    for history in histories:
        known, *upserts = written(history)
        for upsert in upserts:
            assert [name for name, value in upsert.items() if known.get(name) == value] == [], history.workflow_id
            known |= upsert


def test_every_activity_timer_and_child_says_what_it_is_for(histories: list[WorkflowHistory]) -> None:
    events = [event for history in histories for event in history.events if event.event_type in LABELLED]
    assert {event.event_type for event in events} == LABELLED
    assert [event for event in events if not label(event)] == []


def test_labels_are_short_and_name_no_full_phone_number(histories: list[WorkflowHistory]) -> None:
    labels = {label(event) for history in histories for event in history.events}
    assert any("+1202..." in text for text in labels)
    assert [text for text in labels if len(text.encode()) > 200 or FULL_NUMBER.search(text)] == []


def test_of_a_workflow_that_completed_nobody_is_waited_on(histories: list[WorkflowHistory]) -> None:
    completed = [history for history in histories if history.events[-1].event_type == COMPLETED]
    assert len(completed) > 4
    for history in completed:
        last = [values[WAITING] for values in written(history) if WAITING in values][-1]
        assert last == WaitingOn.NOBODY, history.workflow_id
