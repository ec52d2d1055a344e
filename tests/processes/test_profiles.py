"""Profiles: where each value comes from, what is said of each mistake, and that no secret is ever shown."""

import logging
import os
import traceback
from pathlib import Path

import pytest

from processes.profile_tables import InvalidProfiles
from processes.sinch_apis import SinchApi
from processes.sinch_profiles import (
    PROFILE_KEYS,
    UnknownProfile,
    callback_profiles,
    project_ids,
    sinch_profile,
    sinch_profiles,
)
from sinch_numbers import ClientSettings, FieldMaskParameter

SECRET = "never-to-be-shown"
DEFAULT = {
    "ONBOARD_SINCH_PROJECT_ID": "project-1",
    "ONBOARD_SINCH_KEY_ID": "key-1",
    "ONBOARD_SINCH_KEY_SECRET": SECRET,
}
RETAIL = f"""
[retail]
project_id = "project-2"
key_id = "key-2"
key_secret = "{SECRET}"
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing in the developer's environment changes a test."""
    for name in [name for name in os.environ if name.startswith("ONBOARD_")]:
        monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture
def file(tmp_path: Path, environment: pytest.MonkeyPatch) -> Path:
    """The profiles file, with one profile beside the default one."""
    for name, value in DEFAULT.items():
        environment.setenv(name, value)
    path = tmp_path / "profiles.toml"
    path.touch(mode=0o600)
    path.write_text(RETAIL)
    environment.setenv("ONBOARD_SINCH_PROFILES", str(path))
    return path


def refusal() -> str:
    """What is said when the profiles are read; no secret is in it, nor in the traceback."""
    with pytest.raises(InvalidProfiles) as raised:
        sinch_profiles()
    assert SECRET not in "".join(traceback.format_exception(raised.value))
    return str(raised.value)


def test_without_a_file_the_environment_describes_the_default_profile(environment: pytest.MonkeyPatch) -> None:
    for name, value in DEFAULT.items():
        environment.setenv(name, value)
    profiles = sinch_profiles()
    assert list(profiles) == ["default"]
    profile = profiles["default"]
    assert (profile.project_id, profile.key_id, profile.key_secret.get_secret_value()) == ("project-1", "key-1", SECRET)
    assert profile.imported_url == "https://imported.numbers.api.sinch.com"
    assert profile.numbers_url == "https://numbers.api.sinch.com"
    assert profile.token_url == "https://auth.sinch.com/oauth2/token"
    assert profile.client_settings == ClientSettings()


def test_missing_variables_are_named_with_what_to_set() -> None:
    assert refusal().splitlines() == [
        "ONBOARD_SINCH_PROJECT_ID: Field required. Set it to the project id of the Sinch dashboard.",
        "ONBOARD_SINCH_KEY_ID: Field required. Set it to the id of an access key of that project.",
        "ONBOARD_SINCH_KEY_SECRET: Field required. Set it to the secret of that access key.",
    ]


@pytest.mark.parametrize("name", DEFAULT)
def test_an_empty_variable_is_a_missing_one(environment: pytest.MonkeyPatch, name: str) -> None:
    for variable, value in (DEFAULT | {name: ""}).items():
        environment.setenv(variable, value)
    assert refusal().startswith(f"{name}: Field required")


def test_a_secret_of_spaces_is_refused(environment: pytest.MonkeyPatch) -> None:
    for variable, value in (DEFAULT | {"ONBOARD_SINCH_KEY_SECRET": "  "}).items():
        environment.setenv(variable, value)
    assert refusal().startswith("ONBOARD_SINCH_KEY_SECRET: Value error, it is blank")


@pytest.mark.usefixtures("file")
def test_a_file_adds_profiles_to_the_one_of_the_environment() -> None:
    assert {name: profile.project_id for name, profile in sinch_profiles().items()} == {
        "default": "project-1",
        "retail": "project-2",
    }


def test_a_file_can_describe_the_default_profile_too(file: Path, environment: pytest.MonkeyPatch) -> None:
    for name in DEFAULT:
        environment.delenv(name)
    file.write_text(RETAIL.replace("retail", "default"))
    assert {name: profile.project_id for name, profile in sinch_profiles().items()} == {"default": "project-2"}


SWITCHES = {
    "requests_per_second": "2.5",
    "max_numbers_per_import": "20",
    "states_in_one_request": "true",
    "send_migrate_to_sinch_tmo": "true",
    "field_mask_parameter": "updateMask",
}
CLIENT_SETTINGS = ClientSettings(
    requests_per_second=2.5,
    max_numbers_per_import=20,
    states_in_one_request=True,
    send_migrate_to_sinch_tmo=True,
    field_mask_parameter=FieldMaskParameter.UPDATE_MASK,
)


def test_limits_and_switches_are_the_same_in_the_file_and_in_the_environment(
    file: Path, environment: pytest.MonkeyPatch
) -> None:
    lines = [f"{key} = {value!r}" if key.startswith("field") else f"{key} = {value}" for key, value in SWITCHES.items()]
    file.write_text(RETAIL + "\n".join(lines))
    for key, value in SWITCHES.items():
        environment.setenv(f"ONBOARD_SINCH_{key.upper()}", value)
    assert [profile.client_settings for profile in sinch_profiles().values()] == [CLIENT_SETTINGS] * 2


def test_paths_are_relative_to_the_file_and_a_key_secret_can_be_in_one_of_its_own(file: Path) -> None:
    secret = file.parent / "retail.key"
    secret.touch(mode=0o600)
    secret.write_text(f"{SECRET}\n")
    file.write_text(
        RETAIL.replace(f'key_secret = "{SECRET}"', 'key_secret_file = "retail.key"\ncallback_secrets_file = "retail"')
    )
    profile = sinch_profiles()["retail"]
    assert profile.key_secret.get_secret_value() == SECRET
    assert profile.callback_secrets_file == file.parent / "retail"


def test_secrets_are_read_but_not_shown(file: Path) -> None:
    profile = sinch_profile("retail")
    assert profile.key_secret.get_secret_value() == SECRET
    assert SECRET not in f"{profile!r} {profile} {profile.model_dump_json()} {file}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[retail\n", "{file}: it is no TOML (at line 1, column 8); see https://toml.io"),
        ('project_id = "p"', "{file}: project_id stands outside of a table. Write [a-profile-name] above it"),
        (RETAIL.replace("retail", "Retail"), "{file}, [Retail]: this is no name of a profile. Take lower-case letters"),
        (RETAIL.replace("key_id", "keyid"), "{file}, [retail] keyid: there is no such key. Did you mean key_id?"),
        (RETAIL + "colour = 1", f"{{file}}, [retail] colour: there is no such key. Keys are {', '.join(PROFILE_KEYS)}"),
        (RETAIL.replace("project_id", "#"), "{file}, [retail] project_id: it is missing. Set it to the project id"),
        (RETAIL.replace("key_id", "#"), "{file}, [retail] key_id: Field required. Set it to the id of an access key"),
        (RETAIL.replace("2", "1", 1), "{file}, [retail] project_id: it is the project of default too"),
        (RETAIL.replace("retail", "default"), "{file}, [default]: the profile is set by ONBOARD_SINCH_* variables too"),
        (RETAIL + "requests_per_second = 0", "{file}, [retail] requests_per_second: Input should be greater than 0"),
        (RETAIL + 'max_numbers_per_import = "many"', "{file}, [retail] max_numbers_per_import: Input should be a"),
        (RETAIL + 'states_in_one_request = "x"', "{file}, [retail] states_in_one_request: Input should be a valid boo"),
        (
            RETAIL + 'field_mask_parameter = "mask"',
            "{file}, [retail] field_mask_parameter: Input should be 'fieldMask'",
        ),
        (RETAIL + 'key_secret_file = "x"', "{file}, [retail] key_secret_file: the secret is in key_secret too"),
        (
            RETAIL.replace(f'key_secret = "{SECRET}"', 'key_secret_file = "nowhere"'),
            "{file}, [retail] key_secret_file: {folder}/nowhere cannot be read: No such file or directory. Set it to a",
        ),
    ],
)
def test_every_mistake_is_named_by_file_table_and_key_with_what_would_be_right(
    file: Path, text: str, said: str
) -> None:
    file.write_text(text)
    assert refusal().startswith(said.format(file=file, folder=file.parent))


def test_an_empty_file_alone_describes_no_profile(file: Path, environment: pytest.MonkeyPatch) -> None:
    file.write_text("")
    for name in DEFAULT:
        environment.delenv(name)
    assert refusal() == f"{file}: it describes no profile. Write a table such as [default] with project_id"


def test_a_file_that_is_not_there_is_named_with_its_variable(file: Path) -> None:
    file.unlink()
    assert refusal().startswith(f"ONBOARD_SINCH_PROFILES: {file} cannot be read: No such file or directory.")


def test_all_mistakes_are_named_at_once(file: Path) -> None:
    file.write_text(RETAIL.replace("key_id", "keyid") + '[b]\nproject_id = "b"\ncolor = 1\n')
    assert [line.split()[1] for line in refusal().splitlines()] == ["[retail]", "[b]"]


@pytest.mark.usefixtures("file")
def test_a_profile_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(UnknownProfile, match="there is no profile 'wholesale'; there are default, retail"):
        sinch_profile("wholesale")


def test_one_profile_can_be_read_while_the_values_of_another_are_wrong(file: Path) -> None:
    file.write_text(RETAIL + "requests_per_second = 0")
    assert sinch_profile("default").project_id == "project-1"


def test_mails_and_callbacks_need_no_credentials(file: Path, environment: pytest.MonkeyPatch) -> None:
    file.write_text(
        '[retail]\nproject_id = "project-2"\ncallback_secrets_file = "retail-secrets"\n'
        'numbers_callback_secrets_file = "retail-numbers-secrets"\n'
    )
    environment.delenv("ONBOARD_SINCH_KEY_SECRET")
    assert project_ids() == {"default": "project-1", "retail": "project-2"}
    retail = callback_profiles()["retail"]
    assert retail.secrets_file(SinchApi.IMPORTED) == file.parent / "retail-secrets"
    assert retail.secrets_file(SinchApi.NUMBERS) == file.parent / "retail-numbers-secrets"
    assert callback_profiles()["default"].secrets_file(SinchApi.NUMBERS) is None


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_file_with_secrets_that_everybody_can_read_brings_a_warning(
    file: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    file.chmod(mode)
    with caplog.at_level(logging.WARNING):
        sinch_profiles()
    warned = f"{file} holds secrets, but everybody on this machine can read it; run: chmod 600 {file}" in caplog.text
    assert warned == (mode == 0o644)
    assert SECRET not in caplog.text
