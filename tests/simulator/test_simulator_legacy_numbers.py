"""The simulated legacy shop and applications: what is reserved, paid, rented, assigned, and overwritten."""

import pytest

from tests.simulator.legacy_driver import (
    APPLICATION,
    ORGANISATION,
    OTHER_APPLICATION,
    SHOP,
    LegacyDriver,
    driving_legacy,
    refused,
)

SMS, VOICE = f"{APPLICATION}/sms", f"{APPLICATION}/voice"


async def available(legacy: LegacyDriver, group_id: int = 75) -> int:
    groups = {group["groupId"]: group for group in await legacy.get(SHOP)}
    availability: int = groups[group_id]["availability"]
    return availability


async def test_the_shop_shows_groups_as_documented() -> None:
    async with driving_legacy() as legacy:
        assert {
            "groupId": 75,
            "country": "US",
            "countryId": "US",
            "city": "New Orleans",
            "type": "Sms",
            "availability": 5,
            "areaCode": "504",
            "cost": {"amount": 2.0, "currencyId": "USD"},
        } in await legacy.get(SHOP)


async def test_a_reservation_keeps_numbers_for_fifteen_minutes() -> None:
    async with driving_legacy() as legacy:
        reference_id = await legacy.reserve(75, 2)
        assert await available(legacy) == 3
        await legacy.driver.advance(hours=0.24)
        assert await available(legacy) == 3
        await legacy.driver.advance(hours=0.02)
        assert await available(legacy) == 5
        assert refused(await legacy.check_out(reference_id)) == (404, 40400)
        assert [one["subject"] for one in await legacy.driver.ledger("legacy_reservation_expired")] == [reference_id]


async def test_what_is_checked_out_does_not_come_back_to_the_shop() -> None:
    async with driving_legacy() as legacy:
        reference_id = await legacy.reserve(75, 2)
        answer = await legacy.check_out(reference_id)
        assert (answer.status_code, answer.content) == (204, b"")
        await legacy.driver.advance(hours=1)
        assert await available(legacy) == 3
        assert refused(await legacy.check_out(reference_id)) == (404, 40400)
        assert len(await legacy.get(ORGANISATION)) == 2


async def test_a_rented_number_is_shown_as_documented() -> None:
    async with driving_legacy() as legacy:
        [number] = await legacy.rent(75, 1)
        [shown] = await legacy.get(ORGANISATION)
        expires = shown.pop("expires")
        assert expires.endswith("+00:00")
        assert shown == {
            "number": number,
            "groupId": 75,
            "capabilities": ["sms"],
            "countryId": "US",
            "city": "New Orleans",
            "country": "US",
            "areaCode": "504",
            "cost": {"amount": 2.0, "currencyId": "USD"},
        }
        await legacy.put(SMS, {"numbers": [number]})
        [shown] = await legacy.get(ORGANISATION)
        assert shown["applicationKey"] in APPLICATION


async def test_a_checkout_takes_its_price_from_the_credit_number_by_number() -> None:
    async with driving_legacy() as legacy:
        await legacy.rent(80, 3)
        assert (await legacy.driver.look("legacy/organisations/8888123"))["credit"] == "995.50"
        rented = await legacy.driver.ledger("legacy_number_rented")
        assert [entry["subject"] for entry in rented] == ["+14045550000", "+14045550001", "+14045550002"]
        assert {entry["details"]["cost"] for entry in rented} == {"1.50"}


async def test_a_checkout_of_several_reservations_is_all_or_nothing() -> None:
    async with driving_legacy() as legacy:
        await legacy.driver.tell("legacy/organisations/8888123", {"credit": 3})
        one, two = await legacy.reserve(75, 1), await legacy.reserve(13, 1)
        assert refused(await legacy.check_out(one, two)) == (402, 40200)
        assert refused(await legacy.check_out(one, "unknown")) == (404, 40400)
        assert await legacy.get(ORGANISATION) == []
        assert (await legacy.driver.look("legacy/organisations/8888123"))["credit"] == "3"
        assert (await legacy.check_out(one)).status_code == 204


async def test_without_accounting_nothing_can_be_rented() -> None:
    async with driving_legacy() as legacy:
        shown = await legacy.driver.tell("legacy/organisations/8888123", {"accounting": False})
        assert shown["accounting"] is False
        assert refused(await legacy.check_out(await legacy.reserve(75, 1))) == (422, 42200)
        assert await legacy.driver.ledger("legacy_number_rented") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"quantity": 1}, 40002),
        ({"groupId": [], "quantity": 1}, 40002),
        ({"groupId": 75}, 40002),
        ({"groupId": [13, 75], "quantity": 1}, 40003),
        ({"groupId": 99, "quantity": 1}, 40003),
        ({"groupId": "75", "quantity": 1}, 40003),
        ({"groupId": 75, "quantity": 0}, 40003),
        ({"groupId": 75, "quantity": 6}, 40003),
        ([75], 40003),
    ],
    ids=str,
)
async def test_a_reservation_that_makes_no_sense_is_refused(body: object, code: int) -> None:
    async with driving_legacy() as legacy:
        assert refused(await legacy.put(SHOP, body)) == (400, code)
        assert await legacy.driver.ledger("legacy_reservation") == []


async def test_a_checkout_of_nothing_is_refused() -> None:
    async with driving_legacy() as legacy:
        assert refused(await legacy.check_out()) == (400, 40002)
        assert refused(await legacy.send("POST", SHOP, b"no JSON")) == (400, 40003)


async def test_the_numbers_of_an_application_are_overwritten_capability_by_capability() -> None:
    async with driving_legacy() as legacy:
        one, two = await legacy.rent(75, 2)
        [voice] = await legacy.rent(13, 1)
        assert [shown["number"] for shown in (await legacy.put(SMS, {"numbers": [one]})).json()] == [one]
        await legacy.put(VOICE, {"numbers": [voice]})
        assert [shown["number"] for shown in (await legacy.put(SMS, {"numbers": [two]})).json()] == [two]
        assert await legacy.numbers_of(APPLICATION) == [two, voice]
        assigned = await legacy.driver.ledger("legacy_number_assigned")
        assert [entry["subject"] for entry in assigned] == [f"+{one}", f"+{voice}", f"+{two}"]
        [unassigned] = await legacy.driver.ledger("legacy_number_unassigned")
        assert unassigned["subject"] == f"+{one}"


async def test_the_same_list_again_has_no_effect() -> None:
    async with driving_legacy() as legacy:
        numbers = await legacy.rent(75, 2)
        for _ in range(2):
            assert (await legacy.put(SMS, {"numbers": numbers})).status_code == 200
        assert len(await legacy.driver.ledger("legacy_number_assigned")) == 2
        assert await legacy.driver.ledger("legacy_number_unassigned") == []


async def test_a_number_of_another_application_moves() -> None:
    async with driving_legacy() as legacy:
        [number] = await legacy.rent(75, 1)
        await legacy.put(SMS, {"numbers": [number]})
        await legacy.put(f"{OTHER_APPLICATION}/sms", {"numbers": [number]})
        assert (await legacy.numbers_of(APPLICATION), await legacy.numbers_of(OTHER_APPLICATION)) == ([], [number])


async def test_a_list_that_cannot_be_is_refused_and_the_old_one_stays() -> None:
    async with driving_legacy() as legacy:
        [number] = await legacy.rent(75, 1)
        [voice] = await legacy.rent(13, 1)
        await legacy.put(SMS, {"numbers": [number]})
        for body, refusal in (
            ({"numbers": [number, voice]}, (400, 40003)),
            ({"numbers": [19995550100]}, (400, 40003)),
            ({"numbers": [f"+{number}"]}, (400, 40003)),
            ({}, (400, 40002)),
        ):
            assert refused(await legacy.put(SMS, body)) == refusal
        assert refused(await legacy.put(f"{APPLICATION}/fax", {"numbers": []})) == (400, 40001)
        assert refused(await legacy.put("/v1/applications/key/x/numbers/sms", {"numbers": []})) == (404, 40400)
        assert await legacy.numbers_of(APPLICATION) == [number]


async def test_the_capability_in_the_path_may_be_written_as_in_the_shop() -> None:
    async with driving_legacy() as legacy:
        assert (await legacy.put(f"{APPLICATION}/Sms", {"numbers": []})).status_code == 200


async def test_a_number_is_unassigned_and_stays_rented() -> None:
    async with driving_legacy() as legacy:
        [number] = await legacy.rent(75, 1)
        await legacy.put(SMS, {"numbers": [number]})
        for _ in range(2):
            assert (await legacy.send("DELETE", f"{APPLICATION}/{number}")).status_code == 204
        assert await legacy.numbers_of(APPLICATION) == []
        assert len(await legacy.get(ORGANISATION)) == 1
        assert len(await legacy.driver.ledger("legacy_number_unassigned")) == 1
        assert refused(await legacy.send("DELETE", f"{APPLICATION}/sms")) == (400, 40003)
        assert refused(await legacy.send("DELETE", f"{APPLICATION}/19995550100")) == (400, 40003)
        assert refused(await legacy.send("DELETE", "/v1/applications/key/x/numbers/1")) == (404, 40400)


async def test_somebody_else_overwrites_the_list_now_or_right_after_the_next_change() -> None:
    async with driving_legacy() as legacy:
        one, two = await legacy.rent(75, 2)
        rival = f"legacy/applications/{APPLICATION.split('/')[4]}/numbers/sms"
        await legacy.driver.tell(rival, {"numbers": [one]})
        assert await legacy.numbers_of(APPLICATION) == [one]
        await legacy.driver.tell(rival, {"numbers": [one], "after_next_change": True})
        assert await legacy.numbers_of(APPLICATION) == [one]
        assert [shown["number"] for shown in (await legacy.put(SMS, {"numbers": [two]})).json()] == [two]
        assert await legacy.numbers_of(APPLICATION) == [one]
        await legacy.put(SMS, {"numbers": [two]})
        assert await legacy.numbers_of(APPLICATION) == [two]


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("organisations/1", {}, 404),
        ("organisations/8888123", {"credit": -1}, 400),
        ("organisations/8888123", {"colour": "red"}, 400),
        ("applications/unknown/numbers/sms", {"numbers": []}, 404),
        ("applications/unknown/numbers/fax", {"numbers": []}, 400),
        ("applications/unknown/numbers/sms", {"numbers": ["x"]}, 400),
    ],
)
async def test_a_control_request_that_cannot_be_is_refused(what: str, body: object, status: int) -> None:
    async with driving_legacy() as legacy:
        answer = await legacy.driver.control.post(f"/_sim/legacy/{what}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, str(status))
