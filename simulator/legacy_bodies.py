"""The request bodies of the legacy Number Administration API, and what is wrong with one that does not fit."""

import json
from typing import Any

from simulator.legacy_errors import invalid_request, missing, not_a_number
from simulator.operations import Call


def json_object(call: Call) -> dict[str, Any]:
    """The body of a request; raises ApiError 40003 when it is no JSON object."""
    try:
        body = json.loads(call.body)
    except ValueError:
        raise invalid_request("The body is no JSON.") from None
    if not isinstance(body, dict):
        raise invalid_request("The body is no JSON object.")
    return body


def text_member(body: dict[str, Any], name: str) -> str:
    """A member that is text; raises ApiError 40002 when there is none."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise missing(f"No {name} specified.")
    return value


def group_and_quantity(body: dict[str, Any]) -> tuple[int, int]:
    """What is to be reserved; raises ApiError 40002 or 40003."""
    group_id, quantity = body.get("groupId"), body.get("quantity")
    if group_id in (None, []):
        raise missing("No groupId's specified")
    if isinstance(group_id, list):
        raise invalid_request("Too many number groups specified.  Unable to complete request.")
    if type(group_id) is not int:
        raise invalid_request(f"Invalid number group: {group_id}")
    if quantity is None:
        raise missing("No quantity specified.")
    if type(quantity) is not int or quantity < 1:
        raise invalid_request(f"Invalid quantity: {quantity}")
    return group_id, quantity


def reference_ids(body: dict[str, Any]) -> list[str]:
    """The reservations to check out, each once; raises ApiError 40002 when none is named."""
    references = body.get("referenceIds")
    if not isinstance(references, list) or not references:
        raise missing("No referenceIds specified.")
    return list(dict.fromkeys(str(reference) for reference in references))


def numbers(body: dict[str, Any]) -> list[int]:
    """The whole list of an application, each number once; raises ApiError 40002 or 40003."""
    given = body.get("numbers")
    if not isinstance(given, list):
        raise missing("No numbers specified.")
    if any(type(number) is not int for number in given):
        raise not_a_number()
    return list(dict.fromkeys(given))
