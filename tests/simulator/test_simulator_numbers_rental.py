"""Renting a number, paying for it, listing it, and giving it back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator import SimulatorSettings
from simulator.settings import LOCAL_PROJECT_ID
from tests.simulator.driver import PROJECT, SERVICE_PLAN
from tests.simulator.numbers_driver import DAY_HOURS, SMS, NumbersDriver, driving_numbers, missing, refused, taken

NUMBER = "+12085550134"
MONTH_HOURS = 31 * DAY_HOURS


async def test_a_rented_number_is_active_and_paid_for() -> None:
    async with driving_numbers() as sinch:
        number = await sinch.rented(NUMBER)
        assert await sinch.active(NUMBER) == number
        assert (number["phoneNumber"], number["projectId"]) == (NUMBER, LOCAL_PROJECT_ID)
        assert number["money"] == {"currencyCode": "USD", "amount": "1.00"}
        assert number["smsConfiguration"] == {"servicePlanId": "", "campaignId": ""}
        assert (number["displayName"], number["callbackUrl"], number["expireAt"]) == ("", "", None)
        (entry,) = await sinch.ledger("number_rented")
        assert entry["subject"] == NUMBER
        assert entry["details"]["paid"] == {"currencyCode": "USD", "amount": "1.50"}


async def test_a_number_can_be_rented_once() -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER)
        missing(await sinch.rent(NUMBER), NUMBER)
        assert len(await sinch.ledger("number_rented")) == 1


async def test_a_number_on_offer_may_be_gone_when_it_is_to_be_rented() -> None:
    async with driving_numbers() as sinch:
        asked = {"numberPattern.pattern": "+12085559001", "numberPattern.searchPattern": "START"}
        (offer,) = await sinch.search(**asked)
        missing(await sinch.rent(offer["phoneNumber"]), offer["phoneNumber"])
        assert await sinch.search(**asked) == []
        assert await sinch.ledger("number_rented") == []


async def test_any_number_that_matches_can_be_rented() -> None:
    async with driving_numbers() as sinch:
        pattern = {"pattern": "+1617", "searchPattern": "START"}
        first, second = [taken(await sinch.rent_any(numberPattern=pattern, capabilities=["SMS"])) for _ in range(2)]
        assert first["phoneNumber"].startswith("+1617")
        assert first["phoneNumber"] != second["phoneNumber"]
        assert taken(await sinch.rent_any())["type"] == "LOCAL"
        missing(await sinch.rent_any(numberPattern={"pattern": "+1999", "searchPattern": "START"}), "+1999")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"regionCode": "CA"}, "type"),
        ({"type": "TOLL_FREE"}, "type"),
        ({"type": "LANDLINE"}, "type"),
        ({"regionCode": None}, "regionCode"),
        ({"capabilities": ["FAX"]}, "capabilities[0]"),
        ({"numberPattern": {"pattern": "12a"}}, "numberPattern.pattern"),
        ({"numberPattern": {"pattern": "1", "searchPattern": "CONTAIN"}}, "numberPattern.searchPattern"),
    ],
)
async def test_any_number_is_rented_in_the_us_and_of_type_local_only(body: dict[str, Any], field: str) -> None:
    async with driving_numbers() as sinch:
        refused(await sinch.rent_any(**body), field)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"smsConfiguration": {}}, "smsConfiguration.servicePlanId"),
        ({"smsConfiguration": {"servicePlanId": ""}}, "smsConfiguration.servicePlanId"),
        ({"smsConfiguration": {"campaignId": "C3O8OGA"}}, "smsConfiguration.servicePlanId"),
        ({"smsConfiguration": SMS, "voiceConfiguration": {}}, "voiceConfiguration.appId"),
        ({"voiceConfiguration": {"appId": ""}}, "voiceConfiguration"),
        ({"callbackUrl": "not a URL"}, "callbackUrl"),
    ],
)
async def test_an_empty_configuration_object_is_refused_and_nothing_rented(body: dict[str, Any], field: str) -> None:
    async with driving_numbers() as sinch:
        refused(await sinch.rent(NUMBER, **body), field)
        assert (await sinch.get("/activeNumbers"))["totalSize"] == 0
        assert await sinch.get(f"/availableNumbers/{NUMBER}")


async def test_a_number_that_needs_documents_is_not_rented_without_them() -> None:
    async with driving_numbers() as sinch:
        (offer,) = await sinch.search(regionCode="GB", size=1)
        assert offer["supportingDocumentationRequired"]
        refused(await sinch.rent(offer["phoneNumber"]), "phoneNumber")


async def test_a_rent_whose_answer_was_lost_took_effect_once() -> None:
    async with driving_numbers() as sinch:
        await sinch.tell("faults", {"operation": "NumberService_RentNumber", "kind": "status_after_commit"})
        answer = await sinch.rent(NUMBER, smsConfiguration=SMS)
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, 500)
        missing(await sinch.rent(NUMBER, smsConfiguration=SMS), NUMBER)
        assert (await sinch.active(NUMBER))["phoneNumber"] == NUMBER
        assert len(await sinch.ledger("number_rented")) == 1


async def test_a_number_is_charged_for_every_month() -> None:
    async with driving_numbers() as sinch:
        first = (await sinch.rented(NUMBER))["nextChargeDate"]
        assert await sinch.ledger("number_charged") == []
        await sinch.advance(hours=2 * MONTH_HOURS)
        charges = await sinch.ledger("number_charged")
        assert [charge["details"]["paid"]["amount"] for charge in charges] == ["1.00", "1.00"]
        assert charges[0]["time"] == first
        assert (await sinch.active(NUMBER))["nextChargeDate"] > charges[1]["time"]


async def test_a_month_that_begins_on_the_31st_ends_on_the_last_day_of_february() -> None:
    async with driving_numbers() as sinch:
        now = datetime.fromisoformat((await sinch.look("clock"))["now"])
        last_of_january = datetime(now.year + 1, 1, 31, 12, tzinfo=UTC)
        await sinch.advance(hours=(last_of_january - now) / timedelta(hours=1))
        charged = datetime.fromisoformat((await sinch.rented(NUMBER))["nextChargeDate"])
        assert charged.month == 2
        assert (charged + timedelta(days=1)).month == 3


async def test_a_released_number_stays_until_the_month_that_is_paid_for_ends() -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER)
        released = taken(await sinch.post(f"/activeNumbers/{NUMBER}:release"))
        assert released["expireAt"] == released["nextChargeDate"]
        assert taken(await sinch.post(f"/activeNumbers/{NUMBER}:release")) == released
        assert len(await sinch.ledger("number_released")) == 1
        await sinch.advance(hours=27 * DAY_HOURS)
        assert await sinch.active(NUMBER) == released
        await sinch.advance(hours=5 * DAY_HOURS)
        missing(await sinch.post(f"/activeNumbers/{NUMBER}:release"), NUMBER)
        missing(await sinch.rent(NUMBER), NUMBER)
        (expired,) = await sinch.ledger("number_expired")
        assert expired["time"] == released["expireAt"]
        assert await sinch.ledger("number_charged") == []


async def test_an_update_changes_what_it_names() -> None:
    async with driving_numbers() as sinch:
        before = await sinch.rented(NUMBER, callbackUrl="https://example.com/a")
        named = taken(await sinch.update(NUMBER, displayName="shop"))
        assert named == before | {"displayName": "shop"}
        assert taken(await sinch.update(NUMBER, callbackUrl=""))["callbackUrl"] == ""
        assert taken(await sinch.update(NUMBER)) == named | {"callbackUrl": ""}
        assert len(await sinch.ledger("number_updated")) == 3
        missing(await sinch.update("+12085550135", displayName="shop"), "+12085550135")


NUMBERS = {
    "+12085550101": "delta",
    "+12065550102": "alpha",
    "+18335550103": "charlie",
    "+14165550104": "bravo",
    "+46701740105": "alpha",
}


async def _renting_all(sinch: NumbersDriver) -> None:
    for number, name in NUMBERS.items():
        await sinch.rented(number)
        await sinch.update(number, displayName=name)


async def _listed(sinch: NumbersDriver, **query: object) -> list[str]:
    """The numbers of all pages, each page being as `query` says."""
    numbers: list[str] = []
    token = ""
    while True:
        page = await sinch.get("/activeNumbers", **query, pageToken=token)
        numbers += [number["phoneNumber"] for number in page["activeNumbers"]]
        token = page["nextPageToken"]
        if not token:
            assert page["totalSize"] == len(numbers)
            return numbers


async def test_active_numbers_are_listed_by_filters() -> None:
    async with driving_numbers() as sinch:
        await _renting_all(sinch)
        assert await _listed(sinch) == list(NUMBERS)
        assert await _listed(sinch, regionCode="US") == ["+12085550101", "+12065550102", "+18335550103"]
        assert await _listed(sinch, type="LOCAL", regionCode="US") == ["+12085550101", "+12065550102"]
        assert await _listed(sinch, capability="VOICE", type="MOBILE") == []
        assert await _listed(sinch, capabilities="SMS", type="MOBILE") == ["+46701740105"]
        pattern = {"numberPattern.pattern": "+1208", "numberPattern.searchPattern": "START"}
        assert await _listed(sinch, **pattern) == ["+12085550101"]


async def test_active_numbers_are_listed_page_by_page_in_the_order_asked_for() -> None:
    async with driving_numbers() as sinch:
        await _renting_all(sinch)
        assert await _listed(sinch, pageSize=2, orderBy="phoneNumber") == sorted(NUMBERS)
        by_name = [number for number, _ in sorted(NUMBERS.items(), key=lambda item: item[1])]
        assert await _listed(sinch, pageSize=1, orderBy="displayName") == by_name
        token = (await sinch.get("/activeNumbers", pageSize=2))["nextPageToken"]
        for wrong in ({"orderBy": "createdTime"}, {"pageSize": "x"}, {"pageToken": "x"}):
            refused(await sinch.api.get(f"{PROJECT}/activeNumbers", params=wrong), next(iter(wrong)))
        other_list = {"pageToken": token, "orderBy": "phoneNumber"}
        refused(await sinch.api.get(f"{PROJECT}/activeNumbers", params=other_list), "pageToken")


async def test_the_list_of_active_numbers_can_demand_its_filters() -> None:
    async with driving_numbers(SimulatorSettings(active_list_needs_filters=True)) as sinch:
        refused(await sinch.api.get(f"{PROJECT}/activeNumbers", params={"regionCode": "US"}), "type")
        assert await _listed(sinch, regionCode="US", type="LOCAL") == []


async def test_the_ledger_tells_what_an_update_asked_for() -> None:
    async with driving_numbers() as sinch:
        await sinch.rented(NUMBER)
        await sinch.update(NUMBER, smsConfiguration={"servicePlanId": SERVICE_PLAN})
        (entry,) = await sinch.ledger("number_updated")
        assert entry["details"] == {"smsConfiguration": {"servicePlanId": SERVICE_PLAN}}
