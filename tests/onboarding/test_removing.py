"""What becomes of one number of a removal that is cancelled."""

from datetime import UTC, datetime

import pytest

from onboarding import reasons
from onboarding.calls.imported_numbers import Registers
from onboarding.imported_links import NumberLinksSeen
from onboarding.removing import RemovingNumber, asked_about, cancelled, seen
from onboarding.stages import Stage

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NUMBER = "+12025550134"
NEW = RemovingNumber(phone_number=NUMBER, since=NOW)
UNANSWERED, STILL_SHOWN = asked_about(NEW), NEW.at(Stage.PROVISIONING, NOW)
THERE, GONE = NumberLinksSeen(phone_number=NUMBER), NumberLinksSeen(phone_number=NUMBER, is_imported=False)
IMPORTED, BOTH = Registers(), Registers(imported=True, qualified=True)


def test_cancelling_ends_only_numbers_that_sinch_was_not_asked_for() -> None:
    left_alone = cancelled(NEW, NOW)
    assert (left_alone.stage, left_alone.reason and left_alone.reason.code) == (Stage.CANCELLED, reasons.NOT_BEGUN)
    done = NEW.at(Stage.DONE, NOW)
    assert [cancelled(number, NOW) for number in (UNANSWERED, STILL_SHOWN, done)] == [UNANSWERED, STILL_SHOWN, done]


def test_a_number_that_is_gone_is_removed() -> None:
    assert [seen(number, GONE, IMPORTED, NOW).stage for number in (UNANSWERED, STILL_SHOWN)] == [Stage.DONE] * 2


@pytest.mark.parametrize(("found", "registers"), [(THERE, IMPORTED), (THERE, BOTH), (GONE, BOTH)])
def test_a_number_without_an_answer_that_is_not_surely_gone_says_so(
    found: NumberLinksSeen, registers: Registers
) -> None:
    left = seen(UNANSWERED, found, registers, NOW)
    assert (left.stage, left.reason and left.reason.code) == (Stage.CANCELLED, reasons.REMOVAL_UNANSWERED)


def test_a_number_that_sinch_still_shows_after_its_removal_is_waited_for() -> None:
    assert seen(STILL_SHOWN, THERE, IMPORTED, NOW) == STILL_SHOWN
    assert seen(STILL_SHOWN, GONE, BOTH, NOW).stage is Stage.DONE
