"""Logs to standard error, one event a line, in which no phone number can be read."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from onboarding.phone_numbers import masked
from receiver.events import E164
from receiver.settings import LogFormat


def configure_logs(log_format: LogFormat) -> None:
    """Send the logs of this process, and of the libraries in it, to standard error in that format."""
    common: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_phone_numbers,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=common,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    structlog.configure(
        processors=[*common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def mask_phone_numbers(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask every E.164 number in every text of a log event: ids of workflows and messages of Temporal hold some."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = E164.sub(lambda number: masked(number[0]), value)
    return event


def temporal_runtime() -> Runtime:
    """A runtime whose own log lines come here too: by default they go to standard output."""
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=levels, forwarding=forwarding)))
