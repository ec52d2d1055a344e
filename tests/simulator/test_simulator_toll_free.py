"""Toll-free orders: Zipwhip and its schedule instead of the OSR, no campaign, an LOA to sign."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from simulator import Durations, SimulatorSettings
from simulator.settings import hours
from tests.simulator.driver import SERVICE_PLAN, Driver, direct_loa, driving, receiving

NUMBER, OTHER = "+18335870229", "+18339460473"
ZIPWHIP_FAILS = "+18335555001"
HOSTED, QUALIFIED = "/hostingOrders", "/qualifiedNumbers"
SIGNED_AFTER = SimulatorSettings(durations=Durations(loa_signature=hours(9)))
"""The LOA is mailed after 1 hour and signed 9 hours later."""


async def test_a_toll_free_order_has_no_campaign_step() -> None:
    async with driving() as sinch, receiving() as receiver:
        answer = await _order(sinch, NUMBER, callbackUrl=receiver.url, campaignId="C3O8OGA", migrateToSinchTmo=True)
        order = answer.json()
        assert order.items() >= {"state": "SUBMITTED", "type": "TYPE_TEXT_ENABLE", "migrateToSinchTmo": False}.items()
        assert "campaignId" not in order
        assert order["textEnableInfo"]["loaType"] == "DIRECT"
        await sinch.advance(hours=31 + 10)
        number = await sinch.number_in(order["hostingOrderId"], NUMBER)
        assert number["osrUpdate"]["state"] == number["platformProvisioning"]["state"] == "DONE"
        assert number["campaignProvisioning"] == {"campaignId": "", "state": "STATE_UNSPECIFIED"}
        assert [event["eventType"] for event in receiver.events()] == [
            "OSR_UPDATE",
            "PROVISIONING_TO_SMS_PLATFORM",
            "HOSTING_PROCESS",
        ]
        imported = await sinch.get(f"/importedNumbers/{NUMBER}")
        assert imported["smsConfiguration"].items() >= {"servicePlanId": SERVICE_PLAN, "campaignId": ""}.items()


async def test_a_failed_zipwhip_step_ends_the_number() -> None:
    async with driving() as sinch:
        order = (await _order(sinch, ZIPWHIP_FAILS)).json()["hostingOrderId"]
        await sinch.advance(hours=31 + 10)
        assert await sinch.order_state(order) == "COMPLETED"
        assert (await sinch.number_in(order, ZIPWHIP_FAILS))["osrUpdate"]["state"] == "FAILED"


async def test_zipwhip_waits_for_its_scheduled_time() -> None:
    async with driving(SIGNED_AFTER) as sinch:
        order = await _scheduled(sinch, timedelta(hours=30))
        assert await _starts_after(sinch, order) == pytest.approx(30, abs=0.6)


async def test_an_loa_signed_too_late_moves_zipwhip_to_the_same_time_of_the_next_day() -> None:
    async with driving(SIGNED_AFTER) as sinch:
        order = await _scheduled(sinch, timedelta(hours=9))
        assert await _starts_after(sinch, order) == pytest.approx(9 + 24, abs=0.6)


async def test_an_loa_signed_days_too_late_moves_zipwhip_to_the_next_such_time() -> None:
    async with driving(SIGNED_AFTER) as sinch:
        order = await _scheduled(sinch, timedelta(days=-3, hours=12))
        assert await _starts_after(sinch, order) == pytest.approx(12, abs=0.6)


async def test_the_scheduled_time_may_stand_in_the_loa_as_in_the_sample_of_sinch() -> None:
    async with driving(SIGNED_AFTER) as sinch:
        scheduled = (datetime.now(UTC) + timedelta(hours=30)).isoformat()
        inside = {"scheduledZipwhipProvisioningTime": scheduled, "migrateToSinchTmo": True}
        reseller = direct_loa() | {"businessName": "Acme, Inc."} | inside
        for answer in (
            await _order(sinch, NUMBER, directLoaInfo=direct_loa() | inside),
            await _order(sinch, OTHER, directLoaInfo=None, resellerLoaInfo=reseller),
        ):
            assert answer.status_code == 200
        await sinch.advance(hours=29.5)
        assert await sinch.ledger("osr_update") == []
        assert len(await sinch.ledger("loa_signed")) == 2
        await sinch.advance(hours=8.6)
        assert len(await sinch.ledger("osr_update")) == 2


async def test_a_reseller_signs_for_toll_free_numbers_too() -> None:
    async with driving() as sinch:
        loa = direct_loa() | {"businessName": "Acme, Inc."}
        order = (await _order(sinch, NUMBER, directLoaInfo=None, resellerLoaInfo=loa)).json()
        assert (order["textEnableInfo"]["loaType"], order["textEnableInfo"]["businessName"]) == (
            "RESELLER",
            "Acme, Inc.",
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"numbers": [NUMBER, "+12025550134"]}, "numbers[1]"),
        ({"numbers": [NUMBER, NUMBER]}, "numbers"),
        ({"numbers": [f"+1833555{last:04d}" for last in range(501)]}, "numbers"),
        ({"projectId": "another"}, "projectId"),
        ({"directLoaInfo": None}, "body"),
        ({"directLoaInfo": None, "blanketLoaInfo": {}}, "body"),
        ({"resellerLoaInfo": direct_loa() | {"businessName": "Acme, Inc."}}, "body"),
        ({"scheduledZipwhipProvisioningTime": "tomorrow"}, "scheduledZipwhipProvisioningTime"),
    ],
)
async def test_what_is_wrong_with_a_toll_free_order_is_named(change: dict[str, Any], field: str) -> None:
    async with driving() as sinch:
        refused = await _order(sinch, NUMBER, **change)
        assert (refused.status_code, _fields(refused.json())) == (400, [field])


async def test_the_qualified_way_takes_verified_numbers_only_and_answers_with_the_order() -> None:
    async with driving() as sinch:
        assert (await _order(sinch, NUMBER, where=QUALIFIED)).status_code == 404
        await sinch.verified(NUMBER)
        answer = await _order(sinch, NUMBER, where=QUALIFIED)
        assert answer.json()["state"] == "SUBMITTED"
        assert await sinch.state_of(NUMBER) == "HOSTING_IN_PROGRESS"
        assert (await _order(sinch, NUMBER)).status_code == 409


async def _order(sinch: Driver, *numbers: str, where: str = HOSTED, **changes: object) -> httpx.Response:
    body: dict[str, object] = {"regionCode": "US", "numbers": numbers, "servicePlanId": SERVICE_PLAN}
    body |= {"directLoaInfo": direct_loa()} | changes
    body = {name: value for name, value in body.items() if value is not None}
    return await sinch.post(f"{where}:textEnableTollFreeNumbers", body)


async def _scheduled(sinch: Driver, after: timedelta) -> str:
    scheduled = (datetime.now(UTC) + after).isoformat()
    answer = await _order(sinch, NUMBER, scheduledZipwhipProvisioningTime=scheduled)
    hosting_order_id: str = answer.json()["hostingOrderId"]
    return hosting_order_id


async def _starts_after(sinch: Driver, hosting_order_id: str) -> float:
    """After how many hours the Zipwhip step begins, to the half hour."""
    passed = 0.0
    while (await sinch.number_in(hosting_order_id, NUMBER))["osrUpdate"]["state"] == "WAITING":
        await sinch.advance(hours=0.5)
        passed += 0.5
    return passed


def _fields(refusal: dict[str, Any]) -> list[str]:
    return [violation["field"] for violation in refusal["details"][0]["fieldViolations"]]
