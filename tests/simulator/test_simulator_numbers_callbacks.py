"""The events of rented numbers: who gets them, what they say, what signs them, and which never come."""

import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest

from simulator import SimulatorSettings
from tests.simulator.driver import PROJECT, Receiver, receiving
from tests.simulator.numbers_driver import ALL_STEPS_HOURS, SMS, VOICE, NumbersDriver, driving_numbers

NUMBER = "+12085550134"
SECRET = "numbers-secret-of-36-characters-0123"
OFF = {"servicePlanId": "", "campaignId": ""}


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as listening:
        yield listening


async def _provisioned(sinch: NumbersDriver, receiver: Receiver, number: str = NUMBER) -> None:
    await sinch.rented(number, smsConfiguration=SMS, voiceConfiguration=VOICE, callbackUrl=receiver.url)
    await sinch.advance(hours=ALL_STEPS_HOURS)


def _told(receiver: Receiver) -> dict[str, tuple[str, str | None]]:
    return {event["eventType"]: (event["status"], event["failureCode"]) for event in receiver.events()}


async def test_every_link_and_unlink_is_told(receiver: Receiver) -> None:
    async with driving_numbers() as sinch:
        await _provisioned(sinch, receiver)
        linked = {"PROVISIONING_TO_SMS_PLATFORM", "PROVISIONING_TO_CAMPAIGN", "PROVISIONING_TO_VOICE_PLATFORM"}
        assert _told(receiver) == dict.fromkeys(linked, ("SUCCEEDED", None))
        await sinch.updated(NUMBER, smsConfiguration=OFF, voiceConfiguration={"appId": ""})
        unlinked = {event_type.replace("PROVISIONING_TO", "DEPROVISIONING_FROM") for event_type in linked}
        assert set(_told(receiver)) == linked | unlinked
        assert len(receiver.got) == 6


async def test_an_event_names_the_number_in_a_time_without_zone(receiver: Receiver) -> None:
    async with driving_numbers() as sinch:
        await _provisioned(sinch, receiver)
        event = receiver.events()[0]
        assert (event["resourceType"], event["resourceId"]) == ("ACTIVE_NUMBER", NUMBER)
        assert event["internalFailureCode"] is None
        assert len(event["timestamp"]) == len("2023-06-06T07:45:27.785357")
        assert len({event["eventId"] for event in receiver.events()}) == 3


async def test_events_are_signed_with_the_secret_of_their_own_host(receiver: Receiver) -> None:
    async with driving_numbers() as sinch:
        assert (await sinch.get("/callbackConfiguration"))["hmacSecret"] == ""
        answer = await sinch.patch("/callbackConfiguration", {"hmacSecret": SECRET})
        assert answer.json()["hmacSecret"] == SECRET
        imported = f"{sinch.endpoints.sinch_imported}{PROJECT}/callbackConfiguration"
        assert (await sinch.api.get(imported)).json()["hmacSecret"] == ""
        await _provisioned(sinch, receiver)
        for headers, body in receiver.got:
            assert headers["x-sinch-signature"] == hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()


@pytest.mark.parametrize(
    ("digits", "event_type", "failure_code"),
    [
        ("5101", "PROVISIONING_TO_SMS_PLATFORM", None),
        ("9102", "PROVISIONING_TO_SMS_PLATFORM", None),
        ("7001", "PROVISIONING_TO_CAMPAIGN", "CAMPAIGN_NOT_AVAILABLE"),
        ("9201", "PROVISIONING_TO_VOICE_PLATFORM", "PROVISIONING_TO_VOICE_PLATFORM_FAILED"),
    ],
)
async def test_a_failure_is_told_with_its_code(
    receiver: Receiver, digits: str, event_type: str, failure_code: str | None
) -> None:
    async with driving_numbers() as sinch:
        await _provisioned(sinch, receiver, f"+1208555{digits}")
        assert _told(receiver)[event_type] == ("FAILED", failure_code)


async def test_the_events_of_a_card_are_lost_though_all_goes_well(receiver: Receiver) -> None:
    async with driving_numbers() as sinch:
        number = "+12085559301"
        await _provisioned(sinch, receiver, number)
        assert (await sinch.active(number))["smsConfiguration"] == SMS
        assert receiver.got == []
        assert len(await sinch.ledger("callback_dropped")) == 3


async def test_a_number_without_a_callback_url_is_told_of_to_nobody(receiver: Receiver) -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER, smsConfiguration=SMS, callbackUrl=receiver.url)
        await sinch.update(NUMBER, callbackUrl="")
        await sinch.advance(hours=ALL_STEPS_HOURS)
        assert receiver.got == []
        assert len(await sinch.ledger("number_provisioning")) == 2


async def test_the_event_of_unlinked_voice_can_have_its_older_name(receiver: Receiver) -> None:
    async with driving_numbers(SimulatorSettings(voice_unlink_event_says_to=True)) as sinch:
        await _provisioned(sinch, receiver)
        await sinch.updated(NUMBER, voiceConfiguration={"appId": ""})
        assert receiver.events()[-1]["eventType"] == "DEPROVISIONING_TO_VOICE_PLATFORM"
