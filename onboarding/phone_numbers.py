"""Reading and showing phone numbers: E.164 in, US and Canada only, masked where people may look over a shoulder.

Puerto Rico, Guam and the US Virgin Islands belong to the US here (Sinch: hosted messaging for US and Canada numbers).
"""

from enum import StrEnum
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType

REGIONS = ("US", "CA")

_REGION_OF_PLAN = {"US": "US", "PR": "US", "GU": "US", "VI": "US", "CA": "CA"}
_HOSTED_TYPES = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.TOLL_FREE,
    }
)
_NOT_HOSTED = "only numbers of the US and Canada can be hosted, for example +12025550134"


class NumberType(StrEnum):
    """Kinds that go into different hosting orders."""

    LOCAL = "LOCAL"
    TOLL_FREE = "TOLL_FREE"


class NotAPhoneNumber(ValueError):
    """The text is no US or Canadian number; the message says what would be right."""


class HostableNumber(NamedTuple):
    """A number in E.164, and the region it belongs to: `US` or `CA`, None for a toll-free number (both)."""

    e164: str
    region: str | None


def read_number(text: str) -> HostableNumber:
    """The number that is written in any usual way; one without `+` is read as US/CA.

    Raises NotAPhoneNumber.
    """
    try:
        parsed = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        raise NotAPhoneNumber("not a phone number; write E.164, for example +12025550134") from None
    if parsed.country_code != 1:
        raise NotAPhoneNumber(_NOT_HOSTED)
    if parsed.extension:
        raise NotAPhoneNumber("an extension cannot be hosted; give the number alone, for example +12025550134")
    kind = phonenumbers.number_type(parsed)
    if kind == PhoneNumberType.UNKNOWN:
        raise NotAPhoneNumber("no such number in the numbering plan; check the digits")
    if kind not in _HOSTED_TYPES:
        raise NotAPhoneNumber("premium-rate and personal numbers cannot be hosted; take the number out")
    is_toll_free = kind == PhoneNumberType.TOLL_FREE
    region = None if is_toll_free else _region(parsed)
    if region is None and not is_toll_free:
        raise NotAPhoneNumber(_NOT_HOSTED)
    return HostableNumber(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), region)


def read_e164(text: str) -> str:
    """The E.164 form (`+12025550134`) alone of what `read_number` reads.

    Raises NotAPhoneNumber.
    """
    return read_number(text).e164


def number_type(e164: str) -> NumberType:
    """Local or toll-free; everything that is not toll-free is text-enabled as local."""
    return _type(phonenumbers.parse(e164))


def region_of(e164: str) -> str | None:
    """`US` or `CA`; None for a toll-free number, which belongs to both."""
    parsed = phonenumbers.parse(e164)
    return None if _type(parsed) is NumberType.TOLL_FREE else _region(parsed)


def masked(e164: str) -> str:
    """`+1202...34`: enough to tell numbers apart on a screen, too little to call one."""
    return f"{e164[:5]}...{e164[-2:]}"


def _region(parsed: phonenumbers.PhoneNumber) -> str | None:
    return _REGION_OF_PLAN.get(phonenumbers.region_code_for_number(parsed) or "")


def _type(parsed: phonenumbers.PhoneNumber) -> NumberType:
    toll_free = phonenumbers.number_type(parsed) == PhoneNumberType.TOLL_FREE
    return NumberType.TOLL_FREE if toll_free else NumberType.LOCAL
