"""Hosting orders: the LOA and its signer, the records of each number, the end of the order."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator import SimulatorSettings
from tests.simulator.driver import CAMPAIGN, PROJECT, SERVICE_PLAN, direct_loa, driving

NUMBER, OTHER = "+12025550134", "+12025550135"
STUCK, OSR_FAILS, CAMPAIGN_FAILS = "+12025556001", "+12025555001", "+12025557001"
ALL_STEPS_HOURS = 30


async def test_an_order_answers_with_the_whole_order() -> None:
    async with driving() as sinch:
        answer = (await sinch.order(NUMBER, nnid="555123", callbackUrl="http://127.0.0.1:9/x")).json()
        assert (
            answer.items()
            >= {
                "displayName": "shops 0001/1",
                "regionCode": "US",
                "state": "SUBMITTED",
                "type": "TYPE_TEXT_ENABLE",
                "servicePlanId": SERVICE_PLAN,
                "campaignId": CAMPAIGN,
                "callbackUrl": "http://127.0.0.1:9/x",
            }.items()
        )
        assert answer["textEnableInfo"] == {
            "serviceProvider": "Sinch America Inc.",
            "nnid": "555123",
            "loaType": "DIRECT",
            **direct_loa(),
        }
        assert len(answer["hostingOrderId"]) == 26
        assert answer["hostingOrderId"] == answer["hostingOrderId"].lower()
        assert await sinch.get(f"/hostingOrders/{answer['hostingOrderId']}") == answer


async def test_a_direct_loa_is_mailed_and_signed_before_anything_is_provisioned() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER)
        await sinch.advance(hours=1)
        assert await sinch.order_state(hosting_order_id) == "WAITING_FOR_LOA_SIGNATURE"
        (mail,) = (await sinch.look("mails"))["mails"]
        assert mail["to"] == ["ann@example.com"]
        assert NUMBER in mail["text"]
        await sinch.advance(hours=3.9)
        assert await sinch.order_state(hosting_order_id) == "WAITING_FOR_LOA_SIGNATURE"
        assert (await sinch.number_in(hosting_order_id, NUMBER))["osrUpdate"]["state"] == "WAITING"
        await sinch.advance(hours=26.2)
        assert await sinch.order_state(hosting_order_id) in {"IN_PROGRESS", "COMPLETED"}
        assert len(await sinch.ledger("loa_signed")) == 1


async def test_a_blanket_loa_needs_no_signature() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, directLoaInfo=None, blanketLoaInfo={})
        await sinch.advance(hours=1)
        assert await sinch.order_state(hosting_order_id) == "IN_PROGRESS"
        assert (await sinch.look("mails"))["mails"] == []


async def test_the_loa_can_be_shown_under_both_of_its_names() -> None:
    async with driving(SimulatorSettings(order_info_under_both_names=True)) as sinch:
        order = (await sinch.order(NUMBER)).json()
        assert order["hostingOrderInfo"] == order["textEnableInfo"]


async def test_a_reseller_loa_names_the_business() -> None:
    async with driving() as sinch:
        loa = direct_loa() | {"businessName": "Acme, Inc."}
        answer = await sinch.order(NUMBER, directLoaInfo=None, resellerLoaInfo=loa)
        info = answer.json()["textEnableInfo"]
        assert (info["loaType"], info["businessName"]) == ("RESELLER", "Acme, Inc.")


async def test_a_signer_who_declines_ends_the_order() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, directLoaInfo=direct_loa("ann.declines@example.com"))
        await sinch.advance(hours=31)
        assert await sinch.order_state(hosting_order_id) == "REJECTED"
        assert len(await sinch.ledger("loa_declined")) == 1


async def test_a_signer_who_never_signs_can_be_made_to() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, directLoaInfo=direct_loa("never@example.com"))
        await sinch.advance(hours=100 * 24)
        assert await sinch.order_state(hosting_order_id) == "WAITING_FOR_LOA_SIGNATURE"
        await sinch.tell(f"orders/{hosting_order_id}/sign")
        assert await sinch.order_state(hosting_order_id) == "IN_PROGRESS"


async def test_a_slow_signer_takes_twelve_days() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, directLoaInfo=direct_loa("slow@example.com"))
        await sinch.advance(hours=1 + 12 * 24 - 0.1)
        assert await sinch.order_state(hosting_order_id) == "WAITING_FOR_LOA_SIGNATURE"
        await sinch.advance(hours=0.2)
        assert await sinch.order_state(hosting_order_id) == "IN_PROGRESS"


async def test_only_an_order_that_waits_for_it_can_be_signed() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER)
        answer = await sinch.control.post(f"/_sim/orders/{hosting_order_id}/sign")
        assert (answer.status_code, answer.json()["status"]) == (400, "FAILED_PRECONDITION")


async def test_the_records_of_a_number_follow_each_other() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, directLoaInfo=None, blanketLoaInfo={})
        seen = []
        for _ in range(2 * ALL_STEPS_HOURS):
            number = await sinch.number_in(hosting_order_id, NUMBER)
            states = tuple(
                number[record]["state"]
                for record in ("osrUpdate", "platformProvisioning", "campaignProvisioning", "smsTmo", "mmsAtt")
            )
            if states not in seen:
                seen.append(states)
            await sinch.advance(hours=0.5)
        steps = [
            ("WAITING", "WAITING", "WAITING", "WAITING", "WAITING"),
            ("IN_PROGRESS", "WAITING", "WAITING", "WAITING", "WAITING"),
            ("DONE", "IN_PROGRESS", "WAITING", "WAITING", "WAITING"),
            ("DONE", "DONE", "IN_PROGRESS", "WAITING", "WAITING"),
            ("DONE", "DONE", "IN_PROGRESS", "IN_PROGRESS", "WAITING"),
            ("DONE", "DONE", "DONE", "DONE", "DONE"),
        ]
        assert seen == steps
        assert await sinch.order_state(hosting_order_id) == "COMPLETED"


async def test_every_step_of_a_number_renews_the_update_time_of_its_order() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, directLoaInfo=None, blanketLoaInfo={})
        seen = set()
        for _ in range(2 * ALL_STEPS_HOURS):
            seen.add((await sinch.get(f"/hostingOrders/{hosting_order_id}"))["updatedTime"])
            await sinch.advance(hours=0.5)
        steps = ["submission", "start", "OSR update", "platform", "carriers", "end"]
        assert len(seen) == len(steps)
        (completed,) = await sinch.ledger("hosting_order_completed")
        assert max(seen) == completed["time"]


async def test_without_a_campaign_there_is_no_campaign_step() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, campaignId=None, directLoaInfo=None, blanketLoaInfo={})
        await sinch.advance(hours=1 + 8 + 2)
        number = await sinch.number_in(hosting_order_id, NUMBER)
        assert number["campaignProvisioning"] == {"campaignId": "", "state": "STATE_UNSPECIFIED"}
        assert number["smsAtt"]["state"] == "STATE_UNSPECIFIED"
        assert await sinch.order_state(hosting_order_id) == "COMPLETED"


async def test_a_failed_record_leaves_the_later_ones_waiting_and_the_order_completes() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, OSR_FAILS, CAMPAIGN_FAILS, directLoaInfo=None, blanketLoaInfo={})
        await sinch.advance(hours=1 + ALL_STEPS_HOURS)
        assert await sinch.order_state(hosting_order_id) == "COMPLETED"
        failed = await sinch.number_in(hosting_order_id, OSR_FAILS)
        assert failed["osrUpdate"]["state"] == "FAILED"
        assert failed["platformProvisioning"]["state"] == "WAITING"
        assert failed["campaignProvisioning"]["state"] == "WAITING"
        unlinked = await sinch.number_in(hosting_order_id, CAMPAIGN_FAILS)
        assert unlinked["campaignProvisioning"]["state"] == "FAILED"
        assert unlinked["smsTmo"]["state"] == "WAITING"
        report = await sinch.get(f"/hostingOrders/{hosting_order_id}/report")
        assert report == {
            "total": 3,
            "osrUpdated": 2,
            "smsProvisioned": 2,
            "addedToCampaign": 1,
            "ongoingManualAction": 0,
        }


async def test_a_manual_action_is_counted_and_keeps_the_order_in_progress() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER, STUCK, directLoaInfo=None, blanketLoaInfo={})
        await sinch.advance(hours=60 * 24)
        assert await sinch.order_state(hosting_order_id) == "IN_PROGRESS"
        assert (await sinch.get(f"/hostingOrders/{hosting_order_id}/report"))["ongoingManualAction"] == 1


async def test_t_mobile_names_its_error() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered("+12025556135", directLoaInfo=None, blanketLoaInfo={})
        await sinch.advance(hours=1 + ALL_STEPS_HOURS)
        number = await sinch.number_in(hosting_order_id, "+12025556135")
        assert number["smsTmo"].items() >= {"state": "FAILED", "errorCode": "60135"}.items()
        assert number["smsTmo"]["errorMessage"]
        assert number["smsAtt"]["state"] == "DONE"


async def test_no_osr_update_starts_before_its_scheduled_time() -> None:
    async with driving() as sinch:
        scheduled = datetime.now(UTC) + timedelta(days=5)
        hosting_order_id = await sinch.ordered(NUMBER, scheduledOsrUpdateTime=scheduled.isoformat())
        await sinch.advance(hours=5 * 24 - 0.2)
        assert await sinch.order_state(hosting_order_id) == "IN_PROGRESS"
        assert (await sinch.number_in(hosting_order_id, NUMBER))["osrUpdate"]["state"] == "WAITING"
        await sinch.advance(hours=0.4)
        assert (await sinch.number_in(hosting_order_id, NUMBER))["osrUpdate"]["state"] == "IN_PROGRESS"


async def test_a_number_sits_in_one_open_order_at_a_time() -> None:
    async with driving() as sinch:
        first = await sinch.ordered(NUMBER)
        conflict = await sinch.order(OTHER, NUMBER)
        assert (conflict.status_code, conflict.json()["status"]) == (409, "ALREADY_EXISTS")
        assert first in conflict.json()["message"]
        await sinch.tell(f"orders/{first}/reject")
        await sinch.ordered(OTHER, NUMBER)


async def test_a_qualified_number_follows_its_order() -> None:
    async with driving() as sinch:
        await sinch.verified(NUMBER, OSR_FAILS)
        await sinch.ordered(NUMBER, OSR_FAILS, directLoaInfo=None, blanketLoaInfo={})
        assert await sinch.state_of(NUMBER) == "HOSTING_IN_PROGRESS"
        await sinch.advance(hours=1 + ALL_STEPS_HOURS)
        assert (await sinch.get(f"/qualifiedNumbers/{NUMBER}"))["hostedNumber"]["status"] == 1
        failed = (await sinch.get(f"/qualifiedNumbers/{OSR_FAILS}"))["hostedNumber"]
        assert failed == {"status": 2, "error": "The OSR update failed."}


async def test_a_rejected_order_gives_its_numbers_back_and_does_nothing_more() -> None:
    async with driving() as sinch:
        await sinch.verified(NUMBER)
        hosting_order_id = await sinch.ordered(NUMBER, directLoaInfo=None, blanketLoaInfo={})
        await sinch.advance(hours=1)
        await sinch.tell(f"orders/{hosting_order_id}/reject")
        await sinch.advance(hours=ALL_STEPS_HOURS)
        assert await sinch.order_state(hosting_order_id) == "REJECTED"
        assert await sinch.state_of(NUMBER) == "VERIFIED"
        assert await sinch.ledger("osr_update") == []
        answer = await sinch.control.post(f"/_sim/orders/{hosting_order_id}/reject")
        assert answer.status_code == 400


async def test_the_qualified_way_takes_verified_numbers_only() -> None:
    async with driving() as sinch:
        body = {
            "regionCode": "US",
            "numbers": [NUMBER],
            "servicePlanId": SERVICE_PLAN,
            "campaignId": CAMPAIGN,
            "directLoaInfo": direct_loa(),
        }
        path = "/qualifiedNumbers:textEnableNumbers"
        assert (await sinch.post(path, body)).status_code == 404
        await sinch.add(NUMBER)
        refused = await sinch.post(path, body)
        assert (refused.status_code, refused.json()["status"]) == (400, "FAILED_PRECONDITION")
        await sinch.mail_invoices([NUMBER])
        await sinch.advance(hours=6 + 72)
        answer = await sinch.post(path, body)
        assert list(answer.json()) == ["hostingOrderId"]
        assert await sinch.state_of(NUMBER) == "HOSTING_IN_PROGRESS"


@pytest.mark.parametrize(("strict", "expected"), [(False, 200), (True, 404)])
async def test_hosting_orders_ask_for_qualified_numbers_only_when_told_to(strict: bool, expected: int) -> None:
    async with driving(SimulatorSettings(hosting_needs_verification=strict)) as sinch:
        assert (await sinch.order(NUMBER)).status_code == expected


async def test_unknown_orders_and_numbers_are_404() -> None:
    async with driving() as sinch:
        hosting_order_id = await sinch.ordered(NUMBER)
        for path in ("01unknown", "01unknown/report", "01unknown/numbers", f"{hosting_order_id}/numbers/{OTHER}"):
            answer = await sinch.api.get(f"{PROJECT}/hostingOrders/{path}")
            assert (answer.status_code, answer.json()["status"]) == (404, "NOT_FOUND")
