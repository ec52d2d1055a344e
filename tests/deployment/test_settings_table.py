"""The settings table of docs/deployment.md against the compose file and the settings that the processes read."""

import re

import pytest
from pydantic_settings import BaseSettings

from activities.settings import CallbackSettings, DocumentSettings, MailSettings
from processes.profile_tables import ProfilesSettings
from processes.sinch_profiles import PROFILE_KEYS
from receiver.settings import ReceiverSettings
from tests.deployment.compose_file import ROOT, services
from worker import WorkerSettings

DOCUMENTED = set(
    re.findall(
        r"^\| `((?:ONBOARD|TEMPORAL)_[A-Z0-9_]+)` \|", (ROOT / "docs" / "deployment.md").read_text(), re.MULTILINE
    )
)


def test_every_setting_that_compose_passes_on_is_documented() -> None:
    passed_on = {
        variable
        for name in ("worker", "receiver")
        for variable in services()[name]["environment"]
        if variable.startswith(("ONBOARD_", "TEMPORAL_"))
    }
    assert passed_on - DOCUMENTED == set()


@pytest.mark.parametrize(
    "settings",
    [CallbackSettings, DocumentSettings, MailSettings, ProfilesSettings, ReceiverSettings, WorkerSettings],
)
def test_every_setting_that_a_process_reads_is_documented(settings: type[BaseSettings]) -> None:
    read = {f"ONBOARD_{field.upper()}" for field in settings.model_fields}
    assert read - DOCUMENTED == set()


@pytest.mark.parametrize("key", PROFILE_KEYS)
def test_every_variable_of_the_default_profile_is_documented(key: str) -> None:
    assert f"ONBOARD_SINCH_{key.upper()}" in DOCUMENTED
