"""The Temporal runtime of a process: its core's log lines join ours, its metrics go to a Prometheus endpoint."""

import logging

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)


def temporal_runtime(metrics_address: str = "") -> Runtime:
    """One runtime a process. `metrics_address` is `host:port` for `GET /metrics`; empty = no endpoint.

    Raises ValueError when the address cannot be had.
    """
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    metrics = PrometheusConfig(bind_address=metrics_address, durations_as_seconds=True) if metrics_address else None
    return Runtime(
        telemetry=TelemetryConfig(logging=LoggingConfig(filter=levels, forwarding=forwarding), metrics=metrics)
    )
