"""The rented numbers that a batch file names: what may stand there, and what the dry run says of them."""

from pathlib import Path

import pytest

from starter.input import plan, render
from starter.input.rented import NamedRented
from tests.starter.input.batch_folder import NUMBERS, BatchFolder

NAMED = "a number such as +12065550100, or the id of a wish that was rented"


def folder_with(path: Path, rented: str) -> BatchFolder:
    """A batch whose file has this value for `rented`, on line 10."""
    folder = BatchFolder(path)
    folder.change('["invoice.pdf"]', f'["invoice.pdf"]\nrented = {rented}')
    return folder


def test_numbers_and_wishes_are_told_apart_and_get_plan_and_campaign_of_the_file(tmp_path: Path) -> None:
    rented = folder_with(tmp_path, '["+12065550100", "harbor-lane-west", "+12065550101"]').read().rented
    assert rented == NamedRented(
        named=("+12065550100", "harbor-lane-west", "+12065550101"),
        service_plan_id="07d6c2621f364b68856fe4938b7bb78f",
        campaign_id="C3O8OGA",
    )
    assert (rented.numbers, rented.wishes) == (("+12065550100", "+12065550101"), ("harbor-lane-west",))


def test_a_batch_that_names_none_links_none(tmp_path: Path) -> None:
    assert BatchFolder(tmp_path).read().rented is None
    assert folder_with(tmp_path, "[]").read().rented is None
    assert "Rented numbers" not in render(plan(BatchFolder(tmp_path).read()))


def test_the_dry_run_tells_to_what_which_rented_numbers_are_linked(tmp_path: Path) -> None:
    shown = render(plan(folder_with(tmp_path, '["+12065550100", "harbor-lane-west"]').read()))
    assert "Rented numbers: 1 number, those of wish harbor-lane-west\n" in shown
    assert "linked to service plan 07d6c2621f364b68856fe4938b7bb78f, campaign C3O8OGA\n" in shown


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ('["harbor lane"]', "harbor lane", NAMED),
        ('["+1 206 555 0100"]', "+1 206 555 0100", NAMED),
        ("[12065550100]", "12065550100", "text in quotes"),
        ('"+12065550100"', "+12065550100", 'a list of numbers and ids of wishes, for example ["+12065550100"]'),
        (f'["{NUMBERS[1]}"]', NUMBERS[1], "a number that is rented from Sinch; this one is in the numbers file"),
        ('["+18005550100"]', "+18005550100", "a local number of the US, as only these are on a campaign (C3O8OGA)"),
        ('["+14165550100"]', "+14165550100", "a local number of the US, as only these are on a campaign (C3O8OGA)"),
        ('["+46700000000"]', "+46700000000", "a local number of the US, as only these are on a campaign (C3O8OGA)"),
    ],
)
def test_what_cannot_be_linked_is_named_with_its_line_before_anything_is_sent(
    tmp_path: Path, written: str, value: str, expected: str
) -> None:
    (problem,) = folder_with(tmp_path, written).problems()
    assert problem == ("batch.toml", 10, "rented", value, expected)


def test_without_a_campaign_any_rented_number_may_be_linked(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, '["+18005550100", "+46700000000"]')
    folder.change('campaign_id = "C3O8OGA"\n', "")
    assert folder.read().rented is not None
