"""Whether a cancelled change had begun for a number whose first request got no answer, by what a read shows."""

from datetime import UTC, datetime

import pytest

from onboarding import reasons
from onboarding.active_number_changes import ChangeStep, ChangingNumber, cancelled, seen
from onboarding.active_numbers import ActiveLinks, ActiveNumberSeen, LinkJob, VoiceLink
from onboarding.calls.active_numbers import ActiveNumbersChange, Release, Relink

NUMBER = "+12065550100"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ASKED = ChangingNumber(phone_number=NUMBER, since=NOW, unanswered=True)
SMS = Relink(links=ActiveLinks(service_plan_id="plan-2", campaign_id="C2"))
VOICE = Relink(links=ActiveLinks(voice=VoiceLink(id="app-2")))
BEFORE = ActiveNumberSeen(phone_number=NUMBER, service_plan_id="plan-1", campaign_id="C1", voice=VoiceLink(id="app-1"))


def shown(**changes: object) -> ActiveNumberSeen:
    return BEFORE.model_copy(update=changes)


@pytest.mark.parametrize("change", [SMS, VOICE, Release()], ids=["sms", "voice", "release"])
def test_a_number_that_is_as_it_was_is_left_alone(change: ActiveNumbersChange) -> None:
    left_alone = seen(ASKED, BEFORE, change, cancelled=True, at=NOW)
    assert (left_alone.step, left_alone.reason and left_alone.reason.code) == (ChangeStep.CANCELLED, reasons.NOT_BEGUN)


@pytest.mark.parametrize(
    ("change", "found", "is_worth_a_look"),
    [
        (SMS, shown(sms_job=LinkJob()), False),
        (SMS, shown(service_plan_id="", campaign_id=""), True),
        (SMS, shown(service_plan_id="plan-2", campaign_id="C2"), True),
        (VOICE, shown(voice_job=LinkJob()), False),
        (VOICE, shown(voice=VoiceLink(id="app-2")), True),
        (Release(), shown(released_until=NOW), True),
        (Release(), shown(is_active=False), True),
    ],
    ids=["unlinking", "unlinked", "linked", "voice-linking", "voice-linked", "released", "gone"],
)
def test_a_number_that_has_begun_is_followed(
    change: ActiveNumbersChange, found: ActiveNumberSeen, is_worth_a_look: bool
) -> None:
    followed = seen(ASKED, found, change, cancelled=True, at=NOW)
    assert (followed.step, followed.nudged) == (ChangeStep.AT_SINCH, is_worth_a_look)


def test_cancelling_ends_only_numbers_that_sinch_was_not_asked_about() -> None:
    at_sinch = ASKED.model_copy(update={"step": ChangeStep.AT_SINCH, "unanswered": False})
    new = ASKED.model_copy(update={"unanswered": False})
    steps = [cancelled(number, NOW).step for number in (new, ASKED, at_sinch)]
    assert steps == [ChangeStep.CANCELLED, ChangeStep.PENDING, ChangeStep.AT_SINCH]
