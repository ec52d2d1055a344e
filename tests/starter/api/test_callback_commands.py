"""`onboard callbacks`: a new secret is kept before Sinch gets it, the old one beside it; neither is shown unasked."""

import re

import pytest
from pydantic import SecretStr

from processes.callback_secrets import write_callback_secrets
from tests.starter.api.two_projects import TwoProjects
from tests.starter.onboard_command import Ended, Onboard

SET = "UpdateCallbackConfiguration"
GET = "GetCallbackConfiguration"


def assert_shows_none(ended: Ended, *secrets: str) -> None:
    assert not any(secret in ended.stdout + ended.stderr for secret in secrets)


async def test_a_new_secret_is_kept_for_the_receiver_and_given_to_sinch(
    onboard: Onboard, projects: TwoProjects
) -> None:
    ended = await onboard.anew("callbacks", "set-secret", "--yes")
    assert ended.code == 0, ended.stderr
    [secret] = projects.secrets()
    assert re.fullmatch(r"[A-Za-z0-9-]{36}", secret)
    assert await projects.secret_at_sinch() == secret
    assert projects.secrets_file("default").stat().st_mode & 0o777 == 0o600
    assert str(projects.secrets_file("default")) in ended.stdout
    assert_shows_none(ended, secret)


async def test_the_secret_before_stays_valid_as_the_second_one(onboard: Onboard, projects: TwoProjects) -> None:
    kept = []
    for _ in range(3):
        assert (await onboard("callbacks", "set-secret", "--yes")).code == 0
        kept.append(projects.secrets())
    assert [len(secrets) for secrets in kept] == [1, 2, 2]
    assert kept[1][1] == kept[0][0]
    assert kept[2][1] == kept[1][0]


async def test_a_secret_that_sinch_has_from_elsewhere_stays_valid_too(onboard: Onboard, projects: TwoProjects) -> None:
    await projects.sinch.client.callback_configuration.update(SecretStr("from the dashboard"))
    ended = await onboard("callbacks", "set-secret", "--yes")
    assert projects.secrets()[1:] == ["from the dashboard"]
    assert_shows_none(ended, *projects.secrets())


async def test_each_profile_has_its_own_secret(onboard: Onboard, projects: TwoProjects) -> None:
    for profile in ("default", "retail"):
        assert (await onboard("callbacks", "set-secret", "--yes", "--profile", profile)).code == 0
    at_retail = (await projects.retail.callback_configuration.get()).hmac_secret
    assert at_retail is not None
    assert projects.secrets("retail") == [at_retail.get_secret_value()]
    assert projects.secrets("default") == [await projects.secret_at_sinch()]
    assert projects.secrets("default") != projects.secrets("retail")


async def test_each_api_has_its_own_secret_in_its_own_file(onboard: Onboard, projects: TwoProjects) -> None:
    for api in ("imported", "numbers"):
        assert (await onboard("callbacks", "set-secret", "--yes", "--api", api)).code == 0
    at_numbers = (await projects.sinch.client.numbers_callback_configuration.get()).hmac_secret
    assert at_numbers is not None
    assert projects.secrets("default-numbers") == [at_numbers.get_secret_value()]
    assert projects.secrets("default") == [await projects.secret_at_sinch()]
    assert projects.secrets("default") != projects.secrets("default-numbers")
    shown = await onboard("callbacks", "show", "--api", "numbers", "--output", "json")
    assert (shown.data["api"], shown.data["in_file_as"]) == ("numbers", "newest")
    assert_shows_none(shown, *projects.secrets("default-numbers"))


async def test_a_profile_without_a_file_for_the_numbers_api_is_told_which_key_to_set(
    onboard: Onboard, projects: TwoProjects
) -> None:
    ended = await onboard("callbacks", "set-secret", "--yes", "--api", "numbers", "--profile", "retail")
    assert (ended.code, ended.stdout) == (4, "")
    assert "profile retail has no numbers_callback_secrets_file" in ended.stderr
    assert "ONBOARD_SINCH_NUMBERS_CALLBACK_SECRETS_FILE" in ended.stderr


@pytest.mark.parametrize("output", ["text", "json"])
async def test_the_secret_is_printed_when_asked_for(onboard: Onboard, projects: TwoProjects, output: str) -> None:
    ended = await onboard("callbacks", "set-secret", "--yes", "--print", "--output", output)
    [secret] = projects.secrets()
    assert secret == (ended.data["secret"] if output == "json" else ended.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("kind", "status", "code", "said"),
    [
        ("status", 403, 4, "Sinch still has the old secret. Both are in"),
        ("status", 500, 8, "Sinch may have either secret. Both are in"),
        ("cut_after", 500, 8, "Sinch may have either secret. Both are in"),
    ],
)
async def test_when_sinch_does_not_take_the_secret_both_stay_valid_and_the_next_run_ends_it(
    onboard: Onboard, projects: TwoProjects, kind: str, status: int, code: int, said: str
) -> None:
    await onboard("callbacks", "set-secret", "--yes")
    [old] = projects.secrets()
    await projects.sinch.fail(SET, kind, status=status)

    failed = await onboard("callbacks", "set-secret", "--yes")

    assert (failed.code, failed.stdout) == (code, "")
    assert said in failed.stderr
    assert projects.secrets()[1] == old
    assert await projects.secret_at_sinch() in projects.secrets()
    assert_shows_none(failed, *projects.secrets())
    before = await projects.secret_at_sinch()
    assert (await onboard("callbacks", "set-secret", "--yes")).code == 0
    assert projects.secrets() == [await projects.secret_at_sinch(), before]


async def test_when_sinch_cannot_be_asked_nothing_changes(onboard: Onboard, projects: TwoProjects) -> None:
    write_callback_secrets(projects.secrets_file("default"), [SecretStr("kept")])
    await projects.sinch.fail(GET, status=503, times=None)
    ended = await onboard("callbacks", "set-secret", "--yes")
    assert (ended.code, ended.stdout) == (8, "")
    assert projects.secrets() == ["kept"]
    assert await projects.sinch.requests(SET) == 0


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "profile default has no callback_secrets_file"),
        ("nowhere/secrets", "nowhere/secrets cannot be written: No such file or directory. Nothing was changed"),
    ],
)
async def test_a_secret_that_cannot_be_kept_is_not_given_to_sinch(
    onboard: Onboard, projects: TwoProjects, file: str, said: str
) -> None:
    ended = await onboard("callbacks", "set-secret", "--yes", ONBOARD_SINCH_CALLBACK_SECRETS_FILE=file)
    assert (ended.code, ended.stdout) == (4, "")
    assert said in ended.stderr
    assert await projects.sinch.requests(SET) == 0


async def test_nothing_is_replaced_unasked(onboard: Onboard, projects: TwoProjects) -> None:
    ended = await onboard("callbacks", "set-secret")
    assert (ended.code, ended.stdout) == (2, "")
    assert await projects.sinch.requests(SET) == 0


async def test_show_tells_whether_sinch_and_the_file_agree_without_the_secret(
    onboard: Onboard, projects: TwoProjects
) -> None:
    async def shown() -> tuple[str, str]:
        ended = await onboard("callbacks", "show", "--output", "json")
        assert_shows_none(ended, *(projects.secrets() or ["-----"]))
        return ended.data["secret_at_sinch"], ended.data["in_file_as"]

    assert await shown() == ("none", "missing")
    await onboard("callbacks", "set-secret", "--yes")
    assert await shown() == ("*" * 36, "newest")
    await projects.sinch.fail(SET, status=500)
    await onboard("callbacks", "set-secret", "--yes")
    assert await shown() == ("*" * 36, "older")
    await projects.sinch.client.callback_configuration.update(SecretStr("from the dashboard"))
    assert await shown() == ("*" * 18, "missing")
