"""Lists and validation: filters, pages, and which envelope a refusal comes in."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.simulator.driver import CAMPAIGN, PROJECT, SERVICE_PLAN, Driver, direct_loa, driving

NUMBERS = [f"+1202555{last:04d}" for last in range(1000, 1045)]
ALL_ORDERS = {
    "states": "HOSTING_ORDER_STATE_UNSPECIFIED",
    "type": "HOSTING_ORDER_TYPE_UNSPECIFIED",
    "servicePlanId": SERVICE_PLAN,
    "campaignId": CAMPAIGN,
}
ALL_NUMBERS = {"states": "GLOBAL_PROCESS_STATE_UNSPECIFIED"}


@pytest.fixture(scope="module")
async def refusing() -> AsyncIterator[Driver]:
    """A simulator for requests that change nothing."""
    async with driving() as sinch:
        yield sinch


async def test_pages_show_every_number_once_in_the_order_of_creation() -> None:
    async with driving() as sinch:
        await sinch.add(*NUMBERS)
        first = await sinch.get("/qualifiedNumbers", **ALL_NUMBERS)
        assert len(first["qualifiedNumbers"]) == 20
        assert first["totalSize"] == len(NUMBERS)
        pages = await _pages(sinch, "/qualifiedNumbers", "qualifiedNumbers", **ALL_NUMBERS, pageSize=15)
        assert [len(page) for page in pages] == [15, 15, 15]
        assert [number["phoneNumber"] for page in pages for number in page] == NUMBERS


async def test_the_page_size_is_capped() -> None:
    async with driving() as sinch:
        for start in range(0, 1100, 500):
            numbers = [f"+1302555{last:04d}" for last in range(start, min(start + 500, 1100))]
            await sinch.add(*numbers)
        page = await sinch.get("/qualifiedNumbers", **ALL_NUMBERS, pageSize=5000)
        assert len(page["qualifiedNumbers"]) == 1000


async def test_numbers_added_between_two_pages_are_neither_repeated_nor_hidden() -> None:
    async with driving() as sinch:
        await sinch.add(*NUMBERS[:20])
        first = await sinch.get("/qualifiedNumbers", **ALL_NUMBERS, pageSize=15)
        await sinch.add(*NUMBERS[20:30])
        second = await sinch.get("/qualifiedNumbers", **ALL_NUMBERS, pageToken=first["nextPageToken"], pageSize=20)
        shown = [number["phoneNumber"] for page in (first, second) for number in page["qualifiedNumbers"]]
        assert shown == NUMBERS[:30]
        assert second["nextPageToken"] == ""


async def test_numbers_deleted_between_two_pages_hide_no_other() -> None:
    async with driving() as sinch:
        await sinch.add(*NUMBERS[:30])
        first = await sinch.get("/qualifiedNumbers", **ALL_NUMBERS, pageSize=15)
        for number in (NUMBERS[3], NUMBERS[14], NUMBERS[20]):
            await sinch.delete(f"/qualifiedNumbers/{number}")
        second = await sinch.get("/qualifiedNumbers", **ALL_NUMBERS, pageToken=first["nextPageToken"], pageSize=20)
        assert _phone_numbers(second) == [*NUMBERS[15:20], *NUMBERS[21:30]]


async def test_qualified_numbers_are_filtered_by_state_and_region() -> None:
    async with driving() as sinch:
        await sinch.add("+12025550134", "+14165550134", "+12025554001")
        await sinch.advance(hours=6)
        eligible = "GLOBAL_PROCESS_STATE_ELIGIBLE"
        page = await sinch.get("/qualifiedNumbers", states=eligible)
        assert _phone_numbers(page) == ["+12025550134", "+14165550134"]
        assert page["totalSize"] == 2
        page = await sinch.get("/qualifiedNumbers", states=eligible, regionCode="CA")
        assert (_phone_numbers(page), page["totalSize"]) == (["+14165550134"], 1)
        joined = f"{eligible},GLOBAL_PROCESS_STATE_NOT_ELIGIBLE"
        assert (await sinch.get("/qualifiedNumbers", states=joined))["totalSize"] == 3
        repeated = await sinch.api.get(
            f"{PROJECT}/qualifiedNumbers", params={"states": [eligible, "GLOBAL_PROCESS_STATE_NOT_ELIGIBLE"]}
        )
        assert repeated.json()["totalSize"] == 3


async def test_numbers_can_be_listed_by_their_last_update() -> None:
    async with driving() as sinch:
        await sinch.add("+12025550134", "+12025550135")
        await sinch.advance(hours=6)
        await sinch.mail_invoices(["+12025550134"])
        pages = await _pages(
            sinch, "/qualifiedNumbers", "qualifiedNumbers", **ALL_NUMBERS, orderBy="updatedTime", pageSize=1
        )
        assert [page[0]["phoneNumber"] for page in pages] == ["+12025550135", "+12025550134"]


async def test_orders_are_found_by_their_four_filters() -> None:
    async with driving() as sinch:
        first = await sinch.ordered(NUMBERS[0], displayName="one")
        await sinch.ordered(NUMBERS[1], displayName="two", campaignId=None)
        await sinch.ordered(NUMBERS[2], displayName="three", servicePlanId="another")
        assert await _display_names(sinch) == ["one"]
        assert await _display_names(sinch, campaignId="") == ["two"]
        assert await _display_names(sinch, servicePlanId="another") == ["three"]
        assert await _display_names(sinch, type="TYPE_TEXT_ENABLE") == ["one"]
        assert await _display_names(sinch, type="IMPORT") == []
        assert await _display_names(sinch, states="SUBMITTED,REJECTED") == ["one"]
        assert await _display_names(sinch, states="COMPLETED") == []
        assert await _display_names(sinch, regionCode="CA") == []
        await sinch.tell(f"orders/{first}/reject")
        assert await _display_names(sinch, states="SUBMITTED") == []
        assert await _display_names(sinch, states="SUBMITTED,REJECTED") == ["one"]


async def test_orders_come_in_pages() -> None:
    async with driving() as sinch:
        for position, number in enumerate(NUMBERS[:5]):
            await sinch.ordered(number, displayName=f"order {position}")
        pages = await _pages(sinch, "/hostingOrders", "hostingOrders", **ALL_ORDERS, pageSize=2)
        assert [order["displayName"] for page in pages for order in page] == [f"order {n}" for n in range(5)]
        assert [len(page) for page in pages] == [2, 2, 1]


async def test_imported_numbers_are_found_by_plan_campaign_region_and_pattern() -> None:
    async with driving() as sinch:
        await sinch.imported("+12025550134")
        await sinch.import_number("+12065550135", smsConfiguration={"servicePlanId": SERVICE_PLAN})
        await sinch.import_number("+14165550136", regionCode="CA", smsConfiguration={"servicePlanId": "another"})

        async def found(**query: str) -> list[str]:
            page = await sinch.get("/importedNumbers", **query)
            assert page["totalSize"] == len(page["importedNumbers"])
            return [number["phoneNumber"][-3:] for number in page["importedNumbers"]]

        assert await found() == ["134", "135", "136"]
        assert await found(servicePlanId=SERVICE_PLAN) == ["134", "135"]
        assert await found(servicePlanId=SERVICE_PLAN, campaignId=CAMPAIGN) == ["134"]
        assert await found(campaignId="") == ["135", "136"]
        assert await found(regionCode="CA") == ["136"]
        pattern, place = "numberPattern.pattern", "numberPattern.searchPattern"
        assert await found(**{pattern: "+1206", place: "START"}) == ["135"]
        assert await found(**{pattern: "1206", place: "START"}) == []
        assert await found(**{pattern: "0136", place: "END"}) == ["136"]
        assert await found(**{pattern: "0255", place: "CONTAIN"}) == ["134"]
        pages = await _pages(sinch, "/importedNumbers", "importedNumbers", pageSize=2, orderBy="updatedTime")
        assert [len(page) for page in pages] == [2, 1]
        await sinch.change("+12025550134", servicePlanId="", campaignId="")
        await sinch.advance(hours=2)
        assert await found(servicePlanId=SERVICE_PLAN) == ["135"]
        assert await found(servicePlanId="", campaignId="") == ["134"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("numberPattern.pattern", " 1206"),
        ("numberPattern.pattern", "+1 206"),
        ("numberPattern.searchPattern", "CONTAINS"),
        ("regionCode", "SE"),
        ("orderBy", "phoneNumber"),
        ("pageToken", "made here"),
    ],
)
async def test_a_malformed_filter_of_imported_numbers_is_named(refusing: Driver, parameter: str, value: str) -> None:
    answer = await refusing.api.get(f"{PROJECT}/importedNumbers", params={parameter: value})
    assert (answer.status_code, _fields(answer.json())) == (400, [parameter])


async def test_numbers_of_an_order_are_filtered_by_their_records() -> None:
    async with driving() as sinch:
        numbers = ["+12025550134", "+12025555001", "+12025555101", "+12025557001"]
        order = await sinch.ordered(*numbers, directLoaInfo=None, blanketLoaInfo={})
        await sinch.advance(hours=31)
        path = f"/hostingOrders/{order}/numbers"
        assert _phone_numbers(await sinch.get(path)) == numbers
        assert _phone_numbers(await sinch.get(path, osrUpdateState="FAILED")) == ["+12025555001"]
        assert _phone_numbers(await sinch.get(path, platformProvisioningState="FAILED")) == ["+12025555101"]
        page = await sinch.get(path, campaignProvisioningState="WAITING", pageSize=1)
        assert (_phone_numbers(page), page["totalSize"]) == (["+12025555001"], 2)
        page = await sinch.get(path, osrUpdateState="DONE", campaignProvisioningState="FAILED")
        assert _phone_numbers(page) == ["+12025557001"]


@pytest.mark.parametrize("missing", ["states", "type", "servicePlanId", "campaignId"])
async def test_a_missing_mandatory_filter_is_named(refusing: Driver, missing: str) -> None:
    query = {name: value for name, value in ALL_ORDERS.items() if name != missing}
    answer = await refusing.api.get(f"{PROJECT}/hostingOrders", params=query)
    assert answer.status_code == 400
    assert _fields(answer.json()) == [missing]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("states", "ELIGIBLE"),
        ("states", ""),
        ("regionCode", "SE"),
        ("orderBy", "phoneNumber"),
        ("pageSize", "-1"),
        ("pageSize", "many"),
        ("pageToken", "made here"),
        ("pageToken", "bWFkZSBoZXJlIHRvbw=="),
    ],
)
async def test_a_malformed_parameter_of_a_list_is_named(refusing: Driver, parameter: str, value: str) -> None:
    answer = await refusing.api.get(f"{PROJECT}/qualifiedNumbers", params=ALL_NUMBERS | {parameter: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "400")
    assert _fields(answer.json()) == [parameter]


async def test_a_page_token_is_good_for_the_filters_it_was_given_out_for() -> None:
    async with driving() as sinch:
        await sinch.add(*NUMBERS)
        token = (await sinch.get("/qualifiedNumbers", **ALL_NUMBERS))["nextPageToken"]
        answer = await sinch.api.get(
            f"{PROJECT}/qualifiedNumbers",
            params={"states": "GLOBAL_PROCESS_STATE_ELIGIBLE", "pageToken": token},
        )
        assert _fields(answer.json()) == ["pageToken"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"numbers": []}, "numbers"),
        ({"numbers": ["12025550134"]}, "numbers[0]"),
        ({"numbers": ["+12025550134", "+46700000000"]}, "numbers[1]"),
        ({"numbers": ["+12025550134", "+12025550134"]}, "numbers"),
        ({"numbers": NUMBERS * 12}, "numbers"),
        ({"numbers": "+12025550134"}, "numbers"),
        ({"regionCode": "SE"}, "regionCode"),
        ({"servicePlanId": ""}, "servicePlanId"),
        ({"servicePlanId": None}, "servicePlanId"),
        ({"nnid": "12"}, "nnid"),
        ({"callbackUrl": "example.com"}, "callbackUrl"),
        ({"scheduledOsrUpdateTime": "2030-01-12T14:34:40"}, "scheduledOsrUpdateTime"),
        ({"projectId": "another"}, "projectId"),
        ({"blanketLoaInfo": {}}, "body"),
        ({"directLoaInfo": None}, "body"),
        ({"directLoaInfo": direct_loa("no address")}, "directLoaInfo.authorisedPerson.email"),
        ({"directLoaInfo": direct_loa() | {"currentVoiceCarrier": ""}}, "directLoaInfo.currentVoiceCarrier"),
        ({"directLoaInfo": None, "resellerLoaInfo": direct_loa()}, "resellerLoaInfo.businessName"),
    ],
)
async def test_what_is_wrong_with_an_order_is_named(refusing: Driver, change: dict[str, Any], field: str) -> None:
    answer = await refusing.order("+12025550134", **change)
    assert (answer.status_code, answer.json()["status"]) == (400, "INVALID_ARGUMENT")
    assert _fields(answer.json()) == [field]
    assert await refusing.ledger("hosting_order") == []


async def test_five_hundred_numbers_are_taken_at_once_and_one_more_is_not() -> None:
    async with driving() as sinch:
        numbers = [f"+1302555{last:04d}" for last in range(501)]
        answer = await sinch.post("/qualifiedNumbers:addNumbers", {"phoneNumbers": numbers})
        assert _fields(answer.json()) == ["phoneNumbers"]
        await sinch.add(*numbers[:500])
        assert (await sinch.order(*numbers)).status_code == 400
        assert (await sinch.order(*numbers[:500])).status_code == 200


async def test_a_code_is_a_string() -> None:
    async with driving() as sinch:
        await sinch.add("+12025550134")
        answer = await sinch.post("/qualifiedNumbers/+12025550134:verifyVoiceChallenge", {"code": 1234})
        assert _fields(answer.json()) == ["code"]


async def test_bodies_must_be_json_and_say_so(refusing: Driver) -> None:
    path = f"{PROJECT}/qualifiedNumbers:addNumbers"
    broken = await refusing.api.post(path, content=b"{", headers={"Content-Type": "application/json"})
    assert broken.status_code == 400
    untold = await refusing.api.post(path, content=b'{"phoneNumbers": ["+12025550134"]}')
    assert untold.status_code == 400
    assert "Content-Type" in untold.json()["message"]


async def test_a_plus_in_a_path_may_be_encoded() -> None:
    async with driving() as sinch:
        await sinch.add("+12025550134")
        resource = await sinch.get("/qualifiedNumbers/%2B12025550134")
        assert resource["phoneNumber"] == "+12025550134"


async def test_unknown_paths_and_methods_are_refused_in_the_flat_envelope(refusing: Driver) -> None:
    unknown = await refusing.api.get(f"{PROJECT}/hostingOrder")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "404")
    assert (await refusing.api.put(f"{PROJECT}/hostingOrders")).status_code == 405


async def test_the_callback_configuration_refuses_in_the_nested_envelope(refusing: Driver) -> None:
    answer = await refusing.api.patch(f"{PROJECT}/callbackConfiguration", json={"secret": "x"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert error["details"][0]["fieldViolations"][0]["field"] == "hmacSecret"
    forbidden = await refusing.api.get("/v1/projects/another/callbackConfiguration")
    assert forbidden.json()["error"]["status"] == "PERMISSION_DENIED"


async def _pages(sinch: Driver, path: str, items: str, **query: object) -> list[list[dict[str, Any]]]:
    pages: list[list[dict[str, Any]]] = []
    token = ""
    while not pages or token:
        page = await sinch.get(path, **query, pageToken=token)
        pages.append(page[items])
        token = page["nextPageToken"]
    return pages


async def _display_names(sinch: Driver, **changes: str) -> list[str]:
    page = await sinch.get("/hostingOrders", **(ALL_ORDERS | changes))
    assert page["totalSize"] == len(page["hostingOrders"])
    return [order["displayName"] for order in page["hostingOrders"]]


def _phone_numbers(page: dict[str, Any]) -> list[str]:
    items = page.get("numbers", page.get("qualifiedNumbers", []))
    return [number["phoneNumber"] for number in items]


def _fields(refusal: dict[str, Any]) -> list[str]:
    return [violation["field"] for violation in refusal["details"][0]["fieldViolations"]]
