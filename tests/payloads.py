"""Every payload of a history or a request, wherever it stands in it."""

from collections.abc import Iterator

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload


def payloads_of(message: Message) -> Iterator[Payload]:
    """Every payload somewhere in a message."""
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            values = list(value.values())
        else:
            values = list(value) if field.is_repeated else [value]
        for inner in values:
            if isinstance(inner, Message):
                yield from payloads_of(inner)
