"""The benchmark's own arithmetic: what is counted, what is judged, what is written."""

import json
from pathlib import Path

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import (
    ActivityTaskStartedEventAttributes,
    HistoryEvent,
    WorkflowExecutionSignaledEventAttributes,
)

from benchmarks.batch_files import phone_numbers
from benchmarks.histories import actions_of
from benchmarks.measure import Measure, at_least, at_most, failed, told
from benchmarks.results import shown, write_results
from benchmarks.scale import FULL, QUICK
from benchmarks.site import Counters, metric
from onboarding.phone_numbers import read_e164
from simulator.outcomes import ORDINARY, card_of


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("WORKFLOW_EXECUTION_STARTED", 1),
        ("START_CHILD_WORKFLOW_EXECUTION_INITIATED", 1),
        ("ACTIVITY_TASK_SCHEDULED", 1),
        ("TIMER_STARTED", 1),
        ("WORKFLOW_EXECUTION_SIGNALED", 1),
        ("SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED", 1),
        ("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES", 1),
        ("WORKFLOW_EXECUTION_UPDATE_ACCEPTED", 1),
        ("WORKFLOW_TASK_COMPLETED", 0),
        ("ACTIVITY_TASK_COMPLETED", 0),
        ("TIMER_FIRED", 0),
        ("CHILD_WORKFLOW_EXECUTION_STARTED", 0),
        ("WORKFLOW_EXECUTION_COMPLETED", 0),
    ],
)
def test_actions_are_counted_where_temporal_counts_them(name: str, actions: int) -> None:
    event_type = EventType.Value(f"EVENT_TYPE_{name}")
    assert actions_of(HistoryEvent(event_type=event_type)) == actions


def test_every_retry_of_an_activity_is_an_action_of_its_own() -> None:
    event = HistoryEvent(
        event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
        activity_task_started_event_attributes=ActivityTaskStartedEventAttributes(attempt=4),
    )
    assert actions_of(event) == 3


def test_a_signal_from_another_workflow_is_not_counted_a_second_time() -> None:
    event = HistoryEvent(
        event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        workflow_execution_signaled_event_attributes=WorkflowExecutionSignaledEventAttributes(
            external_workflow_execution=WorkflowExecution(workflow_id="HostingOrder:fall:0001:1")
        ),
    )
    assert actions_of(event) == 0


def test_a_figure_is_judged_by_its_target_and_one_without_target_is_well() -> None:
    assert (at_most("m", 0.4, "x", 0.4).ok, at_most("m", 0.41, "x", 0.4).ok) == (True, False)
    assert (at_least("m", 30, "x", 30).ok, at_least("m", 29.9, "x", 30).ok) == (True, False)
    assert (at_most("m", 1, "x", 0.4).target, at_least("m", 1, "x", 30).target) == ("<= 0.4", ">= 30")
    assert (told("m", 7, "x").ok, told("m", 7, "x").target) == (True, None)


def test_a_failed_measure_is_a_row_that_says_why() -> None:
    row = failed("window", ExceptionGroup("two", [ValueError("first"), OSError("second")]))
    assert (row.ok, row.value, row.note) == (False, None, "ValueError: first; OSError: second")


def test_results_replace_the_file_and_leave_nothing_beside_it(tmp_path: Path) -> None:
    latest = tmp_path / "results" / "latest.json"
    write_results([told("old", 1, "x")], latest)
    write_results([at_most("new", 0.3, "events", 0.4, "counted")], latest)
    assert json.loads(latest.read_text()) == {
        "measures": [{"name": "new", "value": 0.3, "unit": "events", "target": "<= 0.4", "ok": True, "note": "counted"}]
    }
    assert list(latest.parent.iterdir()) == [latest]


@pytest.mark.parametrize(
    ("value", "text"), [(0.03118, "0.0312"), (1.5249, "1.52"), (48.12, "48.1"), (12345.6, "12,346"), (None, "failed")]
)
def test_three_digits_are_shown(value: float | None, text: str) -> None:
    assert shown(value) == text


def test_a_cut_off_scale_holds_nothing_above_it_and_no_size_twice() -> None:
    scale = FULL.cut_off(1_000)
    assert (scale.batches, scale.rows, scale.waiting, scale.voice) == ((100, 500, 1_000), (1_000,), 1_000, FULL.voice)
    assert max(QUICK.batches) == 10_000


def test_batches_get_different_valid_numbers_whose_outcome_is_good() -> None:
    first, second = phone_numbers(10_000), phone_numbers(500, after=10_000)
    assert len({*first, *second}) == 10_500
    assert {card_of(number) for number in first} == {ORDINARY}
    assert [read_e164(number) for number in first[::1_000]] == list(first[::1_000])


def test_counters_are_compared_with_those_before_the_run() -> None:
    before = Counters(api_calls={"Get": 2}, callbacks_taken=1, callbacks_stale=0, signals=1, cpu_seconds={"worker": 1})
    after = Counters(
        api_calls={"Get": 5, "List": 1}, callbacks_taken=9, callbacks_stale=3, signals=4, cpu_seconds={"worker": 3.5}
    )
    counted = after.since(before)
    assert counted.api_calls == {"Get": 3, "List": 1}
    assert (counted.callbacks, counted.signals, counted.cpu_seconds) == (11, 3, {"worker": 2.5})


def test_a_metric_is_read_by_its_whole_name() -> None:
    text = "callbacks_total 3.0\ncallbacks 2.0\n"
    assert (metric(text, "callbacks"), metric(text, "callbacks_total")) == (2, 3)


def test_a_measure_without_a_value_can_be_read_back() -> None:
    row = failed("m", ValueError("why"))
    assert Measure.model_validate_json(row.model_dump_json()) == row
