"""Mixed batches: which rows may share an order, and what a row may say."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from onboarding.batch import NumberType
from starter.input import PlannedPart
from tests.starter.input.batch_folder import NUMBERS, BatchFolder, mixed_folder

US, CANADIAN, TOLL_FREE = "+12025550134", "+14165550134", "+18335550134"
PLAN, CAMPAIGN = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA"


@pytest.fixture
def folder(tmp_path: Path) -> BatchFolder:
    return mixed_folder(tmp_path)


def shown(parts: Iterable[PlannedPart]) -> list[tuple[list[str], str, NumberType, str | None, str]]:
    """Of every part the numbers, region, type, campaign and kind of LOA."""
    return [
        (
            [number for planned in part.slices for number in planned.numbers],
            part.terms.region,
            part.terms.number_type,
            part.terms.campaign_id,
            part.terms.loa.type,
        )
        for part in parts
    ]


def test_numbers_of_one_kind_are_one_part(tmp_path: Path) -> None:
    (part,) = BatchFolder(tmp_path).read().parts
    assert shown([part]) == [(list(NUMBERS), "US", NumberType.LOCAL, CAMPAIGN, "direct")]


def test_regions_and_types_are_told_by_the_numbers(folder: BatchFolder) -> None:
    folder.numbers(TOLL_FREE, US, CANADIAN, "+17872345678", "+18445550134")
    assert shown(folder.read().parts) == [
        ([TOLL_FREE, "+18445550134"], "US", NumberType.TOLL_FREE, None, "direct"),
        ([US, "+17872345678"], "US", NumberType.LOCAL, CAMPAIGN, "direct"),
        ([CANADIAN], "CA", NumberType.LOCAL, None, "direct"),
    ]


@pytest.mark.parametrize("area", ["800", "833", "844", "855", "866", "877", "888"])
def test_every_toll_free_area_code_is_known(folder: BatchFolder, area: str) -> None:
    folder.numbers(f"+1{area}5550134")
    (part,) = folder.read().parts
    assert part.terms.number_type is NumberType.TOLL_FREE


def test_a_row_may_name_its_loa_party_campaign_plan_and_nnid(folder: BatchFolder) -> None:
    folder.numbers(
        "phone_number,loa,campaign_id,service_plan_id,nnid",
        f"{US},,,,",
        "+12025550135,toronto",
        "+12025550136,,C7P2QRS",
        "+12025550137,,,plan-2",
        "+12025550138,,,,104030",
        "+12025550139,standing",
        "+12025550140",
    )
    parts = folder.read().parts
    assert [part.numbers_total for part in parts] == [2, 1, 1, 1, 1, 1]
    assert [part.loa_party for part in parts] == ["", "toronto", "", "", "", "standing"]
    assert [part.terms.loa.type for part in parts] == ["direct", "reseller", "direct", "direct", "direct", "blanket"]
    assert [part.terms.campaign_id for part in parts] == [CAMPAIGN, CAMPAIGN, "C7P2QRS", CAMPAIGN, CAMPAIGN, CAMPAIGN]
    assert [part.terms.service_plan_id for part in parts] == [PLAN, PLAN, PLAN, "plan-2", PLAN, PLAN]
    assert [part.terms.nnid for part in parts] == [None, None, None, None, "104030", None]


def test_groups_are_numbered_part_by_part(folder: BatchFolder) -> None:
    local = [f"+1212{line}" for line in range(2_000_000, 2_000_501)]
    folder.numbers(*local[:250], TOLL_FREE, *local[250:])
    slices = [[planned.sequence for planned in part.slices] for part in folder.read().parts]
    assert slices == [[1, 2], [3]]


def test_an_unnamed_loa_is_not_needed_where_every_row_names_one(folder: BatchFolder) -> None:
    without_unnamed_loa(folder)
    folder.numbers("phone_number,loa", f"{US},toronto", f"{CANADIAN},standing")
    assert [part.loa_party for part in folder.read().parts] == ["toronto", "standing"]


def without_unnamed_loa(folder: BatchFolder) -> None:
    start, end = folder.batch.index("[loa]"), folder.batch.index("[pace]")
    folder.batch = folder.batch[:start] + folder.batch[end:]


@pytest.mark.parametrize(
    ("columns", "row", "column", "value", "expected"),
    [
        ("region", f"{US},UK", "region", "UK", f"US or an empty cell: that is where {US} belongs"),
        ("region", f"{US},CA", "region", "CA", f"US or an empty cell: that is where {US} belongs"),
        ("region", f"{CANADIAN},US", "region", "US", f"CA or an empty cell: that is where {CANADIAN} belongs"),
        (
            "region",
            f"{TOLL_FREE},CA",
            "region",
            "CA",
            "US or an empty cell: toll-free numbers are text-enabled in the US alone",
        ),
        ("campaign_id", f"{TOLL_FREE},C1", "campaign_id", "C1", "an empty cell: toll-free numbers take none"),
        ("nnid", f"{TOLL_FREE},104029", "nnid", "104029", "an empty cell: toll-free numbers take none"),
        ("campaign_id", f"{CANADIAN},C1", "campaign_id", "C1", "an empty cell: campaigns are for numbers of the US"),
        (
            "loa",
            f"{TOLL_FREE},standing",
            "loa",
            "standing",
            "an LOA party that signs: toll-free numbers take no blanket LOA",
        ),
        (
            "loa",
            f"{US},tornto",
            "loa",
            "tornto",
            "an LOA party of the batch file: toronto, standing; did you mean toronto?",
        ),
    ],
)
def test_a_row_that_asks_for_what_its_number_cannot_have_is_named(
    folder: BatchFolder, columns: str, row: str, column: str, value: str, expected: str
) -> None:
    folder.numbers(f"phone_number,{columns}", "+12025550140", row)
    assert folder.problems() == [("numbers.csv", 3, column, value, expected)]


@pytest.mark.parametrize(("region", "other"), [("US", CANADIAN), ("CA", US), ("CA", TOLL_FREE)])
def test_a_number_of_another_region_than_the_batch_says_is_a_problem(
    folder: BatchFolder, region: str, other: str
) -> None:
    folder.change('id = "spring-2026"', f'id = "spring-2026"\nregion = "{region}"')
    folder.numbers("+12025550140" if region == "US" else "+14165550140", other)
    own = "CA" if region == "US" else "US"
    expected = (
        f"a number of region {region}, as the batch file says; leave region out there, "
        f"or write {own} into a column region here"
    )
    assert folder.problems() == [("numbers.csv", 2, "phone_number", other, expected)]


def test_a_row_goes_before_the_region_of_the_batch(folder: BatchFolder) -> None:
    folder.change('id = "spring-2026"', 'id = "spring-2026"\nregion = "CA"')
    folder.numbers("phone_number,region", CANADIAN, f"{US},US", f"{TOLL_FREE},US")
    assert [part.terms.region for part in folder.read().parts] == ["CA", "US", "US"]


def test_toll_free_numbers_are_not_left_to_a_blanket_loa_of_the_batch(folder: BatchFolder) -> None:
    without_unnamed_loa(folder)
    folder.change("[pace]", '[loa]\ntype = "blanket"\n\n[pace]')
    folder.numbers("phone_number,loa", US, TOLL_FREE, "+18445550134,toronto")
    expected = "an LOA party that signs: toll-free numbers take no blanket LOA"
    assert folder.problems() == [("numbers.csv", 3, "loa", "", expected)]


def test_a_row_without_an_loa_party_is_a_problem_where_the_batch_has_no_unnamed_one(folder: BatchFolder) -> None:
    without_unnamed_loa(folder)
    folder.numbers("phone_number,loa", f"{US},toronto", "+12025550135")
    expected = "an LOA party of the batch file: toronto, standing"
    assert folder.problems() == [("numbers.csv", 3, "loa", "", expected)]


def test_one_problem_says_that_no_row_names_an_loa_party(folder: BatchFolder) -> None:
    without_unnamed_loa(folder)
    expected = "the table [loa], as no number names one of [loa_parties]"
    assert folder.problems() == [("batch.toml", None, "loa", "", expected)]


def test_a_row_cannot_name_an_loa_party_that_the_batch_does_not_have(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.numbers("phone_number,loa", f"{NUMBERS[0]},toronto", *NUMBERS[1:])
    expected = "an empty cell: the batch file has no table [loa_parties.<name>]"
    assert folder.problems() == [("numbers.csv", 2, "loa", "toronto", expected)]


def test_us_numbers_without_a_campaign_are_listed_where_others_have_one(folder: BatchFolder) -> None:
    folder.change('campaign_id = "C3O8OGA"\n', "")
    rows = [f"{US},C1,toronto", "+12025550135,,standing", CANADIAN, TOLL_FREE]
    folder.numbers("phone_number,campaign_id,loa", *rows)
    expected = "a 10DLC campaign: US numbers need one before businesses may send SMS; without: +12025550135"
    assert folder.warnings() == [("batch.toml", None, "campaign_id", "", expected)]


def test_what_no_number_takes_brings_a_warning(folder: BatchFolder) -> None:
    folder.change('verification = "', 'nnid = "104029"\nverification = "')
    folder.numbers("phone_number,loa", f"{TOLL_FREE},toronto")
    assert folder.warnings() == [
        (
            "batch.toml",
            4,
            "campaign_id",
            CAMPAIGN,
            "local numbers of the US, the only ones with a campaign; there are none",
        ),
        ("batch.toml", 5, "nnid", "104029", "local numbers, the only ones with an NNID; there are none"),
        (
            "batch.toml",
            49,
            "loa_parties.standing",
            "standing",
            "numbers that name this LOA party in the column loa; there are none",
        ),
    ]
