"""What people read about relinking: who has to do what, with which command."""

from datetime import UTC, datetime

from onboarding.batch import Contact
from onboarding.calls.imported_numbers import Registers
from onboarding.contracts.relink_numbers import RelinkStatus
from onboarding.contracts.remove_numbers import RemoveStatus
from onboarding.imported_links import Links
from onboarding.pace import Vigil
from onboarding.reasons import reason
from onboarding.relinking import RelinkingNumber, RelinkStep
from onboarding.relinking_texts import relink_details, relink_notice, remove_details
from onboarding.stages import WaitingOn

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CONTACT = Contact(name="Ann Lee", email="ann.lee@example.com", company="Example Inc")
WANTED = Links(service_plan_id="plan-2", campaign_id="C-NEW")


def offered(count: int) -> list[RelinkingNumber]:
    why = reason("EXCEEDED_10DLC_LIMIT")
    return [
        RelinkingNumber(phone_number=f"+1202555{last:04d}", step=RelinkStep.OFFERED, since=NOW, reason=why)
        for last in range(count)
    ]


def relink_status(waiting_on: WaitingOn) -> RelinkStatus:
    return RelinkStatus(
        id="moving",
        wanted=WANTED,
        numbers_total=3,
        numbers_started=2,
        steps={"DONE": 1, "OFFERED": 1},
        waiting_on=waiting_on,
        waiting_since=NOW,
        stands_still=False,
        cancelled=False,
        numbers=(),
    )


def test_a_notice_lists_numbers_with_their_reasons_and_the_command_that_links_them_back() -> None:
    vigil = Vigil(waiting_on=WaitingOn.OPERATOR, since=NOW)
    notice = relink_notice("moving", CONTACT, vigil, offered(2))
    assert notice.subject == "moving: a decision is needed for 2 numbers"
    assert "onboard link-back moving" in notice.text
    assert f"+12025550001 {reason('EXCEEDED_10DLC_LIMIT').sentence}" in notice.text
    again = relink_notice("moving", CONTACT, vigil.told(), offered(2))
    assert again.subject.endswith("(reminder 1)")
    assert again.key != notice.key


def test_a_long_list_is_cut() -> None:
    notice = relink_notice("moving", CONTACT, Vigil(waiting_on=WaitingOn.CARRIER, since=NOW), offered(60))
    assert notice.subject == "moving: 60 numbers not relinked yet"
    assert notice.text.count("+1202555") == 50
    assert "... and 10 more" in notice.text


def test_details_show_counts_and_the_next_command() -> None:
    waiting = relink_details(relink_status(WaitingOn.OPERATOR))
    assert "3 numbers to service plan plan-2 and campaign C-NEW" in waiting
    assert "| OFFERED | 1 |" in waiting
    assert "`onboard link-back moving`" in waiting
    assert "`onboard relink-status moving`" in relink_details(relink_status(WaitingOn.CARRIER))
    removal = RemoveStatus(
        id="going",
        registers=Registers(),
        numbers_total=2,
        numbers_started=1,
        stages={"DONE": 1},
        cancelled=True,
        numbers=(),
    )
    assert "**Cancelled:**" in remove_details(removal)
    assert "`onboard remove-status going`" in remove_details(removal)
