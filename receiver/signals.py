"""Sending signals to workflows, and telling apart the ways that fails."""

import asyncio
from datetime import timedelta
from typing import Protocol

import structlog
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.observations import CallbackEvent
from receiver.outcomes import Outcome

SIGNAL_SECONDS = 4.0
"""Senders of callbacks commonly wait five seconds for an answer: 503 is to reach them, rather than silence."""
HEALTH_SECONDS = 2.0

_log = structlog.stdlib.get_logger(__name__)


class SignalSender(Protocol):
    """What the application needs of Temporal."""

    async def send(self, workflow_id: str, events: tuple[CallbackEvent, ...]) -> Outcome:
        """Send one signal: `taken`, `stale` (no such workflow, or closed), or `unavailable`."""
        ...

    async def is_reachable(self) -> bool:
        """Whether a signal sent now has a chance."""
        ...


class TemporalSignals:
    """Signals through a Temporal client, which may be lazy: it connects when it is first needed."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, workflow_id: str, events: tuple[CallbackEvent, ...]) -> Outcome:
        """See SignalSender. Bounded by four seconds, since the SDK's own retries go on for ten."""
        handle = self._client.get_workflow_handle(workflow_id)
        limit = timedelta(seconds=SIGNAL_SECONDS)
        try:
            async with asyncio.timeout(SIGNAL_SECONDS):
                await handle.signal(CALLBACK_SIGNAL, CallbackEvents(events=events), rpc_timeout=limit)
        except (RPCError, RuntimeError, TimeoutError) as error:
            if _workflow_is_gone(error):
                return Outcome.STALE
            _log.warning(
                "Temporal did not take a signal; Sinch is asked to send the events again",
                workflow_id=workflow_id,
                events=len(events),
                cause=str(error) or f"no answer within {SIGNAL_SECONDS:g} s",
            )
            return Outcome.UNAVAILABLE
        return Outcome.TAKEN

    async def is_reachable(self) -> bool:
        """See SignalSender."""
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                return await self._client.service_client.check_health(timeout=timedelta(seconds=HEALTH_SECONDS))
        except (RPCError, RuntimeError, TimeoutError):
            return False


def _workflow_is_gone(error: Exception) -> bool:
    """A missing namespace is NOT_FOUND too, but it is a mistake in the settings, and no event may be lost to it."""
    if not isinstance(error, RPCError) or error.status is not RPCStatusCode.NOT_FOUND:
        return False
    return not any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details)
