"""One running stack for all tests that do not break it, and a batch on it that waits for people."""

from collections.abc import AsyncIterator

import pytest

from onboarding.ids import group_workflow_id
from starter.challenges import open_challenges
from tests.end_to_end.batches import FOREVER, SELDOM, numbers_of, write_batch
from tests.end_to_end.site import Site, running_site, until

WAITING_NUMBERS = numbers_of(818, "0101", "0102", "0103")
"""The first one is in a hosting order whose LOA is not signed, the phones of the others wait for a code."""


@pytest.fixture(scope="session")
async def shared_site(tmp_path_factory: pytest.TempPathFactory, temporal_cli: str) -> AsyncIterator[Site]:
    """The stack, started once."""
    async with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
async def site(shared_site: Site) -> AsyncIterator[Site]:
    """The stack, with everything well again afterwards."""
    yield shared_site
    await shared_site.world.be_well()


@pytest.fixture(scope="session")
async def waiting_batch(shared_site: Site) -> str:
    """A batch that waits for a signature and for two voice codes for as long as the tests go on."""
    site, batch = shared_site, "waiting"
    path = write_batch(
        site.folder,
        batch,
        WAITING_NUMBERS,
        verification="voice",
        signer="never@example.com",
        voice_code=FOREVER,
        loa_signature=FOREVER,
        poll_longest=SELDOM,
        wave='"1s"',
    )
    started = await site.onboard("start", path)
    assert started.code == 0, started.stderr

    async def all_are_called() -> bool:
        await site.world.pass_hours(2)
        challenges = await open_challenges(site.client, batch)
        return sum(challenge.calls_placed for challenge in challenges) == len(WAITING_NUMBERS)

    await until(all_are_called, "the phones are called")
    verified = await site.onboard("code", WAITING_NUMBERS[0], (await site.world.codes_heard(WAITING_NUMBERS[0]))[0])
    assert verified.code == 0, verified.stderr

    async def is_ordered() -> bool:
        await site.world.pass_hours(1)
        query = f'OnboardingBatch="{batch}" AND OnboardingWaitingOn="loa-signature"'
        return (await site.client.count_workflows(query)).count == 1

    await until(is_ordered, f"an order of {group_workflow_id(batch, 1)} waits for its LOA")
    return batch
