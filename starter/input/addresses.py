"""Postal addresses on an LOA: what the United States and Canada take (Sinch API: LOA address, all parts required)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico",
    "VI": "Virgin Islands",
}  # fmt: skip
_PROVINCES = {
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick",
    "NL": "Newfoundland and Labrador", "NS": "Nova Scotia", "NT": "Northwest Territories", "NU": "Nunavut",
    "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec", "SK": "Saskatchewan", "YT": "Yukon",
}  # fmt: skip
_ZIP = re.compile(r"[0-9]{5}(-[0-9]{4})?")
_CANADIAN_POSTAL_CODE = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][A-Z] ?[0-9][A-Z][0-9]", re.IGNORECASE)

_RULES = {
    "US": (_STATES, "state: two letters or the full name, for example CA or California",
           _ZIP, "ZIP code: 12345 or 12345-6789"),
    "CA": (_PROVINCES, "province: two letters or the full name, for example ON or Ontario",
           _CANADIAN_POSTAL_CODE, "postal code, for example K1A 0B1"),
}  # fmt: skip
_COUNTRIES = {"US": "US", "USA": "US", "CA": "CA"}
_DEMONYMS = {"US": "US", "CA": "Canadian"}


def address_problems(address: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, what would be right) of every filled part that its country does not know.

    Empty and missing parts are not repeated here: the model reports them.
    """
    written = {key: value.strip() for key, value in address.items() if isinstance(value, str) and value.strip()}
    country = _COUNTRIES.get(written.get("country", ""))
    if country is None:
        if "country" in written:
            yield "country", "US, USA or CA"
        return
    regions, region_wanted, postal_code, postal_code_wanted = _RULES[country]
    if "state" in written and not _is_region(written["state"], regions):
        yield "state", f"a {_DEMONYMS[country]} {region_wanted}"
    if "postal_code" in written and not postal_code.fullmatch(written["postal_code"]):
        yield "postal_code", f"a {_DEMONYMS[country]} {postal_code_wanted}"


def _is_region(written: str, regions: Mapping[str, str]) -> bool:
    names = {name.casefold() for name in regions.values()}
    return written in regions or written.casefold().replace("é", "e") in names
