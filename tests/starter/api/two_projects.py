"""A simulated Sinch with two projects, and the environment in which a process finds both as profiles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from processes.callback_secrets import read_callback_secrets
from processes.sinch_profiles import SinchProfile
from simulator import ProjectSettings, SimulatorSettings
from simulator.settings import LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID
from sinch_numbers import BlanketLoaInfo, RegionCode, SinchNumbers, TextEnableNumbersRequest
from tests.activities.simulated_sinch import SimulatedSinch, simulated_sinch

RETAIL = ProjectSettings(project_id="retail-project", key_id="retail-key", key_secret=SecretStr("retail-key-secret"))
KEY_SECRETS = (LOCAL_KEY_SECRET, RETAIL.key_secret.get_secret_value())
PLAN, CAMPAIGN = "plan-1", "C3O8OGA"


@dataclass(frozen=True)
class TwoProjects:
    """`sinch.client` is a client of the default profile's project, `retail` one of the other."""

    sinch: SimulatedSinch
    retail: SinchNumbers
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What worker, receiver and command are told."""
        return {
            "ONBOARD_SINCH_PROJECT_ID": LOCAL_PROJECT_ID,
            "ONBOARD_SINCH_KEY_ID": LOCAL_KEY_ID,
            "ONBOARD_SINCH_KEY_SECRET": LOCAL_KEY_SECRET,
            "ONBOARD_SINCH_IMPORTED_URL": self.sinch.endpoints.sinch_imported,
            "ONBOARD_SINCH_NUMBERS_URL": self.sinch.endpoints.sinch_numbers,
            "ONBOARD_SINCH_TOKEN_URL": self.sinch.endpoints.sinch_oauth,
            "ONBOARD_SINCH_CALLBACK_SECRETS_FILE": str(self.secrets_file("default")),
            "ONBOARD_SINCH_NUMBERS_CALLBACK_SECRETS_FILE": str(self.secrets_file("default-numbers")),
            "ONBOARD_SINCH_PROFILES": str(self.folder / "profiles.toml"),
        }

    def secrets_file(self, profile: str) -> Path:
        return self.folder / f"{profile}-secrets"

    def secrets(self, profile: str = "default") -> list[str]:
        """The callback secrets that the receiver would take."""
        return [secret.get_secret_value() for secret in read_callback_secrets(self.secrets_file(profile))]

    async def secret_at_sinch(self) -> str | None:
        """The callback secret of the default profile's project."""
        secret = (await self.sinch.client.callback_configuration.get()).hmac_secret
        return secret.get_secret_value() if secret else None


@asynccontextmanager
async def two_projects(folder: Path) -> AsyncIterator[TwoProjects]:
    """Both projects, without numbers, orders and callback secrets."""
    async with simulated_sinch(SimulatorSettings(further_projects=(RETAIL,))) as sinch:
        retail = SinchProfile(
            name="retail",
            project_id=RETAIL.project_id,
            key_id=RETAIL.key_id,
            key_secret=RETAIL.key_secret,
            imported_url=sinch.endpoints.sinch_imported,
            numbers_url=sinch.endpoints.sinch_numbers,
            token_url=sinch.endpoints.sinch_oauth,
        )
        file = folder / "profiles.toml"
        file.touch(mode=0o600)
        file.write_text(
            f'[retail]\nproject_id = "{retail.project_id}"\nkey_id = "{retail.key_id}"\n'
            f'key_secret = "{retail.key_secret.get_secret_value()}"\ncallback_secrets_file = "retail-secrets"\n'
            f'imported_url = "{retail.imported_url}"\nnumbers_url = "{retail.numbers_url}"\n'
            f'token_url = "{retail.token_url}"\n'
        )
        async with retail.client() as client:
            yield TwoProjects(sinch, client, folder)


def order(*phone_numbers: str, campaign_id: str | None = CAMPAIGN, callback_url: str | None = None) -> (
    TextEnableNumbersRequest
):  # fmt: skip
    """A hosting order that nobody has to sign."""
    return TextEnableNumbersRequest(
        region_code=RegionCode.US,
        numbers=phone_numbers,
        service_plan_id=PLAN,
        campaign_id=campaign_id,
        display_name=f"order of {phone_numbers[0]}",
        blanket_loa_info=BlanketLoaInfo(),
        callback_url=callback_url,
    )
