"""What is made of numbers that are imported already, and of those that do not get on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onboarding import reasons
from onboarding.batch import Contact
from onboarding.chunks import in_chunks
from onboarding.ids import import_display_name, import_workflow_id, order_display_name
from onboarding.imports import (
    ImportBatch,
    ImportSeen,
    Likeness,
    failure_code_due,
    likeness,
    linked_elsewhere,
    not_consented,
    ordered_for_import,
    why_failed,
)
from onboarding.observations import CAMPAIGN_LINK, PLATFORM_PROVISIONING, CallbackEvent, OrderRecords
from onboarding.progress import NumberProgress, advance, submitted
from onboarding.stages import Stage

NUMBER, PLAN, CAMPAIGN = "+12025550134", "plan-1", "C123456"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATIENCE = timedelta(minutes=10)
BATCH = ImportBatch(
    id="shops",
    customer="Example Inc",
    service_plan_id=PLAN,
    campaign_id=CAMPAIGN,
    contact=Contact(name="Ann Lee", email="ann.lee@example.com", company="Example Inc"),
)


def seen(plan_id: str = PLAN, on_campaign: str = CAMPAIGN, **more: Any) -> ImportSeen:
    return ImportSeen(phone_number=NUMBER, service_plan_id=plan_id, campaign_id=on_campaign, **more)


def under_way() -> NumberProgress:
    """A number whose import Sinch has taken."""
    return submitted(ordered_for_import(NumberProgress(phone_number=NUMBER), NOON, BATCH), "order-1", NOON)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (seen(), Likeness.ALIKE),
        (seen(platform="IN_PROGRESS", campaign_error=""), Likeness.ALIKE),
        (seen(platform="FAILED"), Likeness.INCOMPLETE),
        (seen("", ""), Likeness.INCOMPLETE),
        (seen(PLAN, ""), Likeness.INCOMPLETE),
        (seen("plan-9", CAMPAIGN), Likeness.DIFFERENT),
        (seen(PLAN, "C9"), Likeness.DIFFERENT),
        (seen("", "C9"), Likeness.DIFFERENT),
    ],
)
def test_a_number_is_compared_by_plan_and_campaign(there: ImportSeen, expected: Likeness) -> None:
    assert likeness(there, PLAN, CAMPAIGN) is expected


def test_without_a_campaign_a_number_on_one_is_different() -> None:
    assert likeness(seen(PLAN, ""), PLAN, None) is Likeness.ALIKE
    assert likeness(seen(PLAN, CAMPAIGN), PLAN, None) is Likeness.DIFFERENT


def test_a_number_that_is_linked_elsewhere_says_how_to_relink_it() -> None:
    why = linked_elsewhere(seen("plan-9", ""), BATCH)
    assert why.code == reasons.ALREADY_IMPORTED
    assert "service plan plan-9, campaign none" in why.sentence
    assert f"onboard relink --number {NUMBER} --service-plan {PLAN} --campaign {CAMPAIGN}." in why.sentence


def test_a_number_that_was_not_migrated_keeps_its_code_and_says_what_happened() -> None:
    why = not_consented(None, "Nobody consented", "shops")
    assert why.code == reasons.T_MOBILE_MIGRATION_REQUIRED
    assert why.sentence.endswith(
        "Nobody consented: retry it, then consent to its migration with onboard consent shops."
    )


def test_platform_and_campaign_are_enough_for_an_import() -> None:
    number = under_way()
    for kind in (CAMPAIGN_LINK, PLATFORM_PROVISIONING):
        event = CallbackEvent(phone_number=NUMBER, event_type=kind, status="SUCCEEDED", timestamp=NOON)
        number = advance(number, event, NOON, BATCH.rules)
    assert number.stage is Stage.DONE


def test_a_number_that_gets_on_has_not_failed() -> None:
    assert why_failed(under_way()) is None
    assert failure_code_due(under_way(), PATIENCE, NOON) is None


def test_a_failed_link_waits_for_its_code_as_long_as_the_patience_lasts() -> None:
    records = OrderRecords(phone_number=NUMBER, platform="DONE", campaign="FAILED", order_state="COMPLETED")
    number = advance(under_way(), records, NOON, BATCH.rules)
    why = why_failed(number)
    assert why is not None
    assert why.code == reasons.CAMPAIGN_PROVISIONING_FAILED
    assert failure_code_due(number, PATIENCE, NOON) == NOON + PATIENCE
    assert failure_code_due(number, PATIENCE, NOON + PATIENCE) is None


def test_a_failed_single_import_brings_its_code_with_it() -> None:
    number = under_way()
    for observation in seen(platform="DONE", campaign="FAILED", campaign_error="INVALID_NNID").observations():
        number = advance(number, observation, NOON, BATCH.rules)
    why = why_failed(number)
    assert why is not None
    assert why.code == "INVALID_NNID"
    assert failure_code_due(number, PATIENCE, NOON) is None


def test_numbers_are_cut_in_their_order() -> None:
    assert list(in_chunks("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)]
    assert list(in_chunks([], 2)) == []


def test_an_import_is_found_by_names_that_no_hosting_order_has() -> None:
    assert import_workflow_id("shops") == "ImportNumbers:shops"
    assert import_display_name("shops", 7) == "shops import 0007"
    assert import_display_name("shops", 1) != order_display_name("shops", 1, 1)
