"""How every process of the product reaches Temporal: one place that connects, one data converter.

Address, namespace, TLS, API key and profile come from `temporalio.envconfig`: the same variables
(`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_PROFILE` ...) and `temporal.toml` as the `temporal` CLI.
"""

from temporal_connection._connect import connect, described_target
from temporal_connection._converter import data_converter

__all__ = ["connect", "data_converter", "described_target"]
