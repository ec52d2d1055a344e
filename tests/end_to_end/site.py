"""A running stack, and the ways a test reaches it: the command, the Temporal client, the simulated world."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import httpx
from temporalio.client import Client, WorkflowExecutionStatus

from onboarding.ids import batch_workflow_id
from onboarding.search_attributes import WAITING_ON
from onboarding.stages import WaitingOn
from starter.stack import CALLBACK_PAUSES_HOURS, Stack, StackSettings, running_stack
from temporal_connection import data_converter
from tests.end_to_end.batches import End, ends
from tests.end_to_end.simulated_world import SimulatedWorld
from tests.starter.onboard_command import Ended, Onboard

_COMES_TRUE_WITHIN_SECONDS = 100.0
_LOOK_EVERY_SECONDS = 0.1
_CALLS_SETTLE_SECONDS = 0.2
"""The SDK's threads may crash an interpreter that ends within 0.1 s of the last call."""


@dataclass(frozen=True)
class Site:
    """`folder` is for files of tests; `stack` can be taken apart process by process."""

    folder: Path
    stack: Stack
    world: SimulatedWorld
    client: Client
    onboard: Onboard

    async def is_running(self, batch: str) -> bool:
        """True from the start to the end of the batch's workflow."""
        return await self.waits_for(batch_workflow_id(batch)) is not None

    async def waits_for(self, workflow_id: str) -> str | None:
        """Whom a running workflow waits for (`nobody` and `operator` among others); None once it has ended.

        Asked again and again this costs next to nothing, a run of the command half a second of processor time.
        """
        described = await self.client.get_workflow_handle(workflow_id).describe()
        if described.status != WorkflowExecutionStatus.RUNNING:
            return None
        return described.typed_search_attributes.get(WAITING_ON, WaitingOn.NOBODY)

    async def through(self, *arguments: object, hours_a_look: float = 3) -> Ended:
        """What a command says in the end that waits for something; until then simulated hours go by."""
        run = asyncio.create_task(self.onboard(*arguments))

        async def is_through() -> bool:
            await self.world.pass_hours(hours_a_look)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            return run.done()

        await until(is_through, f"{arguments} is through")
        return await run

    async def ends_of(self, batch: str) -> dict[str, End]:
        """Number -> stage and reason, as `onboard numbers` shows them."""
        ended = await self.onboard("numbers", batch, "--output", "json")
        assert ended.code == 0, ended.stderr
        return ends(ended.data)


@asynccontextmanager
async def running_site(
    folder: Path,
    day_seconds: float = 600,
    *,
    seed: int = 1,
    voice_code_hours: float = 24,
    callback_pauses_hours: tuple[float, ...] = CALLBACK_PAUSES_HOURS,
    ports: Mapping[str, int] = MappingProxyType({}),
) -> AsyncIterator[Site]:
    """Start a stack; by default its virtual time passes so slowly that tests make it jump."""
    settings = StackSettings(
        folder=folder,
        day_seconds=day_seconds,
        seed=seed,
        voice_code_hours=voice_code_hours,
        callback_pauses_hours=callback_pauses_hours,
        ports=dict(ports),
    )
    async with (
        running_stack(settings) as stack,
        httpx.AsyncClient(base_url=stack.endpoints.simulator_control, timeout=30) as control,
    ):
        client = await Client.connect(stack.endpoints.temporal, data_converter=data_converter())
        yield Site(folder, stack, SimulatedWorld(control), client, Onboard(folder, stack.environment))
        await asyncio.sleep(_CALLS_SETTLE_SECONDS)


async def until(
    condition: Callable[[], Awaitable[object]], what: str, within_seconds: float = _COMES_TRUE_WITHIN_SECONDS
) -> None:
    """Wait until the condition holds. Fails, naming what was waited for, when it does not in any reasonable time."""
    try:
        async with asyncio.timeout(within_seconds):
            while True:
                if await condition():
                    return
                await asyncio.sleep(_LOOK_EVERY_SECONDS)
    except TimeoutError:
        raise AssertionError(f"{what}: not after {within_seconds:.0f} s") from None
