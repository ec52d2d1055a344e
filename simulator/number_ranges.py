"""The ranges of phone numbers that can be rented: region, type, capabilities, prices. Sinch API: Available Number.

The ranges and their prices are ours; no document tells real ones.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

LINE_DIGITS = 4


class NumberType(StrEnum):
    """What kind of number it is."""

    UNSPECIFIED = "NUMBER_TYPE_UNSPECIFIED"
    MOBILE = "MOBILE"
    LOCAL = "LOCAL"
    TOLL_FREE = "TOLL_FREE"


class Capability(StrEnum):
    """Which product can use a number."""

    SMS = "SMS"
    VOICE = "VOICE"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency of ISO 4217."""

    currency: str
    amount: Decimal

    def wire(self) -> dict[str, str]:
        """The object ``money``."""
        return {"currencyCode": self.currency, "amount": str(self.amount)}


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers that begin alike and end in four digits; prices are in the currency, the monthly one recurs."""

    prefix: str
    region_code: str
    type: NumberType
    capabilities: tuple[Capability, ...]
    currency: str
    setup: Decimal
    monthly: Decimal
    needs_documents: bool = False

    @property
    def setup_price(self) -> Money:
        """What is paid once."""
        return Money(self.currency, self.setup)

    @property
    def monthly_price(self) -> Money:
        """What is paid every month."""
        return Money(self.currency, self.monthly)


REGION_NAMES = {"CA": "Canada", "GB": "United Kingdom", "SE": "Sweden", "US": "United States"}

_BOTH = (Capability.SMS, Capability.VOICE)
_SMS, _VOICE = (Capability.SMS,), (Capability.VOICE,)


def _american(*prefixes: str) -> tuple[NumberRange, ...]:
    prices = ("USD", Decimal("0.50"), Decimal("1.00"))
    return tuple(NumberRange(prefix, "US", NumberType.LOCAL, _BOTH, *prices) for prefix in prefixes)


RANGES = (
    *_american("+1206555", "+1208555", "+1312555", "+1415555", "+1617555"),
    NumberRange("+1212555", "US", NumberType.LOCAL, _VOICE, "USD", Decimal("0.50"), Decimal("0.80")),
    NumberRange("+1833555", "US", NumberType.TOLL_FREE, _BOTH, "USD", Decimal("0.00"), Decimal("2.00")),
    NumberRange("+1416555", "CA", NumberType.LOCAL, _BOTH, "USD", Decimal("0.50"), Decimal("1.10")),
    NumberRange("+1604555", "CA", NumberType.LOCAL, _BOTH, "USD", Decimal("0.50"), Decimal("1.10")),
    NumberRange("+44770090", "GB", NumberType.MOBILE, _BOTH, "EUR", Decimal("1.00"), Decimal("3.00")),
    NumberRange("+44207946", "GB", NumberType.LOCAL, _VOICE, "EUR", Decimal("0.00"), Decimal("1.00"), True),
    NumberRange("+4670174", "SE", NumberType.MOBILE, _SMS, "EUR", Decimal("1.00"), Decimal("4.00")),
)
