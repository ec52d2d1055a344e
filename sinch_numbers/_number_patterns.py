"""How a search for digits in numbers stands in the query of a list, alike in both APIs.

Sinch API: `numberPattern.pattern`, `numberPattern.searchPattern`.
"""

from sinch_numbers._models._available_numbers import NumbersPattern
from sinch_numbers._models._imported_numbers import NumberPattern


def pattern_query(number_pattern: NumberPattern | NumbersPattern | None) -> dict[str, str | None]:
    """The members of the query; without a pattern they have no value."""
    return {
        "numberPattern.pattern": number_pattern.pattern if number_pattern else None,
        "numberPattern.searchPattern": number_pattern.search_pattern if number_pattern else None,
    }
