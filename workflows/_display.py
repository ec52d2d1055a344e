"""What the Web UI and the CLI show of a workflow: search attributes and current details, written on change only."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from onboarding import search_attributes as keys
from onboarding.stages import Stage, WaitingOn


class Display:
    """Remembers what is shown, so that an unchanged value costs no event."""

    def __init__(self) -> None:
        """Starts from the attributes the workflow was started with."""
        self._shown: dict[str, object] = {}
        for pair in workflow.info().typed_search_attributes.search_attributes:
            self._shown[pair.key.name] = pair.value

    def show(
        self,
        *,
        stage: Stage | None = None,
        waiting_on: WaitingOn | None = None,
        hosting_order: str | None = None,
        numbers_done: int | None = None,
        numbers_failed: int | None = None,
        deadline: datetime | None = None,
        details: str | None = None,
    ) -> None:
        """Write what is given and has changed; None leaves a value as it is."""
        updates: list[SearchAttributeUpdate[Any]] = []
        self._change(updates, keys.STAGE, stage and stage.value)
        self._change(updates, keys.WAITING_ON, waiting_on and waiting_on.value)
        self._change(updates, keys.HOSTING_ORDER, hosting_order)
        self._change(updates, keys.NUMBERS_DONE, numbers_done)
        self._change(updates, keys.NUMBERS_FAILED, numbers_failed)
        self._change(updates, keys.DEADLINE, deadline)
        if updates:
            workflow.upsert_search_attributes(updates)
        if details is not None:
            workflow.set_current_details(details)

    @contextmanager
    def until_cancelled(self) -> Iterator[None]:
        """A workflow that is cancelled from outside ends waiting for nobody."""
        try:
            yield
        except asyncio.CancelledError:
            self.show(waiting_on=WaitingOn.NOBODY, stage=Stage.CANCELLED)
            raise

    def _change(self, updates: list[SearchAttributeUpdate[Any]], key: SearchAttributeKey[Any], value: object) -> None:
        if value is not None and self._shown.get(key.name) != value:
            self._shown[key.name] = value
            updates.append(key.value_set(value))
