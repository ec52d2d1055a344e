"""The Web UI shows where a workflow stands, who is waited on since when, and the next command."""

import re
from datetime import UTC, datetime

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding import reasons
from onboarding.contracts.batch import BatchStatus
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.verification import VerificationStatus
from onboarding.details import batch_details, group_details, order_details, stage_counts, verification_details
from onboarding.link_recovery import LinkRecovery, RecoveryPhase
from onboarding.progress import NumberProgress
from onboarding.reasons import reason
from onboarding.stages import Stage, WaitingOn
from starter.command import app

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NUMBERS = tuple(
    NumberProgress(phone_number=f"+1202555010{last}").moved(stage, NOW)
    for last, stage in enumerate([Stage.FAILED, Stage.PROVISIONING, Stage.DONE, Stage.PROVISIONING])
)
TABLE = ["| stage | numbers |", "| --- | ---: |", "| PROVISIONING | 2 |", "| DONE | 1 |", "| FAILED | 1 |"]

BATCH = BatchStatus(
    batch="acme",
    numbers_total=1200,
    groups_total=3,
    groups_started=2,
    groups_in_flight=(2,),
    groups_settled=1,
    stages=stage_counts(NUMBERS),
    cancelled=False,
)
GROUP = GroupStatus(
    sequence=2,
    stages=stage_counts(NUMBERS),
    waiting_on=WaitingOn.VOICE_CODE,
    waiting_since=NOW,
    orders={1: "HostingOrder:acme:0002:1"},
    numbers=NUMBERS,
)
ORDER = OrderStatus(
    wave=1,
    attempt=1,
    hosting_order_id="01arz3ndektsv4rrffq69g5fav",
    order_state="WAITING_FOR_LOA_SIGNATURE",
    waiting_on=WaitingOn.LOA_SIGNATURE,
    waiting_since=NOW,
    problem=None,
    callbacks_received=7,
    numbers=NUMBERS,
)
CHALLENGE = VerificationStatus(
    phone_number="+12025550134",
    calls_placed=2,
    calls_left=3,
    codes_judged=1,
    wrong_codes=1,
    last_call_at=NOW,
    deadline=NOW,
    outcome=None,
    message="Sinch judged the code wrong.",
)
ALL_DETAILS = {
    "batch": batch_details(BATCH),
    "group": group_details("acme", GROUP),
    "order": order_details("acme", ORDER),
    "challenge": verification_details(CHALLENGE),
}


def next_command(details: str) -> str:
    last_line = details.splitlines()[-1]
    found = re.fullmatch(r"Next: `(onboard .+)`", last_line)
    assert found, last_line
    return found[1]


def test_stages_are_counted_in_the_order_of_the_main_path() -> None:
    assert list(stage_counts(NUMBERS).items()) == [("PROVISIONING", 2), ("DONE", 1), ("FAILED", 1)]
    assert stage_counts([]) == {}


@given(st.lists(st.sampled_from(Stage)))
def test_no_number_is_lost_in_the_counts(stages: list[Stage]) -> None:
    counts = stage_counts(NumberProgress(phone_number="+12025550134", stage=stage) for stage in stages)
    assert sum(counts.values()) == len(stages)
    assert list(counts) == [stage.value for stage in Stage if stage in stages]


@pytest.mark.parametrize("about", ["batch", "group", "order"])
def test_details_show_the_stage_table_as_markdown(about: str) -> None:
    lines = ALL_DETAILS[about].splitlines()
    start = lines.index(TABLE[0])
    assert lines[start - 1] == ""
    assert lines[start : start + len(TABLE) + 1] == [*TABLE, ""]


@pytest.mark.parametrize("about", ALL_DETAILS)
def test_details_begin_with_a_heading_and_end_with_the_next_command(about: str) -> None:
    assert ALL_DETAILS[about].startswith("### ")
    assert next_command(ALL_DETAILS[about])


@pytest.mark.parametrize("waiting_on", WaitingOn)
def test_whoever_is_waited_on_the_next_command_exists(waiting_on: WaitingOn) -> None:
    group = group_details("acme", GROUP.model_copy(update={"waiting_on": waiting_on}))
    order = order_details("acme", ORDER.model_copy(update={"waiting_on": waiting_on}))
    words = [next_command(details).split() for details in (group, order, *ALL_DETAILS.values())]
    assert {command for _, command, *_ in words} <= set(typer.main.get_group(app).commands)


@pytest.mark.parametrize("waiting_on", [who for who in WaitingOn if who is not WaitingOn.NOBODY])
def test_details_say_who_is_waited_on_since_when(waiting_on: WaitingOn) -> None:
    says = f"Waiting on **{waiting_on.value}** since 2026-03-02 09:30 UTC."
    assert says in group_details("acme", GROUP.model_copy(update={"waiting_on": waiting_on}))
    assert says in order_details("acme", ORDER.model_copy(update={"waiting_on": waiting_on}))


def test_where_nobody_is_waited_on_details_say_so() -> None:
    nobody = GROUP.model_copy(update={"waiting_on": WaitingOn.NOBODY, "waiting_since": None})
    assert "Nobody is waited on." in group_details("acme", nobody)


def test_phones_that_wait_for_a_code_lead_to_the_guided_verification() -> None:
    assert next_command(ALL_DETAILS["group"]) == "onboard verify acme"


def test_a_batch_says_how_many_groups_have_reported_and_that_it_was_cancelled() -> None:
    assert ALL_DETAILS["batch"].startswith("### Batch acme: 1200 numbers\n\n1 of 3 groups have reported, 1 at work.")
    assert "ancelled" not in ALL_DETAILS["batch"]
    assert "**Cancelled:**" in batch_details(BATCH.model_copy(update={"cancelled": True}))
    assert "1 of ? groups" in batch_details(BATCH.model_copy(update={"groups_total": None}))


def test_a_batch_that_links_rented_numbers_leads_to_them() -> None:
    linking = batch_details(BATCH.model_copy(update={"rented": "acme.rented"}))
    assert next_command(linking) == "onboard active status acme.rented"


def test_a_group_names_the_workflows_of_its_orders() -> None:
    assert "- wave 1: `HostingOrder:acme:0002:1`" in ALL_DETAILS["group"]


def test_an_order_names_its_id_and_state_and_what_went_wrong() -> None:
    assert "`01arz3ndektsv4rrffq69g5fav` is **WAITING_FOR_LOA_SIGNATURE**" in ALL_DETAILS["order"]
    refused = reason(reasons.ORDER_REFUSED, "Invalid servicePlanId")
    details = order_details("acme", ORDER.model_copy(update={"problem": refused, "hosting_order_id": None}))
    assert "not submitted" in details
    assert f"**ORDER_REFUSED**: {refused.sentence}" in details


@settings(max_examples=50)
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_a_voice_challenge_shows_its_counts_and_a_place_for_the_code_but_no_code(
    placed: int, left: int, wrong: int
) -> None:
    counts = {"calls_placed": placed, "calls_left": left, "wrong_codes": wrong}
    details = verification_details(CHALLENGE.model_copy(update=counts))
    assert f"{placed} calls placed, {left} left, {wrong} wrong codes." in details
    assert "Ends 2026-03-02 09:30 UTC. Sinch judged the code wrong." in details
    assert next_command(details) == "onboard code +12025550134 <the code that was heard>"
    shown = set(re.findall(r"\d{3,}", details))
    assert shown == {"12025550134", "2026"}


def test_failed_links_of_an_order_show_what_comes_next_and_the_command_for_it() -> None:
    def failing(number: NumberProgress, phase: RecoveryPhase, code: str) -> NumberProgress:
        return number.recovering_by(LinkRecovery(phase=phase, since=NOW, why=reason(code), retry_at=NOW), NOW)

    numbers = (
        failing(NUMBERS[1], RecoveryPhase.OPERATOR, "EXCEEDED_10DLC_LIMIT"),
        failing(NUMBERS[3], RecoveryPhase.WAIT, "CAMPAIGN_PENDING_ACCEPTANCE"),
    )
    shown = order_details("acme", ORDER.model_copy(update={"numbers": numbers})).splitlines()
    assert (
        "- 1 numbers, EXCEEDED_10DLC_LIMIT: It waits for you, or Sinch with a number pool. "
        "`onboard retry acme --reason EXCEEDED_10DLC_LIMIT`"
    ) in shown
    assert "- 1 numbers, CAMPAIGN_PENDING_ACCEPTANCE: It is linked again at 2026-03-02 09:30 UTC." in shown


def test_a_silence_shows_since_when_and_what_to_do() -> None:
    silent = {"waiting_on": WaitingOn.OPERATOR, "silent_since": NOW}
    group = group_details("acme", GROUP.model_copy(update=silent))
    order = order_details("acme", ORDER.model_copy(update=silent))
    for details in (group, order):
        assert "**No news** since 2026-03-02 09:30 UTC" in details
        assert "`onboard skip acme`" in details
    assert "support about hosting order 01arz3ndektsv4rrffq69g5fav" in order
    assert "No news" not in ALL_DETAILS["order"]
