"""Callbacks: the events that Sinch posts to a ``callbackUrl``, signed, retried and, on demand, unreliable.

Sinch API: callbacks, HMAC, payload.
"""

import asyncio
import hmac
import itertools
import json
import random
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.clock import VirtualClock, rfc3339
from simulator.draws import Draws
from simulator.http_posts import HttpPosts
from simulator.ledger import Ledger
from simulator.settings import SimulatorSettings

ResourceType = Literal["HOSTING_ORDER_NUMBER", "IMPORTED_NUMBER", "ACTIVE_NUMBER"]

_COMPACT_JSON = json.JSONEncoder(separators=(",", ":"))


class CallbackPolicy(BaseModel):
    """How unreliable callbacks are: probabilities of 0 to 1, a delay in virtual seconds, and holding all back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    drop: float = Field(default=0, ge=0, le=1)
    duplicate: float = Field(default=0, ge=0, le=1)
    reorder: float = Field(default=0, ge=0, le=1)
    delay_seconds: float = Field(default=0, ge=0)
    hold: bool = False


@dataclass(slots=True)
class CallbackConfiguration:
    """Whose events they are and what signs them; an empty secret is none."""

    project_id: str
    hmac_secret: str = ""

    def wire(self) -> dict[str, str]:
        """The resource ``CallbackConfiguration``."""
        return {"projectId": self.project_id, "hmacSecret": self.hmac_secret}


@dataclass(frozen=True, slots=True)
class Event:
    """One event on its way to a URL; ``body`` is the exact JSON that is posted and signed."""

    configuration: CallbackConfiguration
    event_id: str
    event_type: str
    resource_id: str
    url: str
    body: bytes


class Callbacks:
    """Sends events, each as soon as it happens; a failing one waits without blocking others.

    :meth:`settled` returns once everything handed over so far has been tried.
    """

    def __init__(self, settings: SimulatorSettings, clock: VirtualClock, draws: Draws, ledger: Ledger) -> None:
        self._settings = settings
        self._durations = settings.durations
        self._clock = clock
        self._draws = draws
        self._ledger = ledger
        self._policy = CallbackPolicy()
        self._chance = random.Random(settings.seed)  # noqa: S311 - repeatable on purpose
        self._sequence = itertools.count(1)
        self._held: deque[Event] = deque()
        self._posts = HttpPosts(connections=settings.callback_connections, timeout=settings.callback_timeout)
        self._untried = 0
        self._all_tried = asyncio.Event()
        self._all_tried.set()

    @property
    def policy(self) -> CallbackPolicy:
        """How unreliable callbacks are at present."""
        return self._policy

    @property
    def held(self) -> int:
        """How many events are held back."""
        return len(self._held)

    def set_policy(self, policy: CallbackPolicy) -> None:
        """Change how unreliable callbacks are; what was held back goes out when nothing is to be held any more."""
        self._policy = policy
        while self._held and not policy.hold:
            self._send(self._held.popleft(), 1)

    def emit(
        self,
        configuration: CallbackConfiguration,
        url: str | None,
        *,
        resource_type: ResourceType,
        resource_id: str,
        event_type: str,
        succeeded: bool,
        failure_code: str | None = None,
        is_lost: bool = False,
    ) -> None:
        """Create an event at the virtual present and see to its delivery; one that is lost is never sent.

        Without a URL to send it to, there is none.
        """
        if not url:
            return
        now = self._clock.now()
        event_id = self._draws.ulid(now, f"event {next(self._sequence)}")
        payload: dict[str, Any] = {
            "eventId": event_id,
            "timestamp": rfc3339(now),
            "projectId": configuration.project_id,
            "resourceId": resource_id,
            "resourceType": resource_type,
            "eventType": event_type,
            "status": "SUCCEEDED" if succeeded else "FAILED",
            "failureCode": failure_code,
        }
        if resource_type == "ACTIVE_NUMBER":
            payload |= {"timestamp": rfc3339(now).removesuffix("Z"), "internalFailureCode": None}
        body = _COMPACT_JSON.encode(payload).encode()
        event = Event(configuration, event_id, event_type, resource_id, url, body)
        if is_lost:
            self._note("callback_dropped", event)
        else:
            self._dispatch(event)

    async def settled(self) -> None:
        """Wait until every event handed over so far has been tried."""
        await self._all_tried.wait()

    async def close(self) -> None:
        """Send nothing more, whatever is under way or waits."""
        await self._posts.close()

    def _dispatch(self, event: Event) -> None:
        if self._chance.random() < self._policy.drop:
            self._note("callback_dropped", event)
            return
        copies = 2 if self._chance.random() < self._policy.duplicate else 1
        delay = self._policy.delay_seconds
        if self._chance.random() < self._policy.reorder:
            delay += self._draws.seconds(self._durations.callback_reordering, event.event_id, "reordering")
        for _ in range(copies):
            if delay:
                self._clock.after(delay, self._hold_or_send, event)
            else:
                self._hold_or_send(event)

    def _hold_or_send(self, event: Event) -> None:
        if self._policy.hold:
            self._held.append(event)
        else:
            self._send(event, 1)

    def _send(self, event: Event, attempt: int) -> None:
        self._untried += 1
        self._all_tried.clear()
        secret = event.configuration.hmac_secret
        headers = {"X-Sinch-Signature": signature(secret, event.body)} if secret else {}
        self._posts.send(event.url, event.body, headers, partial(self._tried, event, attempt))

    def _tried(self, event: Event, attempt: int, status: int | str) -> None:
        self._untried -= 1
        if self._untried == 0:
            self._all_tried.set()
        if status == 200:
            self._note("callback_delivered", event, status=status, attempt=attempt)
            return
        pauses = self._durations.callback_retry_pauses
        given_up = attempt > len(pauses)
        self._note("callback_failed", event, status=status, attempt=attempt, given_up=given_up)
        if not given_up:
            self._clock.after(pauses[attempt - 1], self._send, event, attempt + 1)

    def _note(self, kind: str, event: Event, **details: object) -> None:
        self._ledger.write(
            kind,
            event.resource_id,
            event.configuration.project_id,
            event_id=event.event_id,
            event_type=event.event_type,
            **details,
        )


def signature(secret: str, body: bytes) -> str:
    """``X-Sinch-Signature`` of a body: lower-case hex of its HMAC-SHA1 under the secret's UTF-8 bytes."""
    return hmac.digest(secret.encode(), body, "sha1").hex()
