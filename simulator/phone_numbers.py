"""Phone numbers as the imported-numbers host takes them: E.164, United States and Canada only."""

import re
from typing import Literal

RegionCode = Literal["US", "CA"]

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_E164_IN_TEXT = re.compile(r"(?<![\d+])\+[1-9]\d{6,14}(?!\d)")
_NORTH_AMERICAN = re.compile(r"\+1\d{10}")

_CANADIAN_AREA_CODES = (
    "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 "
    "474 506 514 519 537 548 579 581 584 587 600 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 "
    "825 867 873 879 902 905 942"
)
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_CANADIAN = frozenset(_CANADIAN_AREA_CODES.split())


def objection(phone_number: str) -> str | None:
    """Why the number cannot be taken, or None when it can."""
    if not _E164.fullmatch(phone_number):
        return f"'{phone_number}' is not an E.164 phone number such as +12025550134"
    if not _NORTH_AMERICAN.fullmatch(phone_number):
        return f"'{phone_number}' is not a number of the United States or Canada (+1 and ten digits)"
    return None


def region_of(phone_number: str) -> RegionCode:
    """The region of an accepted number, by its area code."""
    return "CA" if phone_number[2:5] in _CANADIAN else "US"


def is_toll_free(phone_number: str) -> bool:
    """Whether an accepted number is a toll-free one, by its area code."""
    return phone_number[2:5] in _TOLL_FREE


def named_in(text: str) -> list[str]:
    """The E.164 numbers that a text names, each once, in order."""
    return list(dict.fromkeys(_E164_IN_TEXT.findall(text)))
