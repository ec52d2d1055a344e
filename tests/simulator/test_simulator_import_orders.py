"""Import orders: no LOA, no OSR update, few numbers at once, and the migration at T-Mobile."""

from typing import Any

import pytest

from simulator import SimulatorSettings
from simulator.outcomes import FAILURE_CODES, PASSING_FAILURE_CODES
from tests.simulator.driver import CAMPAIGN, LINK_HOURS, SERVICE_PLAN, Driver, driving, receiving

NUMBER, OTHER = "+12025550134", "+12025550135"
T_MOBILE = "+12025556135"
LINKED = {"servicePlanId": SERVICE_PLAN, "campaignId": CAMPAIGN}
UNLINKED = {"servicePlanId": "", "campaignId": ""}
CAMPAIGN_CARDS = [(f"70{position:02d}", code) for position, code in enumerate(FAILURE_CODES, start=1)]


async def test_an_import_order_answers_without_loa_and_osr_update() -> None:
    async with driving() as sinch:
        answer = (await sinch.import_order(NUMBER, displayName="shops")).json()
        expected = {"displayName": "shops", "state": "SUBMITTED", "type": "IMPORT", "migrateToSinchTmo": False} | LINKED
        assert answer.items() >= expected.items()
        assert not {"textEnableInfo", "scheduledOsrUpdateTime"} & set(answer)
        assert await sinch.get(f"/hostingOrders/{answer['hostingOrderId']}") == answer


async def test_an_import_order_goes_straight_to_the_platform_and_the_campaign() -> None:
    async with driving() as sinch, receiving() as receiver:
        order = await _import(sinch, NUMBER, OTHER, callbackUrl=receiver.url)
        assert await sinch.order_state(order) == "COMPLETED"
        assert (await sinch.look("mails"))["mails"] == []
        number = await sinch.number_in(order, NUMBER)
        assert number["osrUpdate"] == {"nnid": "", "state": "STATE_UNSPECIFIED"}
        assert number["campaignProvisioning"] == {"campaignId": CAMPAIGN, "state": "DONE"}
        told = [event["eventType"] for event in receiver.events() if event["resourceId"] == NUMBER]
        assert told == ["PROVISIONING_TO_SMS_PLATFORM", "LINK_TO_10DLC_CAMPAIGN", "HOSTING_PROCESS"]
        assert {event["resourceType"] for event in receiver.events()} == {"HOSTING_ORDER_NUMBER"}
        assert (await sinch.get(f"/hostingOrders/{order}/report"))["addedToCampaign"] == 2
        imported = await sinch.get(f"/importedNumbers/{NUMBER}")
        assert imported["smsConfiguration"].items() >= LINKED.items()
        assert await sinch.ledger("osr_update") == []


async def test_import_orders_are_listed_by_their_type() -> None:
    async with driving() as sinch:
        await sinch.import_order(NUMBER)
        await sinch.ordered(OTHER)
        query = LINKED | {"states": "SUBMITTED"}
        assert (await sinch.get("/hostingOrders", **query, type="IMPORT"))["totalSize"] == 1
        assert (await sinch.get("/hostingOrders", **query, type="HOSTING_ORDER_TYPE_UNSPECIFIED"))["totalSize"] == 2


async def test_five_numbers_are_imported_at_once_and_the_limit_is_a_setting() -> None:
    six = [f"+1202555{last}" for last in range(1000, 1006)]
    async with driving() as sinch:
        refused = await sinch.import_order(*six)
        assert _fields(refused.json()) == ["numbers"]
        assert "at most 5" in refused.json()["message"]
        assert (await sinch.import_order(*six[:5])).status_code == 200
    async with driving(SimulatorSettings(numbers_per_import_order=6)) as sinch:
        assert (await sinch.import_order(*six)).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"numbers": []}, "numbers"),
        ({"numbers": ["+46700000000"]}, "numbers[0]"),
        ({"regionCode": "SE"}, "regionCode"),
        ({"servicePlanId": " "}, "servicePlanId"),
        ({"migrateToSinchTmo": "yes"}, "migrateToSinchTmo"),
        ({"projectId": "another"}, "projectId"),
    ],
)
async def test_what_is_wrong_with_an_import_order_is_named(change: dict[str, Any], field: str) -> None:
    async with driving() as sinch:
        refused = await sinch.import_order(NUMBER, **change)
        assert (refused.status_code, _fields(refused.json())) == (400, [field])


async def test_t_mobile_takes_the_number_over_when_the_import_order_says_so() -> None:
    async with driving() as sinch:
        hosted = await sinch.ordered(T_MOBILE, directLoaInfo=None, blanketLoaInfo={}, migrateToSinchTmo=True)
        assert (await sinch.get(f"/hostingOrders/{hosted}"))["migrateToSinchTmo"] is False
        await sinch.advance(hours=31)
        assert (await sinch.number_in(hosted, T_MOBILE))["smsTmo"]["errorCode"] == "60135"
        unchanged = await _import(sinch, T_MOBILE)
        assert (await sinch.number_in(unchanged, T_MOBILE))["smsTmo"]["errorCode"] == "60135"
        migrated = await _import(sinch, T_MOBILE, migrateToSinchTmo=True)
        assert (await sinch.get(f"/hostingOrders/{migrated}"))["migrateToSinchTmo"] is True
        assert (await sinch.number_in(migrated, T_MOBILE))["smsTmo"]["state"] == "DONE"
        imported = await sinch.get(f"/importedNumbers/{T_MOBILE}")
        assert imported["smsConfiguration"]["migrateToSinchTmo"] is True


@pytest.mark.parametrize(
    ("digits", "failure"),
    [("5101", ("platformProvisioning", "FAILED")), ("8001", ("campaignProvisioning", "IN_PROGRESS"))],
)
async def test_cards_apply_to_import_orders(digits: str, failure: tuple[str, str]) -> None:
    record, state = failure
    async with driving() as sinch, receiving() as receiver:
        order = await _import(sinch, f"+1202555{digits}", callbackUrl=receiver.url)
        assert await sinch.order_state(order) == "COMPLETED"
        assert (await sinch.number_in(order, f"+1202555{digits}"))[record]["state"] == state
        end = receiver.events()[-1]
        assert (end["eventType"], end["status"]) == ("HOSTING_PROCESS", "FAILED")
        assert (await sinch.get("/importedNumbers"))["totalSize"] == 0


@pytest.mark.parametrize(("digits", "code"), CAMPAIGN_CARDS)
async def test_a_number_whose_campaign_link_failed_in_an_order_is_imported_and_linked_again(
    digits: str, code: str
) -> None:
    number = f"+1202555{digits}"
    async with driving() as sinch, receiving() as receiver:
        first = await sinch.ordered(number, directLoaInfo=None, blanketLoaInfo={}, callbackUrl=receiver.url)
        await sinch.advance(hours=31)
        assert (await sinch.number_in(first, number))["campaignProvisioning"]["state"] == "FAILED"
        assert [event["failureCode"] for event in receiver.events() if event["failureCode"]] == [code]
        assert (await sinch.order(number)).status_code == 409
        hosted = await sinch.get(f"/importedNumbers/{number}")
        assert hosted["smsConfiguration"].items() >= {"servicePlanId": SERVICE_PLAN, "campaignId": ""}.items()
        assert (hosted["campaignProvisioning"]["errorCode"], hosted["callbackUrl"]) == (code, receiver.url)
        receiver.got.clear()
        linked = await sinch.changed(number, **LINKED)
        passes = code in PASSING_FAILURE_CODES
        assert linked["campaignProvisioning"]["state"] == ("DONE" if passes else "FAILED")
        told = [(event["resourceType"], event["eventType"], event["failureCode"]) for event in receiver.events()]
        assert told == [("IMPORTED_NUMBER", "LINK_TO_10DLC_CAMPAIGN", None if passes else code)]


@pytest.mark.parametrize(("digits", "code"), CAMPAIGN_CARDS)
async def test_a_second_link_succeeds_when_the_failure_was_a_passing_one(digits: str, code: str) -> None:
    number = f"+1202555{digits}"
    async with driving() as sinch:
        first = await sinch.imported(number)
        assert (first["campaignProvisioning"]["state"], first["campaignProvisioning"]["errorCode"]) == ("FAILED", code)
        await sinch.changed(number, **UNLINKED)
        second = await sinch.changed(number, **LINKED)
        passes = code in PASSING_FAILURE_CODES
        assert second["campaignProvisioning"]["state"] == ("DONE" if passes else "FAILED")
        assert second["campaignProvisioning"]["errorCode"] == ("" if passes else code)


async def test_a_failed_campaign_link_can_be_tried_again_without_unlinking() -> None:
    async with driving() as sinch:
        await sinch.imported("+12025557004")
        assert (await sinch.changed("+12025557004", **LINKED))["smsConfiguration"].items() >= LINKED.items()
        assert len(await sinch.ledger("platform")) == 1
        assert [entry["details"]["state"] for entry in await sinch.ledger("campaign")] == ["FAILED", "DONE"]


async def _import(sinch: Driver, *numbers: str, **changes: object) -> str:
    """Submit an import order and let it come to its end."""
    answer = await sinch.import_order(*numbers, **changes)
    assert answer.status_code == 200, answer.text
    await sinch.advance(hours=0.5 + LINK_HOURS)
    hosting_order_id: str = answer.json()["hostingOrderId"]
    return hosting_order_id


def _fields(refusal: dict[str, Any]) -> list[str]:
    return [violation["field"] for violation in refusal["details"][0]["fieldViolations"]]
