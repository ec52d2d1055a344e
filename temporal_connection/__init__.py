"""How every process of the product reaches Temporal: one place that connects, one data converter.

Address, namespace, TLS, API key and profile come from `temporalio.envconfig`: the same variables
(`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_PROFILE` ...) and `temporal.toml` as the `temporal` CLI.
"""

from temporal_connection._connect import InvalidConnection, connect, described_target
from temporal_connection._converter import data_converter
from temporal_connection._search_attributes import NotRegistered, register_search_attributes

__all__ = [
    "InvalidConnection",
    "NotRegistered",
    "connect",
    "data_converter",
    "described_target",
    "register_search_attributes",
]
