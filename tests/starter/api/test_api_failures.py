"""What the commands on the API say, and end with, when Sinch cannot be asked or refuses."""

import pytest

from tests.starter.api.two_projects import KEY_SECRETS, TwoProjects
from tests.starter.onboard_command import Onboard

ASK = ("qualified", "show", "+12025550101")
GET = "QualifiedNumberService_GetQualifiedNumber"


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        ("ONBOARD_SINCH_KEY_SECRET", "another", 4, "Check the key id and key secret of the project"),
        ("ONBOARD_SINCH_PROJECT_ID", "another", 4, "Check the project id and that the key belongs to this project"),
        ("ONBOARD_SINCH_KEY_SECRET", "", 4, "ONBOARD_SINCH_KEY_SECRET: Field required. Set it to the secret of that"),
        ("ONBOARD_SINCH_IMPORTED_URL", "http://127.0.0.1:1", 8, "Nothing reached Sinch"),
        ("ONBOARD_SINCH_TOKEN_URL", "http://127.0.0.1:1", 8, "Nothing reached Sinch"),
        ("ONBOARD_SINCH_PROFILES", "nowhere.toml", 4, "nowhere.toml cannot be read: No such file or directory"),
    ],
)
async def test_credentials_and_connections_have_exit_codes_of_their_own(
    onboard: Onboard, variable: str, value: str, code: int, said: str
) -> None:
    ended = await onboard(*ASK, **{variable: value})
    assert (ended.code, ended.stdout) == (code, "")
    assert said in ended.stderr


@pytest.mark.parametrize(("status", "code"), [(404, 1), (418, 1), (429, 8), (500, 8)])
async def test_what_sinch_answers_decides_the_exit_code(
    onboard: Onboard, projects: TwoProjects, status: int, code: int
) -> None:
    await projects.sinch.fail(GET, status=status, times=None)
    ended = await onboard(*ASK)
    assert (ended.code, ended.stdout) == (code, "")
    assert f"qualified_numbers.get for +12025550101: {status}" in ended.stderr


async def test_a_connection_that_is_cut_is_sinch_being_away(onboard: Onboard, projects: TwoProjects) -> None:
    await projects.sinch.fail(GET, "cut_after", times=None)
    assert (await onboard.anew(*ASK)).code == 8


async def test_an_unknown_profile_is_told_with_those_there_are(onboard: Onboard) -> None:
    ended = await onboard(*ASK, "--profile", "wholesale")
    assert (ended.code, ended.stdout) == (4, "")
    assert "there is no profile 'wholesale'; there are default, retail" in ended.stderr


async def test_no_key_secret_is_ever_shown(onboard: Onboard, projects: TwoProjects) -> None:
    (projects.folder / "profiles.toml").chmod(0o644)
    await projects.sinch.fail(GET, status=401, times=2)
    for arguments in (ASK, (*ASK, "--profile", "retail"), ("callbacks", "show", "--profile", "retail")):
        ended = await onboard(*arguments)
        assert not any(secret in ended.stdout + ended.stderr for secret in KEY_SECRETS)
    assert "everybody on this machine can read it" in ended.stderr
