"""Linking rented numbers to service plan, campaign and voice service, and what their cards do to that."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from simulator.active_number_outcomes import CARDS, ActiveNumberCard
from simulator.outcomes import FOR_EVER
from tests.simulator.driver import CAMPAIGN, SERVICE_PLAN
from tests.simulator.numbers_driver import ALL_STEPS_HOURS, DAY_HOURS, SMS, VOICE, driving_numbers, refused, taken

NUMBER = "+12085550134"
PLAN = {"servicePlanId": SERVICE_PLAN}
NO_VOICE_IDS = {"appId": "", "trunkId": "", "serviceId": ""}


async def test_a_provisioning_waits_is_in_progress_and_is_gone_with_the_ids_in_place() -> None:
    async with driving_numbers() as sinch:
        number = await sinch.rented(NUMBER, smsConfiguration=SMS, voiceConfiguration=VOICE)
        sms, voice = number["smsConfiguration"], number["voiceConfiguration"]
        job, voice_job = sms.pop("scheduledProvisioning"), voice.pop("scheduledVoiceProvisioning")
        assert job.pop("lastUpdatedTime") == voice_job.pop("lastUpdatedTime") is not None
        assert sms == {"servicePlanId": "", "campaignId": ""}
        assert job == SMS | {"status": "WAITING", "errorCodes": []}
        assert voice == {"type": "RTC", "lastUpdatedTime": None} | NO_VOICE_IDS
        assert voice_job == {"type": "RTC", "status": "WAITING"} | NO_VOICE_IDS | VOICE

        await sinch.advance(hours=0.25)
        number = await sinch.active(NUMBER)
        assert number["smsConfiguration"]["scheduledProvisioning"]["status"] == "IN_PROGRESS"

        await sinch.advance(hours=ALL_STEPS_HOURS)
        number = await sinch.active(NUMBER)
        assert number["smsConfiguration"] == SMS
        assert number["voiceConfiguration"].pop("lastUpdatedTime") is not None
        assert number["voiceConfiguration"] == {"type": "RTC"} | NO_VOICE_IDS | VOICE


async def test_plan_and_campaign_are_in_progress_until_both_are_through() -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER, smsConfiguration=SMS)
        await sinch.advance(hours=2.25)
        sms = (await sinch.active(NUMBER))["smsConfiguration"]
        assert (sms["servicePlanId"], sms["campaignId"]) == (SERVICE_PLAN, "")
        job = sms["scheduledProvisioning"]
        assert (job["status"], job["campaignId"]) == ("IN_PROGRESS", CAMPAIGN)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: f"active-{card.digits}")
async def test_a_card_of_active_numbers_does_what_it_says(card: ActiveNumberCard) -> None:
    number = f"+1208555{card.digits or '0134'}"
    async with driving_numbers() as sinch:
        answer = await sinch.rent(number, smsConfiguration=SMS, voiceConfiguration=VOICE)
        if card.gone_when_rented:
            assert answer.status_code == 404
            return
        await sinch.advance(hours=ALL_STEPS_HOURS)
        if card.further_sms_days or card.further_voice_days:
            assert await _statuses(sinch.active(number)) == _in_progress(card)
            await sinch.advance(hours=3 * DAY_HOURS)
        first = await _statuses(sinch.active(number))
        again = taken(await sinch.update(number, smsConfiguration=SMS, voiceConfiguration=VOICE))
        await sinch.advance(hours=ALL_STEPS_HOURS)
        second = await _statuses(sinch.active(number))
    if card.further_sms_days == FOR_EVER:
        assert first == second == ("IN_PROGRESS", [], None)
        return
    error = card.plan_error_code or card.campaign_error_code
    failed = ("FAILED" if error else None, [error] if error else [], "FAILED" if card.voice_error_code else None)
    assert first == failed
    assert second == ((None, [], None) if card.failure_passes else failed)
    assert again["smsConfiguration"]["servicePlanId"] == ("" if card.plan_error_code else SERVICE_PLAN)


async def _statuses(number: Any) -> tuple[str | None, list[str], str | None]:
    """The status of the SMS job with its error codes, and of the voice job; None where there is no job."""
    resource = await number
    sms = resource["smsConfiguration"].get("scheduledProvisioning", {})
    voice = resource["voiceConfiguration"].get("scheduledVoiceProvisioning", {})
    return sms.get("status"), sms.get("errorCodes", []), voice.get("status")


def _in_progress(card: ActiveNumberCard) -> tuple[str | None, list[str], str | None]:
    sms, voice = ("IN_PROGRESS" if days else None for days in (card.further_sms_days, card.further_voice_days))
    return sms, [], voice


async def test_a_number_is_unlinked_before_it_is_linked_elsewhere() -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER)
        assert (await sinch.updated(NUMBER, smsConfiguration=SMS))["smsConfiguration"] == SMS
        for field, other in (("servicePlanId", "other"), ("campaignId", "other")):
            reason = refused(await sinch.update(NUMBER, smsConfiguration={field: other}), f"smsConfiguration.{field}")
            assert "unlink it first" in reason
        both_off = {"servicePlanId": "", "campaignId": ""}
        unlinking = taken(await sinch.update(NUMBER, smsConfiguration=both_off))["smsConfiguration"]
        assert (unlinking["servicePlanId"], unlinking["campaignId"]) == (SERVICE_PLAN, CAMPAIGN)
        assert unlinking["scheduledProvisioning"]["servicePlanId"] == ""
        await sinch.advance(hours=ALL_STEPS_HOURS)
        assert (await sinch.active(NUMBER))["smsConfiguration"] == both_off
        other_plan = {"servicePlanId": "other"}
        linked = (await sinch.updated(NUMBER, smsConfiguration=other_plan))["smsConfiguration"]
        assert linked == {"servicePlanId": "other", "campaignId": ""}


async def test_the_campaign_alone_can_be_unlinked_and_linked() -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER, smsConfiguration=SMS)
        await sinch.advance(hours=ALL_STEPS_HOURS)
        off = await sinch.updated(NUMBER, smsConfiguration={"campaignId": ""})
        assert off["smsConfiguration"] == PLAN | {"campaignId": ""}
        on = await sinch.updated(NUMBER, smsConfiguration={"campaignId": "CNEW"})
        assert on["smsConfiguration"] == PLAN | {"campaignId": "CNEW"}


async def test_while_a_provisioning_is_under_way_only_the_same_request_is_taken() -> None:
    async with driving_numbers() as sinch:
        before = await sinch.rented(NUMBER, smsConfiguration=SMS, voiceConfiguration=VOICE)
        assert taken(await sinch.update(NUMBER, smsConfiguration=SMS, voiceConfiguration=VOICE)) == before
        other = {"servicePlanId": "other"}
        assert "under way" in refused(await sinch.update(NUMBER, smsConfiguration=other), "smsConfiguration")
        voice = {"appId": "other"}
        assert "under way" in refused(await sinch.update(NUMBER, voiceConfiguration=voice), "voiceConfiguration")
        assert await sinch.active(NUMBER) == before
        await sinch.advance(hours=ALL_STEPS_HOURS)
        assert len(await sinch.ledger("number_provisioning")) == 3


async def test_an_update_that_is_refused_changes_nothing() -> None:
    async with driving_numbers() as sinch:
        before = await sinch.rented(NUMBER)
        body = {"displayName": "shop", "smsConfiguration": PLAN, "voiceConfiguration": {"type": "EST", "appId": "a"}}
        refused(await sinch.update(NUMBER, **body), "voiceConfiguration.trunkId")
        assert await sinch.active(NUMBER) == before
        assert await sinch.ledger("number_updated") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"smsConfiguration": {}}, "smsConfiguration"),
        ({"smsConfiguration": {"servicePlanId": None}}, "smsConfiguration"),
        ({"smsConfiguration": {"campaignId": CAMPAIGN}}, "smsConfiguration.servicePlanId"),
        ({"voiceConfiguration": {}}, "voiceConfiguration.appId"),
        ({"voiceConfiguration": {"type": "FAX"}}, "voiceConfiguration.serviceId"),
        ({"voiceConfiguration": {"type": "SIP", "appId": "a"}}, "voiceConfiguration.type"),
        ({"voiceConfiguration": {"appId": "a", "trunkId": "t"}}, "voiceConfiguration.trunkId"),
        ({"callbackUrl": "nonsense"}, "callbackUrl"),
        ({"displayName": 1}, "displayName"),
    ],
)
async def test_an_update_that_cannot_be_is_refused_by_its_field(body: dict[str, Any], field: str) -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER)
        refused(await sinch.update(NUMBER, **body), field)


async def test_a_number_takes_voice_from_any_of_three_services_and_can_change_it() -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER)
        for type_, field in (("RTC", "appId"), ("EST", "trunkId"), ("FAX", "serviceId")):
            number = await sinch.updated(NUMBER, voiceConfiguration={"type": type_, field: "one"})
            voice = number["voiceConfiguration"]
            assert voice.pop("lastUpdatedTime") is not None
            assert voice == {"type": type_} | NO_VOICE_IDS | {field: "one"}
        off = await sinch.updated(NUMBER, voiceConfiguration={"type": "FAX", "serviceId": ""})
        assert off["voiceConfiguration"]["serviceId"] == ""


async def test_a_number_is_linked_only_to_what_it_is_capable_of() -> None:
    async with driving_numbers() as sinch:
        refused(await sinch.rent("+12125550101", smsConfiguration=PLAN), "smsConfiguration")
        refused(await sinch.rent("+46701740101", voiceConfiguration=VOICE), "voiceConfiguration")
        refused(await sinch.rent("+14165550101", smsConfiguration=SMS), "smsConfiguration.campaignId")
        assert await sinch.ledger("number_rented") == []


async def test_a_toll_free_number_goes_on_no_campaign() -> None:
    async with driving_numbers() as sinch:
        number = "+18335550101"
        await sinch.rented(number, smsConfiguration=SMS)
        await sinch.advance(hours=ALL_STEPS_HOURS)
        assert await _statuses(sinch.active(number)) == ("FAILED", ["TFN_NOT_ALLOWED"], None)
        given_up = taken(await sinch.update(number, smsConfiguration=PLAN))
        assert given_up["smsConfiguration"] == PLAN | {"campaignId": ""}


async def test_nothing_more_happens_to_a_number_that_has_expired() -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER)
        expires = taken(await sinch.post(f"/activeNumbers/{NUMBER}:release"))["expireAt"]
        now = (await sinch.look("clock"))["now"]
        left = datetime.fromisoformat(expires) - datetime.fromisoformat(now) - timedelta(minutes=1)
        await sinch.advance(hours=left / timedelta(hours=1))
        taken(await sinch.update(NUMBER, smsConfiguration=SMS))
        await sinch.advance(hours=ALL_STEPS_HOURS)
        assert len(await sinch.ledger("number_expired")) == 1
        assert await sinch.ledger("number_provisioning") == []
