"""Requests about one number of a collection: the number stands in the path and names the request in errors."""

from collections.abc import Mapping

from pydantic import JsonValue

from sinch_numbers._checks import phone_number_segment
from sinch_numbers._transport import ApiRequest, Query


def number_request(
    operation: str,
    method: str,
    collection: str,
    phone_number: str,
    *,
    verb: str = "",
    query: Query | None = None,
    body: Mapping[str, JsonValue] | None = None,
) -> ApiRequest:
    """A request to `<collection>/<phone number><verb>`. Raises InvalidRequest where the number (E.164) is none."""
    path = f"{collection}/{phone_number_segment(phone_number, operation=operation)}{verb}"
    return ApiRequest(operation, method, path, query or {}, body, phone_number)
