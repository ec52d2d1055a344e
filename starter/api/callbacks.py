"""`onboard callbacks`: the secret an API of Sinch signs a project's callbacks with.

A new secret is written where the receiver reads it before Sinch gets it, and the one Sinch has stays beside it:
whatever goes wrong on the way, every event is signed with a secret that the receiver takes.

Sinch API: GetCallbackConfiguration, UpdateCallbackConfiguration.
"""

import secrets
import string
from pathlib import Path

from pydantic import SecretStr

from processes.callback_secrets import can_be_kept, read_callback_secrets, write_callback_secrets
from processes.profile_tables import variable
from processes.sinch_apis import SinchApi
from processes.sinch_profiles import SinchProfile, sinch_profile
from sinch_numbers import CallbackConfigurations, OutcomeUnknown, ServerError, SinchError, SinchNumbers
from starter.api.project import exit_of, sinch_project
from starter.api.showing import show_one
from starter.asking import confirm
from starter.exits import Exit, Stop
from starter.output import Format, document

SECRET_LENGTH = 36
_ALPHABET = string.ascii_letters + string.digits + "-"
_PLACES = ("newest", "older")


async def show(profile_name: str, api: SinchApi, format_: Format) -> None:
    """Whether Sinch has a secret and the file too; the secret itself stays out of sight. Raises Stop."""
    profile = sinch_profile(profile_name)
    async with sinch_project(profile) as sinch:
        at_sinch = (await _configuration(sinch, api).get()).hmac_secret
    file = profile.secrets_file(api)
    kept = read_callback_secrets(file) if file else ()
    show_one(
        format_,
        {
            "profile": profile.name,
            "project_id": profile.project_id,
            "api": api.value,
            "secret_at_sinch": "*" * len(at_sinch) if at_sinch else "none",
            "callback_secrets_file": str(file) if file else None,
            "in_file_as": _PLACES[kept.index(at_sinch)] if at_sinch in kept else "missing" if file else None,
        },
    )


async def set_secret(profile_name: str, api: SinchApi, print_: bool, yes: bool, format_: Format) -> None:
    """Make a secret, keep it for the receiver, give it to Sinch. Raises Stop."""
    profile = sinch_profile(profile_name)
    file = _file_of(profile, api)
    whose = f"of project {profile.project_id} at the {api} API"
    if not yes and not confirm(f"Replace the callback secret {whose}?"):
        raise Stop("nothing was changed")
    new = await replace_secret(profile, api)
    said = f"Sinch signs the callbacks {whose} with a new secret, which is the first in {file}."
    data = {
        "profile": profile.name,
        "project_id": profile.project_id,
        "api": api.value,
        "callback_secrets_file": str(file),
    }
    if print_:
        data["secret"] = new.get_secret_value()
        said += f"\n{new.get_secret_value()}"
    document(format_, data, said)


async def replace_secret(profile: SinchProfile, api: SinchApi = SinchApi.IMPORTED) -> SecretStr:
    """The new secret, which the receiver and Sinch have now. Raises Stop."""
    file = _file_of(profile, api)
    new = SecretStr("".join(secrets.choice(_ALPHABET) for _ in range(SECRET_LENGTH)))
    async with sinch_project(profile) as sinch:
        configuration = _configuration(sinch, api)
        at_sinch = (await configuration.get()).hmac_secret
        _keep(file, new, at_sinch)
        try:
            await configuration.update(new)
        except SinchError as error:
            raise _interrupted(error, file) from None
    return new


def _configuration(sinch: SinchNumbers, api: SinchApi) -> CallbackConfigurations:
    return sinch.callback_configuration if api is SinchApi.IMPORTED else sinch.numbers_callback_configuration


def _file_of(profile: SinchProfile, api: SinchApi) -> Path:
    file = profile.secrets_file(api)
    if file is None:
        raise Stop(
            f"profile {profile.name} has no {api.secrets_key}, where the receiver would read the secret; "
            f"set it in the profile's table, or {variable(api.secrets_key)} for the default profile",
            Exit.CONFIGURATION,
        )
    return file


def _keep(file: Path, new: SecretStr, at_sinch: SecretStr | None) -> None:
    """Write the new secret and the one that is in use: Sinch knows which that is, even after a failed attempt."""
    in_use = [at_sinch] if at_sinch and can_be_kept(at_sinch) else read_callback_secrets(file)[:1]
    try:
        write_callback_secrets(file, [new, *in_use])
    except OSError as error:
        raise Stop(
            f"{file} cannot be written: {error.strerror}. Nothing was changed; run it where and as whom the receiver "
            "can read what is written",
            Exit.CONFIGURATION,
        ) from None


def _interrupted(error: SinchError, file: Path) -> Stop:
    whose = "may have either secret" if isinstance(error, OutcomeUnknown | ServerError) else "still has the old secret"
    return Stop(
        f"{error}\nSinch {whose}. Both are in {file}, so the receiver takes every event; "
        "run the command again when the cause is removed.",
        exit_of(error),
    )
