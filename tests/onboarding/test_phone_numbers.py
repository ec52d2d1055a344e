"""Which numbers are taken, in whatever spelling, and where they belong."""

import re
from contextlib import suppress

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.phone_numbers import REGIONS, NotAPhoneNumber, NumberType, masked, number_type, read_e164, region_of

SPELLINGS = [
    "+12025550134",
    "12025550134",
    "2025550134",
    "202-555-0134",
    "202.555.0134",
    "(202) 555-0134",
    "1 202 555 0134",
    "+1 (202) 555-0134",
    " +1 202 555 0134 ",
    "tel:+12025550134",
    "+1\N{NO-BREAK SPACE}202\N{EN DASH}555\N{EN DASH}0134",
    "\N{FULLWIDTH PLUS SIGN}12025550134",
]
AREA_CODES = ["202", "416", "800", "888", "787", "671", "340"]


@pytest.mark.parametrize("written", SPELLINGS)
def test_every_usual_spelling_reads_as_the_same_number(written: str) -> None:
    assert read_e164(written) == "+12025550134"


@pytest.mark.parametrize(
    ("number", "where", "kind", "region"),
    [
        ("+12025550134", "Washington", NumberType.LOCAL, "US"),
        ("+14165550134", "Toronto", NumberType.LOCAL, "CA"),
        ("+18675551234", "Yukon", NumberType.LOCAL, "CA"),
        ("+17872345678", "Puerto Rico", NumberType.LOCAL, "US"),
        ("+19392345678", "Puerto Rico", NumberType.LOCAL, "US"),
        ("+16713001234", "Guam", NumberType.LOCAL, "US"),
        ("+13407741234", "US Virgin Islands", NumberType.LOCAL, "US"),
        ("+18005550199", "toll-free", NumberType.TOLL_FREE, None),
        ("+18335550199", "toll-free", NumberType.TOLL_FREE, None),
    ],
)
def test_numbers_that_can_be_hosted(number: str, where: str, kind: NumberType, region: str | None) -> None:
    assert read_e164(number) == number
    assert number_type(number) is kind
    assert region_of(number) == region


@pytest.mark.parametrize(
    ("written", "what_is_wrong"),
    [
        ("", "not a phone number"),
        ("n/a", "not a phone number"),
        ("+1", "not a phone number"),
        ("+1202555013", "no such number"),
        ("+120255501345", "no such number"),
        ("+11115550134", "no such number"),
        ("5550134", "no such number"),
        ("911", "no such number"),
        ("+442079460000", "only numbers of the US"),
        ("011 44 20 7946 0000", "only numbers of the US"),
        ("+448081570192", "only numbers of the US"),
        ("+18765551234", "only numbers of the US"),
        ("+12425021234", "only numbers of the US"),
        ("+16702345678", "only numbers of the US"),
    ],
    ids=repr,
)
def test_what_cannot_be_hosted_is_refused_with_what_would_be_right(written: str, what_is_wrong: str) -> None:
    with pytest.raises(NotAPhoneNumber, match=what_is_wrong):
        read_e164(written)


@given(
    area=st.sampled_from(AREA_CODES),
    line=st.integers(2_000_000, 9_999_999),
    spelling=st.sampled_from([0, 1, 2, 3]),
)
def test_a_number_that_was_read_reads_as_itself_in_every_format(area: str, line: int, spelling: int) -> None:
    parsed = phonenumbers.parse(f"+1{area}{line}")
    try:
        read = read_e164(phonenumbers.format_number(parsed, spelling))
    except NotAPhoneNumber:
        assert not phonenumbers.is_valid_number(parsed)
    else:
        assert read == read_e164(read) == f"+1{area}{line}"
        assert region_of(read) in {*REGIONS, None}


@given(st.text(alphabet="+0123456789()-. x\u0661\uff11"))
def test_any_text_is_read_as_e164_or_refused(text: str) -> None:
    with suppress(NotAPhoneNumber):
        assert re.fullmatch(r"\+1[2-9]\d{9}", read_e164(text), re.ASCII)


def test_a_masked_number_can_be_told_from_others_but_not_called() -> None:
    assert masked("+12025550134") == "+1202...34"


@pytest.mark.parametrize("written", ["+1 202 555 0134 ext 5", "(202) 555-0134 x12", "tel:+12025550134;ext=7"])
def test_an_extension_is_refused_and_not_dropped(written: str) -> None:
    with pytest.raises(NotAPhoneNumber, match="extension"):
        read_e164(written)


@pytest.mark.parametrize("written", ["+19002345678", "+15002345678"])
def test_premium_rate_and_personal_numbers_are_refused(written: str) -> None:
    with pytest.raises(NotAPhoneNumber, match="cannot be hosted"):
        read_e164(written)
