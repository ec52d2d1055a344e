"""Sinch projects (sub-accounts) by the name of their profile: ids, credentials, callback secrets, client switches.

The profile `default` is described by environment variables, each other one by a table of the TOML file that
`ONBOARD_SINCH_PROFILES` names (which may describe `default` instead). A key of a table and a variable of the default
profile are the same thing: `key_id` and `ONBOARD_SINCH_KEY_ID`. Paths in the file are relative to its folder.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    ValidationError,
)

from processes.legacy_account import LegacyAccount
from processes.profile_tables import InvalidProfiles, ProfileTable, profile_tables
from processes.secret_files import secret_of_file, warn_if_others_can_read
from processes.settings import Filled, InvalidSettings
from processes.sinch_apis import SinchApi
from sinch_numbers import ClientSettings, FieldMaskParameter, OAuth2ClientCredentials, SinchNumbers


class UnknownProfile(InvalidProfiles):
    """A profile was asked for that is described nowhere."""


def _with_something_in_it(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().strip():
        raise ValueError("it is blank")
    return secret


FilledSecret = Annotated[SecretStr, AfterValidator(_with_something_in_it)]

_READ_RETRIES = 2

PROJECT_ID = "the project id of the Sinch dashboard"
SECRETS_FILE = "the file with the project's callback secrets; `onboard callbacks set-secret` writes it"
NUMBERS_SECRETS_FILE = "the same for the Numbers API; `onboard callbacks set-secret --api numbers` writes it"


class _Profile(BaseModel):
    """What a process needs to know of a profile. Descriptions complete the sentence "Set it to ..."."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    name: str


class ProfileProject(_Profile):
    """Which project it is: all that a mail needs."""

    project_id: Filled = Field(description=PROJECT_ID)


class _SigningProfile(_Profile):
    """Where the secrets are with which Sinch signs the callbacks of a project."""

    callback_secrets_file: Path | None = Field(default=None, description=SECRETS_FILE)
    numbers_callback_secrets_file: Path | None = Field(default=None, description=NUMBERS_SECRETS_FILE)

    def secrets_file(self, api: SinchApi) -> Path | None:
        """The file with the callback secrets of one API, if one is named."""
        file: Path | None = getattr(self, api.secrets_key)
        return file


class CallbackProfile(_SigningProfile):
    """What the receiver needs. Only the default profile's project may be left open."""

    project_id: Filled | None = Field(default=None, description=PROJECT_ID)


class SinchProfile(_SigningProfile, LegacyAccount):
    """What it takes to call Sinch for a project; `sinch_numbers.ClientSettings` explains limits and switches."""

    project_id: Filled = Field(description=PROJECT_ID)
    key_id: Filled = Field(description="the id of an access key of that project")
    key_secret: FilledSecret = Field(description="the secret of that access key")
    key_secret_file: Path | None = Field(default=None, description="a file with nothing but that secret")
    imported_url: Filled = Field(
        default="https://imported.numbers.api.sinch.com",
        description="the address of the imported numbers and hosting orders API",
    )
    numbers_url: Filled = Field(default="https://numbers.api.sinch.com", description="the address of the Numbers API")
    token_url: Filled = Field(default="https://auth.sinch.com/oauth2/token", description="the token address")
    requests_per_second: PositiveFloat | None = Field(
        default=None, description="how many requests a second one process may send for this project"
    )
    activities_per_second: PositiveFloat | None = Field(
        default=None, description="how many activities a second all workers together may start for this project"
    )
    max_numbers_per_import: PositiveInt | None = Field(
        default=None, description="how many numbers your account manager allows in one import order"
    )
    states_in_one_request: bool | None = Field(default=None, description="`true` or `false`")
    send_migrate_to_sinch_tmo: bool | None = Field(default=None, description="`true` or `false`")
    field_mask_parameter: FieldMaskParameter | None = Field(default=None, description="`fieldMask` or `updateMask`")

    @property
    def client_settings(self) -> ClientSettings:
        """The limits and switches that are set; the client's own defaults for the others."""
        given = self.model_dump(include=set(ClientSettings.model_fields), exclude_none=True)
        return ClientSettings.model_validate(given)

    def client(self) -> SinchNumbers:
        """A client of the project, with a connection pool and an access token of its own; close it after use.

        It repeats reads that failed for a moment.
        """
        settings = self.client_settings.model_copy(update={"read_retries": _READ_RETRIES})
        credentials = OAuth2ClientCredentials(self.key_id, self.key_secret, token_url=self.token_url)
        return SinchNumbers(
            self.project_id,
            credentials,
            base_url=self.imported_url,
            numbers_url=self.numbers_url,
            settings=settings,
        )


PROFILE_KEYS = tuple(name for name in SinchProfile.model_fields if name != "name")
"""What a profile can set."""

_ProfileT = TypeVar("_ProfileT", bound=_Profile)


def sinch_profiles() -> Mapping[str, SinchProfile]:
    """Every profile with its credentials. Raises InvalidProfiles."""
    return _read(SinchProfile)


def sinch_profile(name: str) -> SinchProfile:
    """One profile, whatever is wrong with the others' values. Raises InvalidProfiles or UnknownProfile."""
    tables = {table.name: table for table in profile_tables(PROFILE_KEYS)}
    if name not in tables:
        raise UnknownProfile(
            f"there is no profile {name!r}; there are {', '.join(sorted(tables))}. "
            "Describe it in the file that ONBOARD_SINCH_PROFILES names."
        )
    return _read(SinchProfile, (tables[name],))[name]


def callback_profiles() -> Mapping[str, CallbackProfile]:
    """Every profile as the receiver needs it: without credentials. Raises InvalidProfiles."""
    return _read(CallbackProfile)


def project_ids() -> Mapping[str, str]:
    """The project id of every profile; credentials need not be set. Raises InvalidProfiles."""
    return {name: profile.project_id for name, profile in _read(ProfileProject).items()}


def _read(kind: type[_ProfileT], tables: tuple[ProfileTable, ...] | None = None) -> dict[str, _ProfileT]:
    profiles: dict[str, _ProfileT] = {}
    mistakes: list[str] = []
    for table in profile_tables(PROFILE_KEYS) if tables is None else tables:
        try:
            values = _with_key_secret(table) if kind is SinchProfile else table.values
            profiles[table.name] = kind.model_validate({**values, "name": table.name})
        except InvalidSettings as error:
            mistakes.append(str(error))
        except ValidationError as error:
            mistakes += _mistakes(kind, table, error)
    if mistakes:
        raise InvalidProfiles("\n".join(mistakes))
    return profiles


def _mistakes(kind: type[_Profile], table: ProfileTable, error: ValidationError) -> list[str]:
    wrong = {str(problem["loc"][0]): problem["msg"] for problem in error.errors(include_input=False)}
    return [
        f"{table.named(key)}: {problem}. Set it to {kind.model_fields[key].description}."
        for key, problem in wrong.items()
    ]


def _with_key_secret(table: ProfileTable) -> Mapping[str, Any]:
    """The values of a table, with the secret from its file where it is in one. Raises InvalidSettings."""
    file = table.values.get("key_secret_file")
    if not isinstance(file, Path):
        if table.file and "key_secret" in table.values:
            warn_if_others_can_read(table.file)
        return table.values
    if "key_secret" in table.values:
        raise InvalidProfiles(f"{table.named('key_secret_file')}: the secret is in key_secret too. Remove one of them")
    description = SinchProfile.model_fields["key_secret_file"].description or ""
    return {**table.values, "key_secret": secret_of_file(file, table.named("key_secret_file"), description)}
