"""Lists: every item once, whatever the pages look like."""

from functools import partial
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_numbers import GlobalProcessState, SinchNumbers, UnreadableResponse
from tests.sinch_numbers.recorded_sinch import KEY, RecordedSinch, queries
from tests.sinch_numbers.sinch_examples import HOSTING_ORDER_NUMBER, QUALIFIED_NUMBER

STATES = list(GlobalProcessState)


@pytest.mark.parametrize("end", [{}, {"nextPageToken": ""}, {"nextPageToken": None}], ids=["absent", "empty", "null"])
async def test_the_list_ends_without_a_next_page_token(end: dict[str, Any]) -> None:
    first = {"numbers": [HOSTING_ORDER_NUMBER], "nextPageToken": "C2VNYXJrEg4KDCsxMjAxMjI2MzUyOQ==", "totalSize": 99}
    sinch = RecordedSinch(first, {"numbers": [HOSTING_ORDER_NUMBER], "totalSize": 99, **end})
    async with sinch.client() as client:
        numbers = [number async for number in client.hosting_orders.list_numbers("01arz")]
    assert len(numbers) == 2
    assert [query.get("pageToken") for query in queries(sinch.requests)] == [None, "C2VNYXJrEg4KDCsxMjAxMjI2MzUyOQ=="]
    assert "pageToken=C2VNYXJrEg4KDCsxMjAxMjI2MzUyOQ%3D%3D" in sinch.lines[1]


async def test_an_empty_answer_is_an_empty_list() -> None:
    sinch = RecordedSinch({})
    async with sinch.client() as client:
        assert [number async for number in client.hosting_orders.list_numbers("01arz")] == []


async def test_of_a_page_only_the_wanted_numbers_are_read() -> None:
    others = [{"phoneNumber": f"+1202555{last}", "projectId": None} for last in range(1000, 1010)]
    page = {"importedNumbers": [*others, {"phoneNumber": "+12025550001"}], "nextPageToken": "c", "totalSize": 99}
    sinch = RecordedSinch(page, page, {"importedNumbers": "none"})
    async with sinch.client() as client:
        read = partial(client.imported_numbers.list_page, service_plan_id="p", campaign_id="c")
        wanted = await read(only={"+12025550001", "+12025550002"})
        assert [number.phone_number for number in wanted.items] == ["+12025550001"]
        assert (wanted.next_page_token, wanted.total_size) == ("c", 99)
        assert [number.phone_number for number in (await read(only={"+12025551000"})).items] == ["+12025551000"]
        with pytest.raises(UnreadableResponse):
            await read(only={"+12025550001"})


async def test_a_page_can_be_asked_for_by_its_token() -> None:
    sinch = RecordedSinch({"numbers": [HOSTING_ORDER_NUMBER], "nextPageToken": "c", "totalSize": 3})
    async with sinch.client() as client:
        page = await client.hosting_orders.list_numbers_page("01arz", page_token="b", page_size=1)
    assert queries(sinch.requests) == [{"pageToken": "b", "pageSize": "1"}]
    assert (len(page.items), page.next_page_token, page.total_size) == (1, "c", 3)


async def test_no_page_is_read_before_it_is_needed() -> None:
    sinch = RecordedSinch({"numbers": [HOSTING_ORDER_NUMBER, HOSTING_ORDER_NUMBER], "nextPageToken": "again"})
    async with sinch.client() as client:
        numbers = client.hosting_orders.list_numbers("01arz")
        assert sinch.requests == []
        for _ in range(3):
            await anext(numbers)
    assert len(sinch.requests) == 2


@given(
    lists=st.dictionaries(st.sampled_from(STATES), st.lists(st.integers(0, 4), max_size=5), min_size=1),
    order=st.randoms(use_true_random=False),
)
async def test_no_division_into_pages_loses_or_repeats_an_item(
    lists: dict[GlobalProcessState, list[int]], order: Any
) -> None:
    """`lists` gives the sizes of the pages of each state; pages in between may be empty."""
    pages: dict[tuple[str, str | None], dict[str, Any]] = {}
    expected = []
    for state in sorted(lists, key=STATES.index):
        sizes = lists[state] or [0]
        for index, size in enumerate(sizes):
            numbers = [f"+1{STATES.index(state):02}{index:04}{item:04}" for item in range(size)]
            expected += numbers
            token = f"page {index + 1}" if index + 1 < len(sizes) else ""
            pages[state, f"page {index}" if index else None] = {
                "qualifiedNumbers": [{**QUALIFIED_NUMBER, "phoneNumber": number} for number in numbers],
                "nextPageToken": token,
            }

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=pages[request.url.params["states"], request.url.params.get("pageToken")])

    states = list(lists)
    order.shuffle(states)
    async with SinchNumbers("project-1", KEY, transport=httpx.MockTransport(answer)) as client:
        seen = [number.phone_number async for number in client.qualified_numbers.list(states=states)]
    assert seen == expected
