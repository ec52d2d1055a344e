"""Sinch's callbacks, as the receiver hands them on to a hosting order workflow."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from temporalio.client import WorkflowHandle

from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.observations import (
    CAMPAIGN_LINK,
    HOSTING_PROCESS,
    OSR_UPDATE,
    PLATFORM_PROVISIONING,
    CallbackEvent,
)

ALL_EVENT_TYPES = (OSR_UPDATE, PLATFORM_PROVISIONING, CAMPAIGN_LINK, HOSTING_PROCESS)

_ids = itertools.count(1)


def event(
    phone_number: str,
    event_type: str,
    status: str = "SUCCEEDED",
    *,
    failure_code: str | None = None,
    timestamp: datetime | None = None,
) -> CallbackEvent:
    """One event with an id of its own."""
    return CallbackEvent(
        event_id=f"event-{next(_ids)}",
        phone_number=phone_number,
        event_type=event_type,
        status=status,
        failure_code=failure_code,
        timestamp=timestamp,
    )


def all_succeeded(phone_numbers: Sequence[str]) -> list[CallbackEvent]:
    """All four events of every number."""
    return [event(number, event_type) for event_type in ALL_EVENT_TYPES for number in phone_numbers]


async def deliver(order: WorkflowHandle[Any, Any], events: Iterable[CallbackEvent]) -> None:
    """One signal with these events."""
    await order.signal(CALLBACK_SIGNAL, CallbackEvents(events=tuple(events)))
