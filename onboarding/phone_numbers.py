"""Reading and showing phone numbers: E.164 in, US and Canada only, masked where people may look over a shoulder.

Puerto Rico, Guam and the US Virgin Islands belong to the US here (Sinch: hosted messaging for US and Canada numbers).
"""

from enum import StrEnum

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


def read_e164(text: str) -> str:
    """The E.164 form (`+12025550134`) of a number written in any usual way; a number without `+` is read as US/CA.

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
    if not phonenumbers.is_valid_number(parsed):
        raise NotAPhoneNumber("no such number in the numbering plan; check the digits")
    if phonenumbers.number_type(parsed) not in _HOSTED_TYPES:
        raise NotAPhoneNumber("premium-rate and personal numbers cannot be hosted; take the number out")
    if _type(parsed) is not NumberType.TOLL_FREE and _region(parsed) is None:
        raise NotAPhoneNumber(_NOT_HOSTED)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


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
