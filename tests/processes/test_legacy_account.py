"""The account of a profile for the legacy API: where it is written down, and that its client uses all of it."""

from pathlib import Path

import pytest

from processes.settings import InvalidSettings
from processes.sinch_profiles import SinchProfile, sinch_profiles
from simulator import SimulatorSettings, running
from simulator.legacy_settings import LOCAL_PASSWORD
from sinch_numbers.legacy import NotLoggedIn

KEY = {"project_id": "project-1", "key_id": "key-1", "key_secret": "secret-1"}


async def test_a_profile_with_an_account_talks_to_the_hosts_it_names() -> None:
    async with running(SimulatorSettings()) as simulator:
        url = simulator.endpoints.sinch_legacy
        profile = SinchProfile.model_validate(
            KEY
            | {
                "name": "retail",
                "legacy_endpoint": "legacy@example.com",
                "legacy_password": LOCAL_PASSWORD,
                "legacy_user_url": url,
                "legacy_core_url": url,
                "legacy_portal_url": url,
                "legacy_signs_leading_slash": "true",
            }
        )
        async with profile.legacy_client() as client:
            assert (await client.organisation()).id == 8888123
        by_number = profile.model_copy(update={"legacy_identity_type": "number"})
        async with by_number.legacy_client() as client:
            with pytest.raises(NotLoggedIn):
                await client.organisation()


async def test_the_account_is_read_from_the_environment_and_from_the_profiles_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "profiles.toml").write_text(
        '[retail]\nproject_id = "p"\nkey_id = "k"\nkey_secret = "s"\n'
        'legacy_endpoint = "retail@example.com"\nlegacy_password = "never-to-be-shown"\nlegacy_organisation_id = 7\n'
    )
    monkeypatch.setenv("ONBOARD_SINCH_PROFILES", str(tmp_path / "profiles.toml"))
    for name, value in KEY.items():
        monkeypatch.setenv(f"ONBOARD_SINCH_{name.upper()}", value)
    monkeypatch.setenv("ONBOARD_SINCH_LEGACY_ENDPOINT", "own@example.com")
    profiles = sinch_profiles()
    assert profiles["default"].legacy_endpoint == "own@example.com"
    assert profiles["default"].legacy_portal_url == "https://portalapi.sinch.com"
    assert (profiles["retail"].legacy_endpoint, profiles["retail"].legacy_organisation_id) == ("retail@example.com", 7)
    assert "never-to-be-shown" not in repr(profiles)


@pytest.mark.parametrize("given", [{}, {"legacy_endpoint": "a@example.com"}, {"legacy_password": "hidden"}])
def test_a_profile_without_an_account_says_what_to_set(given: dict[str, str]) -> None:
    profile = SinchProfile.model_validate(KEY | {"name": "retail"} | given)
    with pytest.raises(InvalidSettings, match="ONBOARD_SINCH_LEGACY_PASSWORD") as raised:
        profile.legacy_client()
    assert "hidden" not in str(raised.value)
