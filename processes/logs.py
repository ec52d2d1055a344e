"""Logs to standard error, one event a line, as text for people or JSON for machines."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio import activity, workflow

from onboarding.phone_numbers import masked

LogFormat = Literal["console", "json"]

_E164 = re.compile(r"\+1\d{10}\b")
_QUIET = ("httpx", "httpcore", "uvicorn", "s3fs", "fsspec", "aiobotocore", "botocore")
"""Libraries that log every request with its address, phone numbers and all."""


def configure_logs(log_format: LogFormat, *, mask_numbers: bool) -> None:
    """Send the logs of this process, of Temporal and of the libraries to standard error in that format."""
    workflow.logger.workflow_info_on_message = activity.logger.activity_info_on_message = False
    common: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_temporal_names,
        structlog.processors.format_exc_info,
        *([mask_phone_numbers] if mask_numbers else []),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            *([mask_phone_numbers] if mask_numbers else []),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def mask_phone_numbers(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask every E.164 number in every text of a log event: workflow ids and messages hold some."""
    for name, value in event.items():
        event[name] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    match value:
        case str():
            return _E164.sub(lambda number: masked(number[0]), value)
        case dict():
            return {key: _masked(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_masked(inner) for inner in value]
        case _:
            return value


_TEMPORAL_NAMES = ("workflow_id", "workflow_type", "activity_type", "attempt", "task_queue")


def _with_temporal_names(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Of what the SDK adds to a record, keep what an operator searches by."""
    for key in ("temporal_workflow", "temporal_activity"):
        details = event.pop(key, None)
        if isinstance(details, MutableMapping):
            event.update({name: details[name] for name in _TEMPORAL_NAMES if details.get(name) is not None})
    return event
