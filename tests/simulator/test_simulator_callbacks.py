"""Callbacks on the wire: payload, signature, retries, and the ways they can be unreliable."""

import hashlib
import hmac
import itertools
import json
from datetime import datetime
from typing import Any

from simulator import SimulatorSettings
from simulator.settings import LOCAL_PROJECT_ID
from tests.simulator.driver import PROJECT, Driver, Receiver, driving, receiving

NUMBER = "+12025550134"
ALL_STEPS_HOURS = 31
SUCCESS = ["OSR_UPDATE", "PROVISIONING_TO_SMS_PLATFORM", "LINK_TO_10DLC_CAMPAIGN", "HOSTING_PROCESS"]


async def test_a_number_tells_of_each_step_once() -> None:
    async with driving() as sinch, receiving() as receiver:
        await _hosted(sinch, receiver, NUMBER)
        events = _events(receiver)
        assert [event["eventType"] for event in events] == SUCCESS
        assert len({event["eventId"] for event in events}) == 4
        assert (
            events[0].items()
            >= {
                "projectId": LOCAL_PROJECT_ID,
                "resourceType": "HOSTING_ORDER_NUMBER",
                "resourceId": NUMBER,
                "status": "SUCCEEDED",
                "failureCode": None,
            }.items()
        )
        times = [datetime.strptime(event["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z") for event in events]
        assert times == sorted(times)
        assert (times[-1] - times[0]).total_seconds() > 3600


async def test_without_a_campaign_there_is_no_campaign_event() -> None:
    async with driving() as sinch, receiving() as receiver:
        await _hosted(sinch, receiver, NUMBER, campaignId=None)
        assert [event["eventType"] for event in _events(receiver)] == [SUCCESS[0], SUCCESS[1], SUCCESS[3]]


async def test_a_failure_ends_the_number_and_names_its_code() -> None:
    async with driving() as sinch, receiving() as receiver:
        await _hosted(sinch, receiver, "+12025557002")
        link, end = _events(receiver)[-2:]
        assert (link["eventType"], link["status"], link["failureCode"]) == (
            "LINK_TO_10DLC_CAMPAIGN",
            "FAILED",
            "EXCEEDED_10DLC_LIMIT",
        )
        assert (end["eventType"], end["status"], end["failureCode"]) == ("HOSTING_PROCESS", "FAILED", None)


async def test_the_resource_can_be_the_order() -> None:
    async with driving(SimulatorSettings(callback_resource_is_order=True)) as sinch, receiving() as receiver:
        hosting_order_id = await _hosted(sinch, receiver, NUMBER)
        assert {event["resourceId"] for event in _events(receiver)} == {hosting_order_id}


async def test_the_signature_is_the_hex_hmac_sha1_of_the_bytes_sent() -> None:
    async with driving() as sinch, receiving() as receiver:
        secret = "strongPa$$PhraseWith36CharactersMax"
        answer = await sinch.api.patch(f"{PROJECT}/callbackConfiguration", json={"hmacSecret": secret})
        assert answer.json() == {"projectId": LOCAL_PROJECT_ID, "hmacSecret": secret}
        assert await sinch.get("/callbackConfiguration") == answer.json()
        await _hosted(sinch, receiver, NUMBER)
        assert len(receiver.got) == 4
        for headers, body in receiver.got:
            expected = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
            assert headers["x-sinch-signature"] == expected
            assert headers["content-type"] == "application/json"


async def test_a_secret_can_be_made_to_follow_the_strict_rule() -> None:
    async with driving(SimulatorSettings(hmac_secret_is_checked=True)) as sinch:
        for secret in ("x" * 31, "x" * 65, "strongPa$$PhraseWith36CharactersMax"):
            refused = await sinch.patch("/callbackConfiguration", {"hmacSecret": secret})
            error = refused.json()["error"]
            assert (error["code"], error["details"][0]["fieldViolations"][0]["field"]) == (400, "hmacSecret")
        assert (await sinch.patch("/callbackConfiguration", {"hmacSecret": "x-1" * 11})).status_code == 200


async def test_without_a_secret_there_is_no_signature() -> None:
    async with driving() as sinch, receiving() as receiver:
        await _hosted(sinch, receiver, NUMBER)
        assert all("x-sinch-signature" not in headers for headers, _ in receiver.got)


async def test_a_refused_event_is_retried_with_growing_pauses_and_holds_back_no_other() -> None:
    async with driving() as sinch, receiving() as receiver:
        receiver.statuses = [500, 503]
        await _hosted(sinch, receiver, NUMBER)
        first = _events(receiver)[0]["eventId"]
        tries = [
            entry
            for kind in ("callback_failed", "callback_delivered")
            for entry in await sinch.ledger(kind)
            if entry["details"]["event_id"] == first
        ]
        assert [(entry["details"]["status"], entry["details"]["attempt"]) for entry in tries] == [
            (500, 1),
            (503, 2),
            (200, 3),
        ]
        at = [datetime.fromisoformat(entry["time"]).timestamp() for entry in tries]
        assert [round(later - earlier) for earlier, later in itertools.pairwise(at)] == [300, 3600]
        assert len(_events(receiver)) == 6


async def test_an_event_is_given_up_after_three_tries() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.ordered(NUMBER, callbackUrl=receiver.url, directLoaInfo=None, blanketLoaInfo={})
        receiver.statuses = [202, 404, 500]
        await sinch.advance(hours=ALL_STEPS_HOURS)
        failed = [entry["details"] for entry in await sinch.ledger("callback_failed")]
        assert [(details["status"], details["given_up"]) for details in failed] == [
            (202, False),
            (404, False),
            (500, True),
        ]
        assert len(await sinch.ledger("callback_delivered")) == 3


async def test_an_unreachable_receiver_is_noted_too() -> None:
    async with driving() as sinch:
        await sinch.ordered(NUMBER, callbackUrl="http://127.0.0.1:9/", directLoaInfo=None, blanketLoaInfo={})
        await sinch.advance(hours=ALL_STEPS_HOURS)
        failed = await sinch.ledger("callback_failed")
        assert len(failed) == 4 * 3
        assert failed[0]["details"]["status"] == "ConnectError"


async def test_events_can_be_dropped() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.tell("callbacks", {"drop": 1})
        await _hosted(sinch, receiver, NUMBER)
        assert receiver.got == []
        assert len(await sinch.ledger("callback_dropped")) == 4


async def test_events_can_be_duplicated() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.tell("callbacks", {"duplicate": 1})
        await _hosted(sinch, receiver, NUMBER)
        ids = [event["eventId"] for event in _events(receiver)]
        assert (len(ids), len(set(ids))) == (8, 4)


async def test_events_can_be_delayed_by_virtual_time() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.tell("callbacks", {"delay_seconds": 10 * 24 * 3600})
        await _hosted(sinch, receiver, NUMBER)
        assert receiver.got == []
        await sinch.advance(hours=10 * 24)
        assert [event["eventType"] for event in _events(receiver)] == SUCCESS


async def test_events_can_come_out_of_order() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.tell("callbacks", {"reorder": 0.5})
        await _hosted(sinch, receiver, *(f"+1202555{last:04d}" for last in range(1000, 1020)))
        await sinch.advance(hours=6)
        events = _events(receiver)
        assert len(events) == 80
        times = [event["timestamp"] for event in events]
        assert times != sorted(times)


async def test_events_can_be_held_back_and_released() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.tell("callbacks", {"hold": True})
        await _hosted(sinch, receiver, NUMBER)
        assert receiver.got == []
        assert (await sinch.look("callbacks"))["held"] == 4
        await sinch.tell("callbacks", {"hold": False})
        await sinch.advance(hours=0)
        assert len(receiver.got) == 4


async def test_a_policy_out_of_range_is_refused() -> None:
    async with driving() as sinch:
        answer = await sinch.control.post("/_sim/callbacks", json={"drop": 2})
        assert answer.status_code == 400
        assert answer.json()["details"][0]["fieldViolations"][0]["field"] == "drop"


async def _hosted(sinch: Driver, receiver: Receiver, *numbers: str, **changes: object) -> str:
    changes = {"callbackUrl": receiver.url, "directLoaInfo": None, "blanketLoaInfo": {}} | changes
    hosting_order_id = await sinch.ordered(*numbers, **changes)
    await sinch.advance(hours=ALL_STEPS_HOURS)
    return hosting_order_id


def _events(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in receiver.got]
