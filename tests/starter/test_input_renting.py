"""A wish file says in one go what is wrong with it, each with its line and what would be right."""

from decimal import Decimal
from pathlib import Path

import pytest

from onboarding.active_numbers import ActiveLinks, VoiceLink
from starter.input import InvalidInput
from starter.input_renting import read_wish

EXAMPLE = Path(__file__).parents[2] / "examples" / "rent.toml"


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "rent.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput) as raised:
        read_wish(path)
    return [str(problem).removeprefix(f"{path}, ") for problem in raised.value.problems]


def changed(before: str, after: str) -> str:
    text = EXAMPLE.read_text()
    assert text.count(before) == 1
    return text.replace(before, after)


def test_the_example_is_a_wish() -> None:
    wish = read_wish(EXAMPLE).wish()
    assert (wish.quantity, wish.all_or_nothing, wish.spending_limit.amount) == (3, True, Decimal(10))
    assert wish.links.voice == VoiceLink(id="3a1f4c52-9d4e-4f0e-8a52-1c2d3e4f5a6b")
    assert (wish.pace.poll_first, wish.pace.operator.deadline) == ("1s", "5bd")


def test_a_pace_keeps_the_defaults_of_wishes_for_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "rent.toml"
    path.write_text(EXAMPLE.read_text().partition("[pace]")[0] + '[pace]\ncarrier = { deadline = "9bd" }\n')
    pace = read_wish(path).wish().pace
    assert (pace.carrier.remind_every, pace.carrier.deadline, pace.no_news) == ("1d", "9bd", "1d")


def test_a_wish_like_a_batch_takes_its_profile_plan_and_campaign(tmp_path: Path) -> None:
    text = EXAMPLE.read_text().replace("# like_batch", "like_batch")
    links = "service_plan_id", "campaign_id"
    path = tmp_path / "rent.toml"
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith(links)))
    wish = read_wish(path).wish("other", "plan-1", "C1")
    assert (wish.profile, wish.links.model_copy(update={"voice": None})) == (
        "other",
        ActiveLinks(service_plan_id="plan-1", campaign_id="C1"),
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("quantity = 3", "quantity = 0", "line 14, quantity = '0': Input should be greater than or equal to 1"),
        ("quantity = 3", 'quantity = "3"', "line 14, quantity = '3': a whole number"),
        ("quantity = 3", "quantity = 1001", "line 14, quantity = '1001': Input should be less than or equal to 1000"),
        ('amount = "10.00"', 'amount = "0"', "line 17, spending_limit.amount = '0': Input should be greater than 0"),
        (
            'currency = "USD"',
            'currency = "$"',
            "line 17, spending_limit.currency = '$': three capital letters, e.g. USD",
        ),
        ('type = "LOCAL"', 'type = "local"', "line 33, search.type = 'local': LOCAL, MOBILE or TOLL_FREE"),
        ('pattern = "+1206"', 'pattern = "1206"', "line 37, search.pattern = '1206': a plus before the digits"),
        ('pattern = "+1206"', 'pattern = "+1 206"', "line 37, search.pattern = '+1 206': digits, with a plus"),
        ('["SMS", "VOICE"]', '["SMS"]', "search.capabilities = \"['SMS']\": VOICE among them, since"),
        ("any = false", 'any = true\nregion = "US"', "line 24, region = 'US': there is no such key: remove it"),
        ('customer = "Harbor', 'client = "Harbor', "customer: required: add it"),
        ('type = "LOCAL"', 'type = "TOLL_FREE"', "line 43, links.campaign_id = 'C3O8OGA': nothing: only LOCAL"),
        ("# like_batch", "like_batch", "line 27, like_batch = 'demo': alone"),
        ('poll_first = "1s"', 'poll_first = "0s"', "line 55, pace.poll_first = '0s': longer than no time"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, before: str, after: str, expected: str) -> None:
    told = problems(tmp_path, changed(before, after))
    assert any(expected in problem for problem in told), told


def test_sinch_chooses_local_us_numbers_only(tmp_path: Path) -> None:
    text = changed("any = false", "any = true").replace('region = "US"', 'region = "CA"')
    assert any(
        "any = 'True': false: Sinch chooses LOCAL numbers of region US only" in p for p in problems(tmp_path, text)
    )


@pytest.mark.parametrize(("text", "expected"), [("id = ", "TOML: "), ("", "id: required: add it")])
def test_a_file_that_is_no_wish_is_told(tmp_path: Path, text: str, expected: str) -> None:
    assert any(expected in problem for problem in problems(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="a wish file that can be read: No such file"):
        read_wish(tmp_path / "nowhere.toml")
