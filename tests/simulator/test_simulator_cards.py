"""Every outcome card, driven from addNumbers to its end as a batch would, and judged by what the wire shows."""

import json
from typing import Any

import pytest

from simulator.outcomes import CARDS, LINKED_AGAIN_BY_ITSELF, Card
from tests.simulator.driver import CAMPAIGN, SERVICE_PLAN, Driver, Receiver, driving, receiving

BLOCKED, VERIFIED = "VERIFICATION_BLOCKED", "VERIFIED"
DAYS_A_PATIENT_BATCH_WAITS = 10
CALLS_A_PATIENT_OPERATOR_PLACES = 4


@pytest.mark.parametrize("card", CARDS, ids=lambda card: str(card.digits))
async def test_a_card_ends_as_it_says(card: Card) -> None:
    number = f"+1202555{card.digits or '0134'}"
    async with driving() as sinch, receiving() as receiver:
        outcome = await _onboard(sinch, receiver, number)
    assert outcome == (card.stage, card.reason)


async def _onboard(sinch: Driver, receiver: Receiver, number: str) -> tuple[str, str | None]:
    await sinch.add(number)
    await sinch.mail_invoices([number])
    await sinch.advance(hours=DAYS_A_PATIENT_BATCH_WAITS * 24)
    state = await _verify_by_voice(sinch, number)
    if state != VERIFIED:
        return "FAILED", {"NOT_ELIGIBLE": state, BLOCKED: state}.get(state, "VOICE_CODE_NOT_ENTERED")
    hosting_order_id = await sinch.ordered(number, callbackUrl=receiver.url)
    await sinch.advance(hours=DAYS_A_PATIENT_BATCH_WAITS * 24)
    record = await sinch.number_in(hosting_order_id, number)
    stage, reason = _outcome(record, _last_failures(receiver))
    if reason in LINKED_AGAIN_BY_ITSELF:
        linked = await sinch.changed(number, servicePlanId=SERVICE_PLAN, campaignId=CAMPAIGN)
        return ("DONE", None) if linked["campaignProvisioning"]["state"] == "DONE" else (stage, reason)
    return stage, reason


async def _verify_by_voice(sinch: Driver, number: str) -> str:
    for _ in range(CALLS_A_PATIENT_OPERATOR_PLACES):
        state = await sinch.state_of(number)
        if state in {VERIFIED, BLOCKED, "NOT_ELIGIBLE"}:
            break
        assert (await sinch.call(number)).status_code == 200
        heard = (await sinch.calls_of(number))[-1]["code"]
        if heard is not None:
            assert (await sinch.enter(number, heard)).status_code == 200
    return await sinch.state_of(number)


def _last_failures(receiver: Receiver) -> dict[str, str | None]:
    """The failure code of each event that told of a failure, by event type."""
    events = [json.loads(body) for _, body in receiver.got]
    return {event["eventType"]: event["failureCode"] for event in events if event["status"] == "FAILED"}


def _outcome(record: dict[str, Any], failures: dict[str, str | None]) -> tuple[str, str | None]:
    if record["smsTmo"]["errorCode"] == "60135":
        return "FAILED", "T_MOBILE_MIGRATION_REQUIRED"
    if record["osrUpdate"]["state"] == "FAILED":
        return "FAILED", "OSR_UPDATE_FAILED"
    if record["platformProvisioning"]["state"] == "FAILED":
        return "FAILED", "SMS_PROVISIONING_FAILED"
    if record["campaignProvisioning"]["state"] == "FAILED":
        return "FAILED", failures["LINK_TO_10DLC_CAMPAIGN"]
    if "HOSTING_PROCESS" in failures:
        return "FAILED", "HOSTING_FAILED"
    if record["campaignProvisioning"]["state"] == "DONE":
        return "DONE", None
    return "FAILED", "CARRIER_DEADLINE_PASSED"
