"""The rented numbers of a batch file: what may stand there, and which numbers the batch links when it ends."""

import re
from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter, ValidationError

from onboarding.batch import BatchId, Filled
from onboarding.model import Model
from onboarding.phone_numbers import NumberType, number_type, region_of

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_WISH = TypeAdapter(BatchId)


def _number_or_wish(text: str) -> str:
    try:
        return text if _E164.fullmatch(text) else _WISH.validate_python(text)
    except ValidationError:
        raise ValueError("a number such as +12065550100, or the id of a wish that was rented") from None


NumberOrWish = Annotated[Filled, AfterValidator(_number_or_wish)]
"""A rented number (E.164), or the id of a wish: all numbers that it has rented."""


class NamedRented(Model):
    """The rented numbers that a batch file names, and what they are linked to once the batch's own are through."""

    named: tuple[NumberOrWish, ...]
    service_plan_id: Filled
    campaign_id: Filled | None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Those that are named one by one."""
        return tuple(name for name in self.named if name.startswith("+"))

    @property
    def wishes(self) -> tuple[str, ...]:
        """The wishes whose numbers are meant."""
        return tuple(name for name in self.named if not name.startswith("+"))

    def wrong(self, own: Collection[str]) -> Iterator[tuple[str, str]]:
        """Numbers that cannot be linked so, each with what would be right; `own` are the batch's own numbers."""
        for number in self.numbers:
            if number in own:
                yield number, "a number that is rented from Sinch; this one is in the numbers file"
            elif self.campaign_id is not None and _takes_no_campaign(number):
                yield number, f"a local number of the US, as only these are on a campaign ({self.campaign_id})"


def _takes_no_campaign(e164: str) -> bool:
    """True where it is surely no local number of the US; Sinch may know numbers that the numbering plan does not."""
    is_abroad = not e164.startswith("+1") or region_of(e164) == "CA"
    return is_abroad or number_type(e164) is NumberType.TOLL_FREE
