"""`onboard verify` and `onboard code`: what somebody heard on the phone gets to Sinch, and wrong codes are told."""

import asyncio
import os
import pty
import signal

import pytest

from starter.challenges import challenge_status, open_challenges
from tests.end_to_end.batches import FOREVER, SELDOM, numbers_of, write_batch
from tests.end_to_end.site import Site, until
from tests.starter.onboard_command import ONBOARD

pytestmark = pytest.mark.end_to_end

NUMBERS = numbers_of(813, "0101", "0102", "0103", "4104")
WRONG = "999"


@pytest.fixture(scope="module")
async def called_batch(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A batch whose phones have been called; nobody answered the last one."""
    site, batch = shared_site, "called"
    path = write_batch(
        tmp_path_factory.mktemp("called"), batch, NUMBERS, verification="voice", voice_code=FOREVER,
        poll_longest=SELDOM, wave='"1d"',
    )  # fmt: skip
    await site.onboard("start", path)

    async def all_are_called() -> bool:
        await site.world.pass_hours(2)
        challenges = await open_challenges(site.client, batch)
        return sum(challenge.calls_placed for challenge in challenges) == len(NUMBERS)

    await until(all_are_called, "the phones are called")
    return batch


async def test_a_code_is_judged_right_or_wrong(site: Site, called_batch: str) -> None:
    number = NUMBERS[0]
    wrong = await site.onboard("code", number, WRONG)
    assert wrong.code == 3
    assert f"{number}: wrong code (The code is wrong.); 1 wrong so far, 4 calls left" in wrong.stdout
    [heard] = await site.world.codes_heard(number)
    right = await site.onboard("code", number, heard, "--output", "json")
    assert (right.code, right.data["outcome"], right.data["wrong_codes"]) == (0, "VERIFIED", 1)
    assert heard not in right.stdout + right.stderr
    again = await site.onboard("code", number, heard)
    assert again.code != 0
    assert number in again.stderr


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("555", "1234", "'555': "),
        ("+18135550199", "1234", "no voice challenge is open for +18135550199"),
        (NUMBERS[1], "12", "a code has 3 to 10 digits and nothing else"),
        (NUMBERS[1], "12a4", "a code has 3 to 10 digits and nothing else"),
    ],
)
async def test_what_cannot_be_a_code_or_a_called_number_is_refused(
    site: Site, called_batch: str, number: str, code: str, said: str
) -> None:
    ended = await site.onboard("code", number, code)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


async def test_the_guide_goes_from_phone_to_phone_until_the_operator_quits(site: Site, called_batch: str) -> None:
    unanswered = NUMBERS[3]
    order = [status.phone_number for status in await open_challenges(site.client, called_batch)]
    assert set(order) >= set(NUMBERS[1:])
    answers = []
    for number in order:
        if number == NUMBERS[1]:
            answers += [WRONG, "x", (await site.world.codes_heard(number))[0]]
        elif number == unanswered:
            answers += ["a", "n"]
        else:
            answers += ["n"]
    guided = await site.onboard("verify", called_batch, given="".join(f"{answer}\n" for answer in [*answers, "q"]))
    assert (guided.code, guided.stdout) == (0, "")
    assert "voice challenges open" in guided.stderr
    assert f"{NUMBERS[1]}: wrong code (The code is wrong.); 1 wrong so far" in guided.stderr
    assert "a code has 3 to 10 digits and nothing else" in guided.stderr
    assert f"{NUMBERS[1]}: verified" in guided.stderr
    assert "Calling +1813...04 again." in guided.stderr
    assert guided.stderr.endswith("1 number verified\n")

    async def is_answered() -> bool:
        return len(await site.world.codes_heard(unanswered)) == 1

    await until(is_answered, "the second call is answered")
    assert (await challenge_status(site.client, unanswered)).calls_placed == 2


async def test_without_open_challenges_the_guide_says_so(site: Site) -> None:
    ended = await site.onboard("verify", "no-such-batch")
    assert "no voice challenge of batch no-such-batch is open" in ended.stderr


async def test_ctrl_c_at_the_prompt_of_a_terminal_ends_the_guide(site: Site, called_batch: str) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, **site.stack.environment}
    process = await asyncio.create_subprocess_exec(
        ONBOARD, "verify", called_batch, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        said = b""
        while b"(q) quit: " not in said:
            said += await asyncio.to_thread(os.read, ours, 1000)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 30) == 130
    finally:
        if process.returncode is None:
            process.kill()
        os.close(ours)
