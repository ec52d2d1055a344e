"""Mails to the batch's contact say who is waited for, which numbers, and what to do."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from onboarding import notices, reasons
from onboarding.batch import Address, AuthorisedPerson, Batch, Contact, LoaParty
from onboarding.calls.notifications import Notice
from onboarding.pace import Vigil
from onboarding.reasons import reason
from onboarding.stages import WaitingOn

SINCE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NUMBERS = [f"+1202555{last:04d}" for last in range(100, 160)]
FIVE = NUMBERS[:5]
BATCH = Batch(
    id="acme-2026",
    customer="Acme",
    service_plan_id="07d6c2621f364b68856fe4938b7bb78f",
    loa=LoaParty(
        authorised_person=AuthorisedPerson(first_name="Jane", last_name="Doe", email="jane.doe@example.com"),
        address=Address(
            building_number="1", street="Main St", city="Springfield", state="IL", postal_code="62701", country="US"
        ),
        current_voice_carrier="Old Carrier",
    ),
    contact=Contact(name="Robin Roe", email="robin.roe@example.com", company="Acme"),
)
PROBLEM = reason(reasons.ORDER_REJECTED)
MakeNotice = Callable[[Vigil, list[str]], Notice]
NOTICES: dict[WaitingOn, MakeNotice] = {
    WaitingOn.INVOICE_REVIEW: lambda vigil, numbers: notices.review_notice(BATCH, 7, vigil, numbers),
    WaitingOn.VOICE_CODE: lambda vigil, numbers: notices.voice_notice(BATCH, 7, vigil, numbers),
    WaitingOn.LOA_SIGNATURE: lambda vigil, numbers: notices.loa_notice(
        BATCH, "01abc", vigil, "jane.doe@example.com", numbers
    ),
    WaitingOn.CARRIER: lambda vigil, numbers: notices.carrier_notice(BATCH, "01abc", vigil, numbers),
    WaitingOn.OPERATOR: lambda vigil, numbers: notices.operator_notice(BATCH, "01abc", vigil, PROBLEM, numbers),
}
of_every_kind = pytest.mark.parametrize("waiting_on", NOTICES)


def notice(waiting_on: WaitingOn, messages: int = 0, numbers: list[str] = FIVE) -> Notice:
    vigil = Vigil(waiting_on=waiting_on, since=SINCE, messages=messages)
    return NOTICES[waiting_on](vigil, numbers)


def test_there_is_a_notice_for_everybody_who_can_be_waited_on() -> None:
    assert set(NOTICES) == set(WaitingOn) - {WaitingOn.NOBODY}


@of_every_kind
def test_a_notice_greets_the_contact_and_lists_the_numbers(waiting_on: WaitingOn) -> None:
    made = notice(waiting_on)
    assert made.contact == BATCH.contact
    assert made.text.startswith("Dear Robin Roe,\n\n")
    assert made.text.endswith("\n\n" + "\n".join(FIVE) + "\n")
    assert made.subject.startswith("acme-2026: ")
    assert "5 numbers" in made.subject


@pytest.mark.parametrize(
    ("waiting_on", "what_to_do"),
    [
        (WaitingOn.INVOICE_REVIEW, "since 2026-03-02 09:30 UTC. Ask orders@sinch.com about:"),
        (WaitingOn.VOICE_CODE, "Enter the codes with: onboard verify acme-2026"),
        (WaitingOn.LOA_SIGNATURE, "LOA of hosting order 01abc to jane.doe@example.com for signature."),
        (WaitingOn.CARRIER, "Hosting order 01abc has had open numbers since 2026-03-02 09:30 UTC. Ask Sinch about:"),
        (WaitingOn.OPERATOR, f"ORDER_REJECTED: {PROBLEM.sentence}"),
    ],
)
def test_a_notice_says_what_to_do(waiting_on: WaitingOn, what_to_do: str) -> None:
    assert what_to_do in notice(waiting_on).text


@of_every_kind
def test_a_long_list_is_cut_and_says_how_many_are_missing(waiting_on: WaitingOn) -> None:
    text = notice(waiting_on, numbers=NUMBERS).text
    assert NUMBERS[49] in text
    assert NUMBERS[50] not in text
    assert text.endswith("\n... and 10 more\n")


@of_every_kind
def test_the_subject_counts_the_reminders(waiting_on: WaitingOn) -> None:
    first, second = notice(waiting_on), notice(waiting_on, messages=2)
    assert "reminder" not in first.subject
    assert second.subject == f"{first.subject} (reminder 2)"


def test_the_same_message_keeps_its_key_and_every_other_has_its_own() -> None:
    kinds = [(waiting_on, messages) for waiting_on in NOTICES for messages in range(3)]
    keys = {notice(*kind).key for kind in kinds}
    assert len(keys) == len(kinds)
    assert keys == {notice(*kind).key for kind in kinds}


def test_a_new_wait_for_the_same_person_is_a_new_message() -> None:
    again = Vigil(waiting_on=WaitingOn.CARRIER, since=SINCE.replace(hour=10))
    assert NOTICES[WaitingOn.CARRIER](again, FIVE).key != notice(WaitingOn.CARRIER).key


def test_two_groups_never_share_a_message() -> None:
    vigil = Vigil(waiting_on=WaitingOn.VOICE_CODE, since=SINCE)
    keys = {notices.voice_notice(BATCH, sequence, vigil, FIVE).key for sequence in (1, 2, 11)}
    assert len(keys) == 3


def test_a_failed_link_says_whose_turn_it_is_and_the_command_that_goes_on() -> None:
    vigil = Vigil(waiting_on=WaitingOn.OPERATOR, since=SINCE)
    full = reason("EXCEEDED_10DLC_LIMIT")
    made = notices.link_notice(BATCH, "01abc", vigil, full, "you, or Sinch with a number pool", FIVE)
    assert made.subject == "acme-2026: 5 numbers are not on their campaign (EXCEEDED_10DLC_LIMIT)"
    assert f"EXCEEDED_10DLC_LIMIT: {full.sentence} This is for you, or Sinch with a number pool." in made.text
    assert "onboard retry acme-2026 --reason EXCEEDED_10DLC_LIMIT" in made.text
    assert made.text.endswith("\n".join(FIVE) + "\n")


def test_each_reason_for_failed_links_of_one_order_has_a_message_of_its_own() -> None:
    vigil = Vigil(waiting_on=WaitingOn.OPERATOR, since=SINCE)
    codes = ("EXCEEDED_10DLC_LIMIT", "INSUFFICIENT_BALANCE")
    keys = {notices.link_notice(BATCH, "01abc", vigil, reason(code), "you", FIVE).key for code in codes}
    assert len(keys) == 2


def test_a_silence_says_what_to_ask_for_and_how_to_give_up() -> None:
    vigil = Vigil(waiting_on=WaitingOn.OPERATOR, since=SINCE)
    said = notices.silence_notice(BATCH, "hosting order 01abc", vigil, FIVE)
    assert said.subject == "acme-2026: no news about 5 numbers for 5bd"
    assert "ask Sinch support" in said.text
    assert "hosting order 01abc" in said.text
    assert "onboard skip acme-2026" in said.text
    assert said.key != NOTICES[WaitingOn.OPERATOR](vigil, FIVE).key
