"""Which callback secrets count for an event: those of the project it says it comes from.

Each API signs with a secret of its own, so a project has two files of secrets at most. They are read again whenever
they change, so that replacing a secret needs no restart.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

import structlog
from pydantic import SecretStr
from pydantic_core import from_json

from onboarding.task_queues import DEFAULT_PROFILE
from processes.callback_secrets import InvalidSecretsFile, read_callback_secrets
from processes.secret_files import file_version
from processes.settings import PREFIX, InvalidSettings
from processes.sinch_apis import SinchApi
from processes.sinch_profiles import CallbackProfile
from receiver.outcomes import Outcome, Refused

LOOK_SECONDS = 1.0
"""How often files are looked at while every event is genuine."""

_log = structlog.stdlib.get_logger(__name__)


class SecretsFile:
    """The callback secrets in one file of a profile, the one of an API."""

    def __init__(self, profile: str, api: SinchApi, file: Path) -> None:
        """Raises InvalidSettings when the file is not what it should be; one that is not there yet is no mistake."""
        if not file.parent.is_dir():
            raise InvalidSettings(
                f"{api.secrets_key} of profile {profile}: there is no folder {file.parent}. "
                "Make it, or set another file"
            )
        self._profile = profile
        self._api = api
        self._file = file
        self._version, self._read = file_version(file), read_callback_secrets(file)

    def current(self) -> tuple[SecretStr, ...]:
        """What counts now. While the file is missing or wrong, what it last said still counts."""
        version = file_version(self._file)
        if version not in (None, self._version):
            self._version = version
            self._read_again()
        return self._read

    def warn_if_empty(self) -> None:
        """A line in the log that says what to do while there is no secret."""
        if not self._read:
            _log.warning(
                "no callback secret yet: callbacks of this API are refused until one is set",
                profile=self._profile,
                api=self._api.value,
                run=f"onboard callbacks set-secret --profile {self._profile} --api {self._api}",
            )

    def _read_again(self) -> None:
        where = {"profile": self._profile, "api": self._api.value}
        try:
            self._read = read_callback_secrets(self._file) or self._read
        except InvalidSecretsFile as error:
            _log.error("callback secrets stay as they were", **where, cause=str(error))
        else:
            _log.info("callback secrets read again", **where, secrets=len(self._read))


class ProfileSecrets:
    """The callback secrets of one profile, whichever API they belong to.

    An event is checked against those of both APIs: what either signed comes from this project at Sinch, and the body
    of an event cannot be asked which of them that is before its signature is right.
    """

    def __init__(self, files: Sequence[SecretsFile], always: Sequence[SecretStr] = ()) -> None:
        """`always` count beside those in the files."""
        self._files = tuple(files)
        self._always = tuple(always)
        self._last: tuple[SecretStr, ...] = ()
        self._looked_at = -math.inf
        if not always:
            for file in files:
                file.warn_if_empty()

    def recent(self) -> tuple[SecretStr, ...]:
        """What counts now, or did a second ago."""
        return self.current() if monotonic() > self._looked_at + LOOK_SECONDS else self._last

    def current(self) -> tuple[SecretStr, ...]:
        """What counts now: to be asked before an event is refused."""
        self._looked_at = monotonic()
        self._last = (*(secret for file in self._files for secret in file.current()), *self._always)
        return self._last


class ProjectSecrets:
    """The callback secrets of all projects, by project id.

    The default profile's count for an event that names no project, and, where nobody said which project is the
    default one's, for every project that is no other profile's.
    """

    def __init__(
        self, by_project: Mapping[str, ProfileSecrets], default: ProfileSecrets | None, *, open_: bool
    ) -> None:
        self._by_project = by_project
        self._default = default
        self._open = open_

    def for_event(self, raw_body: bytes) -> ProfileSecrets:
        """The secrets to check the body against. Nothing else in it may be trusted before that.

        Raises Refused: `unknown_project`.
        """
        project_id = _claimed_project(raw_body)
        secrets = self._by_project.get(project_id) if project_id else self._default
        if secrets is None and self._open:
            secrets = self._default
        if secrets is None:
            raise Refused(Outcome.UNKNOWN_PROJECT)
        return secrets


def project_secrets(profiles: Mapping[str, CallbackProfile], callback_secrets: Sequence[SecretStr]) -> ProjectSecrets:
    """The secrets of these profiles; `callback_secrets` are further ones of the default profile.

    Raises InvalidSettings when a profile has none, or a file is not what it should be.
    """
    default = profiles.get(DEFAULT_PROFILE)
    if default is None and callback_secrets:
        default = CallbackProfile(name=DEFAULT_PROFILE)
    by_name: dict[str, ProfileSecrets] = {}
    for profile in [*filter(None, [default]), *(other for name, other in profiles.items() if name != DEFAULT_PROFILE)]:
        always = callback_secrets if profile.name == DEFAULT_PROFILE else ()
        files = [SecretsFile(profile.name, api, file) for api in SinchApi if (file := profile.secrets_file(api))]
        if not files and not always:
            raise InvalidSettings(_nowhere(profile.name))
        by_name[profile.name] = ProfileSecrets(files, always)
    return ProjectSecrets(
        {profile.project_id: by_name[name] for name, profile in profiles.items() if profile.project_id},
        by_name.get(DEFAULT_PROFILE),
        open_=default is not None and default.project_id is None,
    )


def _nowhere(profile: str) -> str:
    if profile == DEFAULT_PROFILE:
        return (
            f"{PREFIX}CALLBACK_SECRETS: the default profile has no callback secrets. Set it to the callback secret of "
            f"your Sinch project, or {PREFIX}SINCH_CALLBACK_SECRETS_FILE to the file with it."
        )
    return f"[{profile}] callback_secrets_file: it is missing. Set it to the file with the project's callback secrets."


def _claimed_project(raw_body: bytes) -> str | None:
    try:
        said = from_json(raw_body)
    except ValueError:
        return None
    project_id = said.get("projectId") if isinstance(said, dict) else None
    return project_id if isinstance(project_id, str) else None
