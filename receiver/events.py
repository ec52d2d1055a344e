"""From the body of a callback to the event a workflow understands."""

import re

from pydantic import ValidationError

from onboarding.observations import CallbackEvent
from receiver.outcomes import Outcome, Refused
from sinch_numbers import callbacks

MOST_EVENT_BYTES = 4096
"""Ten times the largest event seen. 500 of them fit into one signal (Temporal takes 2 MiB)."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def read_event(raw_body: bytes) -> CallbackEvent:
    """The event in a genuine body; unknown fields and literals are fine.

    A `resourceId` that is no phone number (the id of an order) leaves `phone_number` empty: the workflow then
    reads its order again (Sinch API: callback payload). Raises Refused: `malformed` when the body is no JSON
    object of the documented types, or would be too large to hand on.
    """
    try:
        said = callbacks.CallbackEvent.model_validate_json(raw_body)
    except ValidationError:
        raise Refused(Outcome.MALFORMED) from None
    resource_id = said.resource_id or ""
    event = CallbackEvent(
        event_id=said.event_id or "",
        phone_number=resource_id if _E164.fullmatch(resource_id) else "",
        event_type=said.event_type or "",
        status=said.status or "",
        failure_code=said.failure_code,
        timestamp=said.timestamp,
    )
    # Of a body within the cap no event can be made that is larger by more than the names of its fields.
    if len(raw_body) > MOST_EVENT_BYTES and len(event.model_dump_json()) > MOST_EVENT_BYTES:
        raise Refused(Outcome.MALFORMED)
    return event
