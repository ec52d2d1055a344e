"""Numbers that can be rented, the regions that have some, and how to search for them.

Sinch API: `AvailableNumber`, `AvailableRegion`, `NumberPattern`, `Money` of the Numbers API.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict

from sinch_numbers._models._base import ApiModel, Open, empty_is_absent


class NumberType(StrEnum):
    """What kind of number it is. `UNSPECIFIED` is read where Sinch leaves the type out."""

    UNSPECIFIED = "NUMBER_TYPE_UNSPECIFIED"
    MOBILE = "MOBILE"
    LOCAL = "LOCAL"
    TOLL_FREE = "TOLL_FREE"


class NumberCapability(StrEnum):
    """What a number can be used for."""

    SMS = "SMS"
    VOICE = "VOICE"


class NumbersSearchPattern(StrEnum):
    """Where in a number a pattern must be found (the Imported Numbers API has other literals)."""

    START = "START"
    CONTAINS = "CONTAINS"
    END = "END"


class NumbersPattern(ApiModel):
    """Digits to look for in numbers. With `START` they begin with a plus: `+1206`."""

    model_config = ConfigDict(extra="forbid")

    pattern: str
    search_pattern: NumbersSearchPattern | None = None


class Money(ApiModel):
    """An amount in a currency (ISO 4217). None: Sinch named none."""

    currency_code: str = ""
    amount: Annotated[Decimal | None, BeforeValidator(empty_is_absent)] = None


class AvailableNumber(ApiModel):
    """One number that can be rented. Prices are without usage; the monthly one is for `payment_interval_months`."""

    phone_number: str
    region_code: str | None = None
    type: Open[NumberType] = NumberType.UNSPECIFIED
    capability: tuple[Open[NumberCapability], ...] = ()
    setup_price: Money = Money()
    monthly_price: Money = Money()
    payment_interval_months: int | None = None
    supporting_documentation_required: bool = False


class AvailableRegion(ApiModel):
    """One region (ISO 3166-1 alpha-2) in which the project can rent numbers, and of which types."""

    region_code: str
    region_name: str = ""
    types: tuple[Open[NumberType], ...] = ()
