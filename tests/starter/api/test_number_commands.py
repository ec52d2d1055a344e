"""`onboard qualified` and `onboard imported`: what is listed, shown, removed and renamed."""

import pytest

from sinch_numbers import CreateImportedNumberRequest, RegionCode, SmsConfigurationToSend
from tests.starter.api.two_projects import CAMPAIGN, PLAN, TwoProjects, order
from tests.starter.onboard_command import Onboard

ONE, TWO, NEW_YORK = "+12025550101", "+12025550102", "+12125550103"
NOT_ELIGIBLE = "+12025554001"
RETAIL_NUMBER = "+13035550104"


@pytest.fixture
async def qualified(projects: TwoProjects) -> None:
    """Three eligible numbers and one that is not; another one in the other project."""
    await projects.retail.qualified_numbers.add_numbers([RETAIL_NUMBER])
    await projects.sinch.make_eligible(ONE, TWO, NEW_YORK, NOT_ELIGIBLE)


@pytest.mark.usefixtures("qualified")
async def test_qualified_numbers_are_listed_by_state_pattern_and_profile(onboard: Onboard) -> None:
    async def listed(*options: str) -> set[str]:
        ended = await onboard("qualified", "list", *options, "--output", "json")
        assert ended.code == 0, ended.stderr
        return {number["phone_number"] for number in ended.data}

    assert await listed() == {ONE, TWO, NEW_YORK, NOT_ELIGIBLE}
    assert await listed("--state", "eligible") == {ONE, TWO, NEW_YORK}
    assert await listed("--state", "GLOBAL_PROCESS_STATE_NOT_ELIGIBLE") == {NOT_ELIGIBLE}
    assert await listed("--state", "eligible", "--pattern", "+1212") == {NEW_YORK}
    assert await listed("--pattern", "555010") == {ONE, TWO, NEW_YORK}
    assert await listed("--profile", "retail") == {RETAIL_NUMBER}


@pytest.mark.usefixtures("qualified")
@pytest.mark.parametrize("spelling", ["+12025554001", "(202) 555-4001"])
async def test_a_number_is_found_in_any_usual_spelling(onboard: Onboard, spelling: str) -> None:
    ended = await onboard("qualified", "show", spelling)
    assert ended.code == 0, ended.stderr
    lines = {tuple(line.split(maxsplit=1)) for line in ended.stdout.splitlines()}
    assert {
        ("phone_number", NOT_ELIGIBLE), ("global_process_state", "GLOBAL_PROCESS_STATE_NOT_ELIGIBLE"),
    } <= lines  # fmt: skip


@pytest.mark.usefixtures("qualified")
async def test_what_can_be_removed_is_and_what_cannot_stays_with_the_reason(
    onboard: Onboard, projects: TwoProjects
) -> None:
    await projects.sinch.client.hosting_orders.text_enable(order(TWO))
    ended = await onboard("qualified", "remove", ONE, TWO, "202 555 0199", "--yes", "--output", "json")
    assert ended.code == 1
    assert {row["phone_number"]: (row["removed"], row["message"]) for row in ended.data} == {
        ONE: (True, ""),
        TWO: (
            False,
            "it is being hosted; wait for the end of its hosting order (onboard orders list), then remove it",
        ),
        "+12025550199": (False, "it is no qualified number of this project"),
    }
    assert [entry["subject"] for entry in await projects.sinch.ledger("qualified_number_deleted")] == [ONE]


@pytest.mark.usefixtures("qualified")
async def test_a_removal_that_works_for_all_is_done(onboard: Onboard, projects: TwoProjects) -> None:
    ended = await onboard.anew("qualified", "remove", ONE, "(202) 555-0101", TWO, "--yes")
    assert ended.code == 0
    assert [line.split() for line in ended.stdout.splitlines()[1:]] == [[ONE, "True"], [TWO, "True"]]
    assert len(await projects.sinch.ledger("qualified_number_deleted")) == 2


@pytest.mark.usefixtures("qualified")
async def test_nothing_is_removed_unasked(onboard: Onboard, projects: TwoProjects) -> None:
    ended = await onboard("qualified", "remove", ONE)
    assert (ended.code, ended.stdout) == (2, "")
    assert "Say --yes where nobody can be asked" in ended.stderr
    assert await projects.sinch.ledger("qualified_number_deleted") == []


@pytest.mark.parametrize(
    "arguments",
    [["qualified", "show", "soon"], ["qualified", "remove", ONE, "911", "--yes"], ["imported", "show", "x"]],
)
async def test_what_is_no_number_is_refused_before_anything_is_sent(
    onboard: Onboard, projects: TwoProjects, arguments: list[str]
) -> None:
    ended = await onboard(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert "+12025550134" in ended.stderr or "numbering plan" in ended.stderr
    assert await projects.sinch.requests("QualifiedNumberService_DeleteQualifiedNumber") == 0


@pytest.fixture
async def imported(projects: TwoProjects) -> None:
    """Two imported numbers, one without a campaign."""
    for number, campaign in ((ONE, CAMPAIGN), (NEW_YORK, None)):
        await projects.sinch.client.imported_numbers.import_number(
            CreateImportedNumberRequest(
                phone_number=number,
                region_code=RegionCode.US,
                display_name="shop",
                sms_configuration=SmsConfigurationToSend(service_plan_id=PLAN, campaign_id=campaign),
            )
        )


@pytest.mark.usefixtures("imported")
async def test_imported_numbers_are_listed_by_plan_campaign_region_and_pattern(onboard: Onboard) -> None:
    async def listed(*options: str) -> set[str]:
        ended = await onboard("imported", "list", *options, "--output", "json")
        assert ended.code == 0, ended.stderr
        return {number["phone_number"] for number in ended.data}

    assert await listed() == {ONE, NEW_YORK}
    assert await listed("--service-plan", PLAN, "--campaign", CAMPAIGN) == {ONE}
    assert await listed("--service-plan", "other") == set()
    assert await listed("--region", "ca") == set()
    assert await listed("--pattern", "+1212") == {NEW_YORK}
    assert await listed("--pattern", "5550") == {ONE, NEW_YORK}
    assert await listed("--profile", "retail") == set()


@pytest.mark.usefixtures("imported")
async def test_an_imported_number_is_shown_and_renamed(onboard: Onboard, projects: TwoProjects) -> None:
    renamed = await onboard("imported", "rename", "202-555-0101", "Main [1] street")
    assert (renamed.code, renamed.stdout) == (0, f"{ONE} is now called Main [1] street\n")
    shown = await onboard("imported", "show", ONE, "--output", "json")
    assert shown.data["display_name"] == "Main [1] street"
    assert (await projects.sinch.client.imported_numbers.get(NEW_YORK)).display_name == "shop"


async def test_a_number_that_is_not_imported_and_a_name_of_nothing_are_refused(onboard: Onboard) -> None:
    unknown = await onboard.anew("imported", "rename", ONE, "x")
    assert (unknown.code, unknown.stdout) == (1, "")
    assert f"imported_numbers.rename for {ONE}: 404 NOT_FOUND" in unknown.stderr
    blank = await onboard("imported", "rename", ONE, " ")
    assert (blank.code, blank.stdout) == (2, "")
    assert "Nothing was sent" in blank.stderr
