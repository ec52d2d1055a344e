"""A number that stands in two batches: no phone rings for both at once."""

from onboarding.calls.voice import PLACE_CALL
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode
from onboarding.stages import Verification
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE
from tests.workflows.staging import Scene, a_batch, fresh_numbers

VOICE = Verification.VOICE


async def test_two_batches_never_call_the_same_phone_at_once(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    first = await scene.start_group((number,), a_batch(verification=VOICE))
    second = await scene.start_group((number,), a_batch(verification=VOICE))
    await scene.pass_hours(6)
    assert len(world.rings(number)) == 1
    await scene.verification(number).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(first)).stages == {"DONE": 1}
    assert (await scene.result(second)).stages == {"DONE": 1}
    assert len(world.rings(number)) == 1


async def test_the_other_batch_calls_once_the_first_has_given_up(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    first, second = a_batch(verification=VOICE), a_batch(verification=VOICE)
    await scene.start_group((number,), first)
    await scene.pass_hours(24)
    group = await scene.start_group((number,), second)
    await scene.pass_hours(6.5 * 24)
    assert [recorded.workflow_id for recorded in world.made(PLACE_CALL)] == [f"VerifyNumber:{number}"] * 2
    await scene.verification(number).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(group)).stages == {"DONE": 1}


async def test_a_phone_that_the_other_batch_keeps_busy_ends_the_wait_at_its_deadline(
    scene: Scene, world: OutsideWorld
) -> None:
    number = fresh_numbers(1)[0]
    long = {"voice_code": {"remind_every": "5d", "deadline": "60d"}}
    await scene.start_group((number,), a_batch(verification=VOICE, pace=long))
    await scene.pass_hours(3)
    waiting = await scene.start_group((number,), a_batch(verification=VOICE))
    assert (await scene.result(waiting)).stages == {"FAILED": 1}
    assert len(world.rings(number)) == 1
