"""Imported numbers: import, link, unlink, rename, deletion, and what the callbacks tell of each."""

from typing import Any

import pytest

from simulator import SimulatorSettings
from tests.simulator.driver import CAMPAIGN, LINK_HOURS, PROJECT, SERVICE_PLAN, Receiver, driving, receiving

NUMBER, OTHER = "+12025550134", "+12025550135"
PLATFORM_FAILS, T_MOBILE, STUCK, SLOW = "+12025555101", "+12025556135", "+12025556001", "+12025556002"
HOSTING_FAILS = "+12025558001"
LINKED = {"servicePlanId": SERVICE_PLAN, "campaignId": CAMPAIGN}
UNLINKED = {"servicePlanId": "", "campaignId": ""}


async def test_an_import_answers_at_once_and_links_in_the_course_of_time() -> None:
    async with driving() as sinch:
        answer = await sinch.import_number(NUMBER, displayName="shop", callbackUrl="http://127.0.0.1:9/x")
        assert answer.status_code == 200
        resource = answer.json()
        scheduled = resource["smsConfiguration"].pop("scheduledProvisioning")
        assert scheduled.items() >= (LINKED | {"status": 2, "errorCodes": []}).items()
        assert resource.pop("projectId")
        assert resource == {
            "phoneNumber": NUMBER,
            "regionCode": "US",
            "displayName": "shop",
            "smsConfiguration": UNLINKED | {"migrateToSinchTmo": False},
            "callbackUrl": "http://127.0.0.1:9/x",
        }
        await sinch.advance(hours=LINK_HOURS)
        linked = await sinch.get(f"/importedNumbers/{NUMBER}")
        assert linked["smsConfiguration"] == LINKED | {"migrateToSinchTmo": False}
        assert _view(linked["smsProvisioning"]) == ("SMS", SERVICE_PLAN, "PROVISIONING", "DONE")
        assert _view(linked["campaignProvisioning"]) == ("CAMPAIGN", CAMPAIGN, "PROVISIONING", "DONE")
        carriers = linked["mnoConfiguration"]
        assert set(carriers) == {"smsAtt", "smsTmo", "mmsAtt", "mmsTmo"}
        assert {(record["state"], record["operation"]) for record in carriers.values()} == {("DONE", "PROVISIONING")}


async def test_the_steps_of_an_import_follow_each_other() -> None:
    async with driving() as sinch:
        await sinch.import_number(NUMBER)
        seen = []
        for _ in range(4 * LINK_HOURS):
            number = await sinch.get(f"/importedNumbers/{NUMBER}")
            sms = number["mnoConfiguration"]["smsTmo"]["state"]
            states = (number["smsProvisioning"]["state"], number["campaignProvisioning"]["state"], sms)
            if states not in seen:
                seen.append(states)
            await sinch.advance(hours=0.25)
        assert seen == [
            ("IN_PROGRESS", "WAITING", "WAITING"),
            ("DONE", "IN_PROGRESS", "WAITING"),
            ("DONE", "IN_PROGRESS", "IN_PROGRESS"),
            ("DONE", "DONE", "DONE"),
        ]


async def test_an_import_without_a_campaign_has_no_campaign_step() -> None:
    async with driving() as sinch, receiving() as receiver:
        number = await sinch.imported(
            NUMBER, smsConfiguration={"servicePlanId": SERVICE_PLAN}, callbackUrl=receiver.url
        )
        assert number["smsConfiguration"]["campaignId"] == ""
        assert number["campaignProvisioning"]["state"] == "STATE_UNSPECIFIED"
        assert number["mnoConfiguration"]["smsAtt"]["operation"] == "OPERATION_UNSPECIFIED"
        assert _told(receiver) == [("PROVISIONING_TO_SMS_PLATFORM", "SUCCEEDED", None)]


async def test_an_import_tells_of_the_platform_and_then_of_the_campaign() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.imported(NUMBER, callbackUrl=receiver.url)
        assert _told(receiver) == [
            ("PROVISIONING_TO_SMS_PLATFORM", "SUCCEEDED", None),
            ("LINK_TO_10DLC_CAMPAIGN", "SUCCEEDED", None),
        ]
        assert {(event["resourceType"], event["resourceId"]) for event in receiver.events()} == {
            ("IMPORTED_NUMBER", NUMBER)
        }


async def test_a_number_that_is_imported_or_being_hosted_cannot_be_imported_again() -> None:
    async with driving() as sinch:
        await sinch.imported(NUMBER)
        await sinch.ordered(OTHER)
        for number in (NUMBER, OTHER):
            again = await sinch.import_number(number)
            assert (again.status_code, again.json()["status"]) == (409, "ALREADY_EXISTS")
            assert number in again.json()["message"]
        assert (await sinch.order(NUMBER)).status_code == 409
        assert (await sinch.import_order(NUMBER)).status_code == 409
        assert len(await sinch.ledger("imported_number")) == 1


async def test_a_number_whose_hosting_ended_well_is_an_imported_number() -> None:
    async with driving() as sinch, receiving() as receiver:
        order = await sinch.ordered(
            NUMBER, "+12025555101", callbackUrl=receiver.url, directLoaInfo=None, blanketLoaInfo={}
        )
        assert (await sinch.api.get(_path(NUMBER))).status_code == 404
        await sinch.advance(hours=31)
        number = await sinch.get(f"/importedNumbers/{NUMBER}")
        assert number["smsConfiguration"].items() >= LINKED.items()
        assert number["callbackUrl"] == receiver.url
        assert (await sinch.api.get(_path("+12025555101"))).status_code == 404
        receiver.got.clear()
        await sinch.changed(NUMBER, **UNLINKED)
        assert {event["resourceType"] for event in receiver.events()} == {"IMPORTED_NUMBER"}
        hosted = await sinch.number_in(order, NUMBER)
        assert hosted["platformProvisioning"] == {"servicePlanId": SERVICE_PLAN, "state": "DONE"}
        assert hosted["smsAtt"]["state"] == "DONE"


async def test_unlinking_is_a_job_of_its_own() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.imported(NUMBER, callbackUrl=receiver.url)
        receiver.got.clear()
        answer = (await sinch.change(NUMBER, **UNLINKED)).json()
        assert answer["smsConfiguration"].items() >= LINKED.items()
        assert answer["smsConfiguration"]["scheduledProvisioning"].items() >= UNLINKED.items()
        going = await sinch.get(f"/importedNumbers/{NUMBER}")
        assert _view(going["smsProvisioning"]) == ("SMS", SERVICE_PLAN, "DEPROVISIONING", "IN_PROGRESS")
        assert going["mnoConfiguration"]["smsTmo"]["operation"] == "DEPROVISIONING"
        await sinch.advance(hours=2)
        gone = await sinch.get(f"/importedNumbers/{NUMBER}")
        assert gone["smsConfiguration"] == UNLINKED | {"migrateToSinchTmo": False}
        assert _view(gone["smsProvisioning"]) == ("SMS", SERVICE_PLAN, "DEPROVISIONING", "DONE")
        assert _view(gone["campaignProvisioning"]) == ("CAMPAIGN", CAMPAIGN, "DEPROVISIONING", "DONE")
        assert _told(receiver) == [
            ("DEPROVISIONING_TO_SMS_PLATFORM", "SUCCEEDED", None),
            ("UNLINK_TO_10DLC_CAMPAIGN", "SUCCEEDED", None),
        ]
        assert len(await sinch.ledger("platform_unlinked")) == len(await sinch.ledger("campaign_unlinked")) == 1


async def test_a_campaign_can_be_unlinked_and_another_one_linked_while_the_plan_stays() -> None:
    async with driving() as sinch:
        await sinch.imported(NUMBER)
        unlinked = await sinch.changed(NUMBER, campaignId="")
        assert unlinked["smsConfiguration"].items() >= {"servicePlanId": SERVICE_PLAN, "campaignId": ""}.items()
        linked = await sinch.changed(NUMBER, servicePlanId=SERVICE_PLAN, campaignId="CANOTHR")
        assert linked["smsConfiguration"]["campaignId"] == "CANOTHR"
        assert len(await sinch.ledger("platform")) == 1
        assert len(await sinch.ledger("campaign")) == 2


async def test_an_unlinked_number_can_be_linked_to_something_else() -> None:
    async with driving() as sinch:
        await sinch.imported(NUMBER)
        await sinch.changed(NUMBER, **UNLINKED)
        other = {"servicePlanId": "another plan", "campaignId": "CANOTHR"}
        assert (await sinch.changed(NUMBER, **other))["smsConfiguration"] == other | {"migrateToSinchTmo": False}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"servicePlanId": "another plan"}, "smsConfiguration.servicePlanId"),
        ({"servicePlanId": SERVICE_PLAN, "campaignId": "CANOTHR"}, "smsConfiguration.campaignId"),
    ],
)
async def test_a_linked_number_is_not_linked_to_something_else(change: dict[str, str], field: str) -> None:
    async with driving() as sinch:
        before = await sinch.imported(NUMBER)
        refused = await sinch.change(NUMBER, **change)
        assert (refused.status_code, _fields(refused.json())) == (400, [field])
        assert "unlink it first" in refused.json()["message"]
        assert await sinch.get(f"/importedNumbers/{NUMBER}") == before


async def test_a_number_is_not_linked_while_it_is_being_unlinked_nor_in_the_same_request() -> None:
    async with driving() as sinch:
        await sinch.imported(NUMBER)
        mixed = await sinch.change(NUMBER, servicePlanId="", campaignId="CANOTHR")
        assert mixed.status_code == 400
        await sinch.change(NUMBER, **UNLINKED)
        early = await sinch.change(NUMBER, servicePlanId="another plan")
        assert (early.status_code, early.json()["status"]) == (400, "FAILED_PRECONDITION")


async def test_a_campaign_needs_a_service_plan() -> None:
    async with driving() as sinch:
        await sinch.imported(NUMBER)
        await sinch.changed(NUMBER, **UNLINKED)
        refused = await sinch.change(NUMBER, campaignId=CAMPAIGN)
        assert _fields(refused.json()) == ["smsConfiguration.servicePlanId"]


async def test_the_same_request_again_does_nothing_twice() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.import_number(NUMBER, callbackUrl=receiver.url)
        await sinch.changed(NUMBER, **LINKED)
        await sinch.changed(NUMBER, **LINKED)
        await sinch.change(NUMBER, **UNLINKED)
        await sinch.changed(NUMBER, **UNLINKED)
        await sinch.changed(NUMBER, **UNLINKED)
        assert [event["eventType"] for event in receiver.events()] == [
            "PROVISIONING_TO_SMS_PLATFORM",
            "LINK_TO_10DLC_CAMPAIGN",
            "DEPROVISIONING_TO_SMS_PLATFORM",
            "UNLINK_TO_10DLC_CAMPAIGN",
        ]


async def test_unlinking_ends_a_link_that_is_under_way() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.imported(STUCK, callbackUrl=receiver.url)
        gone = await sinch.changed(STUCK, servicePlanId="")
        assert gone["campaignProvisioning"]["type"] == "DEPROVISIONING"
        assert [event["eventType"] for event in receiver.events()] == [
            "PROVISIONING_TO_SMS_PLATFORM",
            "DEPROVISIONING_TO_SMS_PLATFORM",
            "UNLINK_TO_10DLC_CAMPAIGN",
        ]


async def test_steps_of_an_abandoned_link_do_not_reach_into_the_next_one() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.imported(SLOW, callbackUrl=receiver.url)
        await sinch.changed(SLOW, campaignId="")
        await sinch.change(SLOW, campaignId="CANOTHR")
        await sinch.advance(hours=70)
        assert (await sinch.get(f"/importedNumbers/{SLOW}"))["campaignProvisioning"]["state"] == "IN_PROGRESS"
        await sinch.advance(hours=26)
        assert (await sinch.get(f"/importedNumbers/{SLOW}"))["smsConfiguration"]["campaignId"] == "CANOTHR"
        assert [event["eventType"] for event in receiver.events()].count("LINK_TO_10DLC_CAMPAIGN") == 1


async def test_a_number_can_be_renamed_and_called_back_elsewhere_without_touching_its_link() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.imported(NUMBER, callbackUrl="http://127.0.0.1:9/x")
        answer = await sinch.patch(f"/importedNumbers/{NUMBER}", {"displayName": "new", "callbackUrl": receiver.url})
        assert answer.json().items() >= {"displayName": "new", "callbackUrl": receiver.url}.items()
        assert answer.json()["smsConfiguration"].items() >= LINKED.items()
        await sinch.delete(f"/importedNumbers/{NUMBER}")
        await sinch.advance(hours=0)
        assert _told(receiver) == [("DELETE", "SUCCEEDED", None)]
        (entry,) = await sinch.ledger("imported_number_updated")
        assert entry["details"].items() >= {"display_name": "new", "service_plan": "NONE", "campaign": "NONE"}.items()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phoneNumber": OTHER}, "phoneNumber"),
        ({"regionCode": "CA"}, "regionCode"),
        ({"projectId": "another"}, "projectId"),
        ({"smsConfiguration": {}}, "smsConfiguration"),
        ({"callbackUrl": "example.com"}, "callbackUrl"),
        ({"smsConfiguration": {"servicePlanId": " "}}, "smsConfiguration.servicePlanId"),
    ],
)
async def test_what_cannot_be_updated_is_named(body: dict[str, Any], field: str) -> None:
    async with driving() as sinch:
        await sinch.import_number(NUMBER)
        refused = await sinch.patch(f"/importedNumbers/{NUMBER}", body)
        assert (refused.status_code, _fields(refused.json())) == (400, [field])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phoneNumber": "12025550134"}, "phoneNumber"),
        ({"phoneNumber": None}, "phoneNumber"),
        ({"regionCode": None}, "regionCode"),
        ({"smsConfiguration": None}, "smsConfiguration"),
        ({"smsConfiguration": {"servicePlanId": ""}}, "smsConfiguration.servicePlanId"),
        ({"projectId": "another"}, "projectId"),
        ({"callbackUrl": "example.com"}, "callbackUrl"),
    ],
)
async def test_what_is_wrong_with_an_import_is_named(change: dict[str, Any], field: str) -> None:
    async with driving() as sinch:
        refused = await sinch.import_number(NUMBER, **change)
        assert (refused.status_code, refused.json()["status"]) == (400, "INVALID_ARGUMENT")
        assert _fields(refused.json()) == [field]
        assert await sinch.ledger("imported_number") == []


async def test_a_deleted_number_is_gone_and_can_be_imported_anew() -> None:
    async with driving() as sinch, receiving() as receiver:
        await sinch.import_number(NUMBER, callbackUrl=receiver.url)
        answer = await sinch.delete(f"/importedNumbers/{NUMBER}")
        assert (answer.status_code, answer.content) == (200, b"")
        assert (await sinch.delete(f"/importedNumbers/{NUMBER}")).status_code == 404
        assert (await sinch.change(NUMBER, **UNLINKED)).status_code == 404
        await sinch.advance(hours=LINK_HOURS)
        assert _told(receiver) == [("DELETE", "SUCCEEDED", None)]
        assert (await sinch.imported(NUMBER))["smsConfiguration"].items() >= LINKED.items()
        assert len(await sinch.ledger("imported_number_deleted")) == 1


async def test_a_platform_failure_carries_no_code_in_its_event() -> None:
    async with driving() as sinch, receiving() as receiver:
        number = await sinch.imported(PLATFORM_FAILS, callbackUrl=receiver.url)
        assert _told(receiver) == [("PROVISIONING_TO_SMS_PLATFORM", "FAILED", None)]
        assert number["smsProvisioning"]["errorCode"] == "SMS_PROVISIONING_FAILED"
        assert number["campaignProvisioning"]["state"] == "WAITING"
        assert number["smsConfiguration"]["scheduledProvisioning"].items() >= {"status": 3, "errorCodes": [16]}.items()
        again = await sinch.changed(PLATFORM_FAILS, **LINKED)
        assert again["smsProvisioning"]["state"] == "FAILED"
        assert len(await sinch.ledger("platform")) == 2


async def test_t_mobile_refuses_a_number_of_another_aggregator() -> None:
    async with driving() as sinch, receiving() as receiver:
        configuration = LINKED | {"migrateToSinchTmo": True}
        number = await sinch.imported(T_MOBILE, smsConfiguration=configuration, callbackUrl=receiver.url)
        assert _told(receiver)[-1] == ("LINK_TO_10DLC_CAMPAIGN", "FAILED", "NUMBER_PROVISIONING_FAILED")
        refusal = number["mnoConfiguration"]["smsTmo"]
        assert (refusal["state"], refusal["errorCode"]) == ("FAILED", "60135")
        assert number["campaignProvisioning"]["errorCode"] == "NUMBER_PROVISIONING_FAILED"
        assert number["smsConfiguration"]["migrateToSinchTmo"] is False


async def test_a_manual_action_delays_the_campaign_link() -> None:
    async with driving() as sinch:
        number = await sinch.imported(SLOW)
        assert number["campaignProvisioning"]["state"] == "IN_PROGRESS"
        await sinch.advance(hours=72)
        assert (await sinch.get(f"/importedNumbers/{SLOW}"))["campaignProvisioning"]["state"] == "DONE"


async def test_a_failure_at_the_end_is_told_although_no_record_is_failed() -> None:
    async with driving() as sinch, receiving() as receiver:
        number = await sinch.imported(HOSTING_FAILS, callbackUrl=receiver.url)
        assert number["campaignProvisioning"]["state"] == "IN_PROGRESS"
        assert _told(receiver)[-1] == ("HOSTING_PROCESS", "FAILED", None)


async def test_the_list_filters_are_demanded_only_when_told_so() -> None:
    async with driving(SimulatorSettings(imported_list_needs_filters=True)) as sinch:
        refused = await sinch.api.get(_path(""))
        assert _fields(refused.json()) == ["servicePlanId", "campaignId"]
        assert (await sinch.get("/importedNumbers", servicePlanId=SERVICE_PLAN, campaignId=""))["totalSize"] == 0


def _path(number: str) -> str:
    return f"{PROJECT}/importedNumbers/{number}".rstrip("/")


def _view(record: dict[str, Any]) -> tuple[str, str, str, str]:
    return record["serviceType"], record["serviceId"], record["type"], record["state"]


def _told(receiver: Receiver) -> list[tuple[str, str, str | None]]:
    return [(event["eventType"], event["status"], event["failureCode"]) for event in receiver.events()]


def _fields(refusal: dict[str, Any]) -> list[str]:
    return [violation["field"] for violation in refusal["details"][0]["fieldViolations"]]
