"""`onboard orders`: what is listed by which filters, and what is shown of one order."""

import pytest

from sinch_numbers import HostingOrder, ImportNumbersRequest, RegionCode
from tests.starter.api.two_projects import CAMPAIGN, PLAN, TwoProjects, order
from tests.starter.onboard_command import Onboard

HERE, ELSEWHERE, BARE, IMPORTED = "+12025550101", "+12025550102", "+12025550103", "+12025550104"
OSR_FAILS = "+12025555001"


@pytest.fixture
async def ordered(projects: TwoProjects) -> dict[str, HostingOrder]:
    """An order a number: with a campaign, in the other project, without a campaign, an import."""
    orders = projects.sinch.client.hosting_orders
    return {
        HERE: await orders.text_enable(order(HERE, OSR_FAILS)),
        ELSEWHERE: await projects.retail.hosting_orders.text_enable(order(ELSEWHERE)),
        BARE: await orders.text_enable(order(BARE, campaign_id=None)),
        IMPORTED: await orders.import_numbers(
            ImportNumbersRequest(
                region_code=RegionCode.US, numbers=(IMPORTED,), service_plan_id=PLAN, campaign_id=CAMPAIGN
            )
        ),
    }


async def test_orders_are_listed_by_plan_campaign_type_state_and_profile(
    onboard: Onboard, ordered: dict[str, HostingOrder]
) -> None:
    async def listed(*options: str) -> set[str]:
        ended = await onboard("orders", "list", "--service-plan", PLAN, *options, "--output", "json")
        assert ended.code == 0, ended.stderr
        numbers = {made.hosting_order_id: number for number, made in ordered.items()}
        return {numbers[found["hosting_order_id"]] for found in ended.data}

    assert await listed() == {BARE}
    assert await listed("--campaign", CAMPAIGN) == {HERE, IMPORTED}
    assert await listed("--campaign", CAMPAIGN, "--type", "import") == {IMPORTED}
    assert await listed("--campaign", CAMPAIGN, "--type", "TYPE_TEXT_ENABLE", "--state", "submitted") == {HERE}
    assert await listed("--campaign", CAMPAIGN, "--state", "completed", "--state", "rejected") == set()
    assert await listed("--campaign", CAMPAIGN, "--profile", "retail") == {ELSEWHERE}


async def test_who_finds_no_order_without_a_campaign_is_told_how_to_find_the_others(onboard: Onboard) -> None:
    ended = await onboard("orders", "list", "--service-plan", PLAN, "--output", "json")
    assert (ended.code, ended.data) == (0, [])
    assert "name it by --campaign" in ended.stderr


async def test_orders_of_all_types_are_put_in_order_by_time(
    onboard: Onboard, projects: TwoProjects, ordered: dict[str, HostingOrder]
) -> None:
    await projects.sinch.advance(hours=1)
    last = await projects.sinch.client.hosting_orders.text_enable(order("+12025550109"))
    ended = await onboard(
        "orders", "list", "--service-plan", PLAN, "--campaign", CAMPAIGN, "--order-by", "created-time",
        "--output", "jsonl",
    )  # fmt: skip
    found = [line["hosting_order_id"] for line in ended.lines]
    assert found[-1] == last.hosting_order_id
    assert sorted(found[:2]) == sorted([ordered[HERE].hosting_order_id, ordered[IMPORTED].hosting_order_id])


async def test_an_order_is_shown_with_its_report(
    onboard: Onboard, projects: TwoProjects, ordered: dict[str, HostingOrder]
) -> None:
    await projects.sinch.advance(hours=100)
    order_id = ordered[HERE].hosting_order_id
    as_data = await onboard("orders", "show", order_id, "--output", "json")
    assert as_data.data["hosting_order_id"] == order_id
    assert as_data.data["state"] == "COMPLETED"
    assert as_data.data["report"]["total"] == 2
    for_people = await onboard("orders", "show", order_id)
    lines = {tuple(line.split(maxsplit=1)) for line in for_people.stdout.splitlines()}
    assert {("state", "COMPLETED"), ("report.total", "2"), ("report.osr_updated", "1")} <= lines
    assert "None" not in for_people.stdout


async def test_the_numbers_of_an_order_are_listed_with_their_steps(
    onboard: Onboard, projects: TwoProjects, ordered: dict[str, HostingOrder]
) -> None:
    await projects.sinch.advance(hours=100)
    order_id = ordered[HERE].hosting_order_id
    everything = await onboard("orders", "numbers", order_id)
    rows = {line.split()[0]: line.split()[1:4] for line in everything.stdout.splitlines()[1:]}
    assert rows[HERE] == ["DONE", "DONE", "DONE"]
    assert rows[OSR_FAILS][0] == "FAILED"
    for option, state, number in (("--osr", "failed", OSR_FAILS), ("--platform", "done", HERE),
                                  ("--campaign", "DONE", HERE)):  # fmt: skip
        kept = await onboard("orders", "numbers", order_id, option, state, "--output", "json")
        assert [found["phone_number"] for found in kept.data] == [number]


async def test_an_order_of_another_project_is_not_there(onboard: Onboard, ordered: dict[str, HostingOrder]) -> None:
    ended = await onboard.anew("orders", "show", ordered[ELSEWHERE].hosting_order_id)
    assert (ended.code, ended.stdout) == (1, "")
    assert "Check the number or order id and that it belongs to this project" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["orders", "list"], "Missing option '--service-plan'"),
        (["orders", "list", "--service-plan", "p", "--state", "lost"], "--state lost: take one of draft, submitted, "),
        (["orders", "list", "--service-plan", "p", "--type", "gift"], "--type gift: take one of import, text-enable"),
        (["orders", "list", "--service-plan", "p", "--order-by", "size"], "take one of created-time, updated-time"),
        (["orders", "numbers", "x", "--osr", "maybe"], "--osr maybe: take one of waiting, in-progress, done, failed"),
    ],
)
async def test_a_word_that_is_none_is_told_with_those_that_are(
    onboard: Onboard, arguments: list[str], said: str
) -> None:
    ended = await onboard(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr
