"""Several Sinch projects behind one receiver: whose secret counts for an event, and how a secret is replaced."""

import base64
from pathlib import Path

import pytest
from pydantic import SecretStr

from processes.callback_secrets import InvalidSecretsFile, write_callback_secrets
from processes.settings import InvalidSettings
from processes.sinch_profiles import CallbackProfile
from receiver.project_secrets import project_secrets
from tests.receiver.served_receiver import SECRET, ServedReceiver, event_body, fresh_workflow_id, serving, signed

HERE, THERE = "project-here", "project-there"
OLD, NEW, NEWER = "old-secret", "new-secret", "newer-secret"


def keep(file: Path, *secrets: str) -> Path:
    write_callback_secrets(file, [SecretStr(secret) for secret in secrets])
    return file


def profile(
    name: str, project_id: str | None, file: Path | None = None, *, numbers_file: Path | None = None
) -> CallbackProfile:
    return CallbackProfile(
        name=name, project_id=project_id, callback_secrets_file=file, numbers_callback_secrets_file=numbers_file
    )


async def answer(receiver: ServedReceiver, project_id: str | None, secret: str) -> tuple[int, str]:
    """What an event of this project is answered that is signed with this secret."""
    body = event_body(projectId=project_id)
    answered = await receiver.post(fresh_workflow_id(), body, signed(body, secret=secret))
    return answered.status_code, answered.text


TAKEN, BAD, UNKNOWN = (200, "taken"), (401, "bad_signature"), (401, "unknown_project")


async def test_each_project_signs_with_its_own_secret_and_with_no_other(tmp_path: Path) -> None:
    profiles = {
        "default": profile("default", HERE),
        "retail": profile("retail", THERE, keep(tmp_path / "retail", NEW)),
    }
    async with serving(profiles=profiles) as receiver:
        answers = {(project, secret): await answer(receiver, project, secret)
                   for project in (HERE, THERE) for secret in (SECRET, NEW)}  # fmt: skip
    assert answers == {(HERE, SECRET): TAKEN, (HERE, NEW): BAD, (THERE, SECRET): BAD, (THERE, NEW): TAKEN}


async def test_an_event_of_a_project_that_is_no_profile_s_is_refused_and_counted_apart(tmp_path: Path) -> None:
    profiles = {"retail": profile("retail", THERE, keep(tmp_path / "retail", NEW))}
    async with serving(profiles=profiles, callback_secrets="") as receiver:
        assert await answer(receiver, HERE, NEW) == UNKNOWN
        assert await answer(receiver, None, NEW) == UNKNOWN
        assert await answer(receiver, THERE, OLD) == BAD
        assert await receiver.metric('onboard_callbacks_total{outcome="unknown_project"}') == 2
        assert await receiver.metric('onboard_callbacks_total{outcome="bad_signature"}') == 1


async def test_an_event_that_names_no_project_counts_as_the_default_one_s() -> None:
    async with serving(profiles={"default": profile("default", HERE)}) as receiver:
        assert await answer(receiver, None, SECRET) == TAKEN
        assert await answer(receiver, None, NEW) == BAD


async def test_a_default_profile_without_a_project_takes_what_is_no_other_profile_s(tmp_path: Path) -> None:
    profiles = {"retail": profile("retail", THERE, keep(tmp_path / "retail", NEW))}
    async with serving(profiles=profiles) as receiver:
        assert await answer(receiver, HERE, SECRET) == TAKEN
        assert await answer(receiver, THERE, SECRET) == BAD


async def test_a_secret_is_replaced_without_a_restart_and_without_a_lost_event(tmp_path: Path) -> None:
    file = keep(tmp_path / "secrets", OLD)
    async with serving(profiles={"default": profile("default", HERE, file)}, callback_secrets="") as receiver:
        before = await answer(receiver, HERE, OLD)
        keep(file, NEW, OLD)
        during = [await answer(receiver, HERE, secret) for secret in (OLD, NEW, OLD)]
        keep(file, NEWER, NEW)
        after = [await answer(receiver, HERE, secret) for secret in (NEWER, NEW, OLD)]
    assert (before, during, after) == (TAKEN, [TAKEN] * 3, [TAKEN, TAKEN, BAD])


async def test_events_of_the_numbers_api_are_signed_with_the_other_secret_of_their_project(tmp_path: Path) -> None:
    profiles = {
        "default": profile(
            "default", HERE, keep(tmp_path / "here", OLD), numbers_file=keep(tmp_path / "here-numbers", NEW)
        ),
        "retail": profile("retail", THERE, numbers_file=keep(tmp_path / "there-numbers", NEWER)),
    }
    async with serving(profiles=profiles, callback_secrets="") as receiver:
        answers = {
            (project, secret): await answer(receiver, project, secret)
            for project in (HERE, THERE)
            for secret in (OLD, NEW, NEWER)
        }
    assert answers == {
        (HERE, OLD): TAKEN,
        (HERE, NEW): TAKEN,
        (HERE, NEWER): BAD,
        (THERE, OLD): BAD,
        (THERE, NEW): BAD,
        (THERE, NEWER): TAKEN,
    }


async def test_the_secret_of_one_api_is_replaced_beside_that_of_the_other(tmp_path: Path) -> None:
    imported, numbers = keep(tmp_path / "imported", OLD), tmp_path / "numbers"
    profiles = {"default": profile("default", HERE, imported, numbers_file=numbers)}
    async with serving(profiles=profiles, callback_secrets="") as receiver:
        before = [await answer(receiver, HERE, secret) for secret in (OLD, NEW)]
        keep(numbers, NEW)
        after = [await answer(receiver, HERE, secret) for secret in (OLD, NEW)]
        keep(numbers, NEWER)
        replaced = [await answer(receiver, HERE, secret) for secret in (OLD, NEWER, NEW)]
    assert (before, after, replaced) == ([TAKEN, BAD], [TAKEN, TAKEN], [TAKEN, TAKEN, BAD])


async def test_what_is_wrong_with_the_file_later_takes_no_secret_away(tmp_path: Path) -> None:
    file = keep(tmp_path / "secrets", OLD)
    async with serving(profiles={"default": profile("default", HERE, file)}, callback_secrets="") as receiver:
        file.write_text("one\ntwo\nthree\n")
        assert await answer(receiver, HERE, OLD) == TAKEN
        file.unlink()
        assert await answer(receiver, HERE, OLD) == TAKEN
        keep(file, NEW)
        assert [await answer(receiver, HERE, secret) for secret in (NEW, OLD)] == [TAKEN, BAD]


async def test_until_there_is_a_secret_events_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    async with serving(profiles={"default": profile("default", HERE, file)}, callback_secrets="") as receiver:
        assert await answer(receiver, HERE, "") == BAD
        keep(file, NEW)
        assert await answer(receiver, HERE, NEW) == TAKEN


async def test_the_secrets_of_the_setting_count_beside_those_in_the_file(tmp_path: Path) -> None:
    file = keep(tmp_path / "secrets", NEW)
    async with serving(profiles={"default": profile("default", HERE, file)}) as receiver:
        assert [await answer(receiver, HERE, secret) for secret in (NEW, SECRET)] == [TAKEN, TAKEN]


@pytest.mark.parametrize(("accepted", "expected"), [(True, 200), (False, 401)])
async def test_signatures_in_base64_are_taken_where_the_switch_is_on(accepted: bool, expected: int) -> None:
    body = event_body()
    in_base64 = base64.b64encode(bytes.fromhex(signed(body)["X-Sinch-Signature"])).decode()
    async with serving(callback_accept_base64=accepted) as receiver:
        answered = await receiver.post(fresh_workflow_id(), body, {"X-Sinch-Signature": in_base64})
        assert (await receiver.post(fresh_workflow_id(), body)).status_code == 200
    assert answered.status_code == expected


@pytest.mark.parametrize("name", ["default", "retail"])
def test_a_profile_without_any_secrets_is_named(name: str) -> None:
    with pytest.raises(InvalidSettings, match=r"CALLBACK_SECRETS|\[retail\] callback_secrets_file") as refused:
        project_secrets({name: profile(name, HERE)}, ())
    assert "Set it to" in str(refused.value)


def test_a_file_that_is_wrong_at_the_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"there is no folder .*/nowhere"):
        project_secrets({"retail": profile("retail", HERE, tmp_path / "nowhere" / "secrets")}, ())
    with pytest.raises(InvalidSettings, match="numbers_callback_secrets_file of profile retail: there is no folder"):
        project_secrets({"retail": profile("retail", HERE, numbers_file=tmp_path / "nowhere" / "secrets")}, ())
    with pytest.raises(InvalidSecretsFile, match="it has 3 secrets"):
        project_secrets({"retail": profile("retail", HERE, keep(tmp_path / "secrets", OLD, NEW, NEWER))}, ())
