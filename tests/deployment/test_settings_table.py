"""The settings table of docs/deployment.md against the compose file and the receiver's settings."""

import re

from compose_file import ROOT, services

from receiver.settings import ReceiverSettings

DOCUMENTED = set(
    re.findall(r"^\| `((?:ONBOARD|TEMPORAL)_[A-Z_]+)` \|", (ROOT / "docs" / "deployment.md").read_text(), re.MULTILINE)
)


def test_every_setting_that_compose_passes_on_is_documented() -> None:
    passed_on = {
        variable
        for name in ("worker", "receiver")
        for variable in services()[name]["environment"]
        if variable.startswith(("ONBOARD_", "TEMPORAL_"))
    }
    assert passed_on - DOCUMENTED == set()


def test_every_setting_of_the_receiver_is_documented() -> None:
    settings = {f"ONBOARD_{field.upper()}" for field in ReceiverSettings.model_fields}
    assert settings - DOCUMENTED == set()
