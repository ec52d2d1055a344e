"""Which callback secrets count for an event: those of the project it says it comes from.

A project's secrets are read again whenever their file changes, so that replacing one needs no restart.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog
from pydantic import SecretStr
from pydantic_core import from_json

from onboarding.task_queues import DEFAULT_PROFILE
from processes.callback_secrets import InvalidSecretsFile, read_callback_secrets
from processes.settings import PREFIX, InvalidSettings
from processes.sinch_profiles import CallbackProfile
from receiver.outcomes import Outcome, Refused

_log = structlog.stdlib.get_logger(__name__)


class ProfileSecrets:
    """The callback secrets of one profile."""

    def __init__(self, profile: str, file: Path | None, always: Sequence[SecretStr] = ()) -> None:
        """`always` count beside those in the file. Raises InvalidSettings when the file is not what it should be."""
        self._profile = profile
        self._file = file
        self._always = tuple(always)
        self._read: tuple[SecretStr, ...] = ()
        self._version: tuple[int, ...] | None = None
        if file is not None:
            self._read_first(file)

    def current(self) -> tuple[SecretStr, ...]:
        """What counts now. While the file is missing or wrong, what it last said still counts."""
        if self._file is not None:
            version = _version(self._file)
            if version not in (None, self._version):
                self._version = version
                self._read_again(self._file)
        return self._read + self._always

    def _read_first(self, file: Path) -> None:
        if not file.parent.is_dir():
            raise InvalidSettings(
                f"callback_secrets_file of profile {self._profile}: there is no folder {file.parent}. "
                "Make it, or set another file"
            )
        self._version, self._read = _version(file), read_callback_secrets(file)
        if not self._read and not self._always:
            _log.warning(
                "no callback secret yet: callbacks of this profile are refused until one is set",
                profile=self._profile,
                run=f"onboard callbacks set-secret --profile {self._profile}",
            )

    def _read_again(self, file: Path) -> None:
        try:
            self._read = read_callback_secrets(file) or self._read
        except InvalidSecretsFile as error:
            _log.error("callback secrets stay as they were", profile=self._profile, cause=str(error))
        else:
            _log.info("callback secrets read again", profile=self._profile, secrets=len(self._read))


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

    def for_event(self, raw_body: bytes) -> tuple[SecretStr, ...]:
        """The secrets to check the body against. Nothing else in it may be trusted before that.

        Raises Refused: `unknown_project`.
        """
        project_id = _claimed_project(raw_body)
        secrets = self._by_project.get(project_id) if project_id else self._default
        if secrets is None and self._open:
            secrets = self._default
        if secrets is None:
            raise Refused(Outcome.UNKNOWN_PROJECT)
        return secrets.current()


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
        if profile.callback_secrets_file is None and not always:
            raise InvalidSettings(_nowhere(profile.name))
        by_name[profile.name] = ProfileSecrets(profile.name, profile.callback_secrets_file, always)
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


def _version(file: Path) -> tuple[int, ...] | None:
    """Differs after every change of the file; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
