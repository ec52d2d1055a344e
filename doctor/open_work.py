"""The open workflows of the product, or of one batch: how to ask for them, count them, and look into some."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionDescription
from temporalio.service import RPCError, RPCStatusCode

from onboarding import search_attributes as keys
from onboarding.contracts import verification

SUBJECT = "open work"
"""What a diagnosis is about that names no single workflow."""

_AT_ONCE = 16
"""Workflows that are described at the same time."""
_PAGE = 200


@dataclass(frozen=True)
class OpenWork:
    """Which workflows are meant: all of the product in the namespace, or those of one batch, import or relinking."""

    client: Client
    batch: str | None = None

    @property
    def belonging(self) -> str:
        """A list query for all of them, ended ones too. Every workflow of the product has the attribute of a batch."""
        return f"{keys.BATCH.name} IS NOT NULL" if self.batch is None else f'{keys.BATCH.name}="{self.batch}"'

    def query(self, *conditions: str) -> str:
        """A list query for the running ones among them."""
        return " AND ".join([self.belonging, 'ExecutionStatus="Running"', *conditions])

    async def count(self, *conditions: str) -> int:
        """How many there are. Raises RPCError."""
        return (await self.client.count_workflows(self.query(*conditions))).count

    def listed(self, *conditions: str, at_most: int) -> AsyncIterator[WorkflowExecution]:
        """Those that were started last. Raises RPCError."""
        return self.client.list_workflows(self.query(*conditions), page_size=min(at_most, _PAGE), limit=at_most)


@dataclass(frozen=True)
class Inspection:
    """Workflows that were looked into, and how many were not."""

    looked_at: Sequence[WorkflowExecutionDescription]
    not_looked_at: int


async def inspect(work: OpenWork, at_most: int) -> Inspection:
    """Look into `at_most` open workflows: batches, groups and orders before voice challenges, of which there may be
    one a number. Raises RPCError.
    """
    is_challenge = f'WorkflowType="{verification.WORKFLOW}"'
    chosen = [found async for found in work.listed(f"NOT {is_challenge}", at_most=at_most)]
    if room := at_most - len(chosen):
        chosen += [found async for found in work.listed(is_challenge, at_most=room)]
    described = await describe(work.client, chosen)
    return Inspection(described, max(0, await work.count() - len(chosen)) if len(chosen) == at_most else 0)


async def describe(client: Client, chosen: Sequence[WorkflowExecution]) -> list[WorkflowExecutionDescription]:
    """What the server knows of each, pending tasks and activities too. Raises RPCError."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def described(execution: WorkflowExecution) -> WorkflowExecutionDescription | None:
        async with free:
            try:
                return await client.get_workflow_handle(execution.id, run_id=execution.run_id).describe()
            except RPCError as error:
                if error.status == RPCStatusCode.NOT_FOUND:
                    return None
                raise

    return [found for found in await asyncio.gather(*map(described, chosen)) if found is not None]
