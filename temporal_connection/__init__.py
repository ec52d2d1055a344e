"""How every process of the product reaches Temporal: one place that connects, one data converter, one way to encrypt.

Address, namespace, TLS, API key and profile come from `temporalio.envconfig`: the same variables
(`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_PROFILE` ...) and `temporal.toml` as the `temporal` CLI.
"""

from temporal_connection._connect import InvalidConnection, connect, described_target
from temporal_connection._converter import data_converter
from temporal_connection._encryption import PayloadEncryption, UnknownPayloadKey, UnreadablePayload, WrongPayloadKey
from temporal_connection._payload_keys import (
    InvalidPayloadKeys,
    PayloadKey,
    PayloadKeys,
    PayloadSettings,
    add_payload_key,
    new_payload_key,
    read_payload_keys,
    use_payload_key,
)
from temporal_connection._search_attributes import NotRegistered, register_search_attributes

__all__ = [
    "InvalidConnection",
    "InvalidPayloadKeys",
    "NotRegistered",
    "PayloadEncryption",
    "PayloadKey",
    "PayloadKeys",
    "PayloadSettings",
    "UnknownPayloadKey",
    "UnreadablePayload",
    "WrongPayloadKey",
    "add_payload_key",
    "connect",
    "data_converter",
    "described_target",
    "new_payload_key",
    "read_payload_keys",
    "register_search_attributes",
    "use_payload_key",
]
