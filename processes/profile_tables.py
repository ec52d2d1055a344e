"""Where profiles of Sinch projects are written down: environment variables for `default`, a TOML file for others.

Here is all that can be wrong before values are looked at: the file, its tables, their keys. What the keys mean is in
`processes.sinch_profiles`.
"""

import os
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from onboarding.batch import ProfileName
from onboarding.task_queues import DEFAULT_PROFILE
from processes.settings import PREFIX, InvalidSettings, Settings

_VARIABLE_PREFIX = f"{PREFIX}SINCH_"
_FILE_VARIABLE = f"{_VARIABLE_PREFIX}PROFILES"
_NAME = TypeAdapter[str](ProfileName)


class InvalidProfiles(InvalidSettings):
    """Profiles are missing or wrong; one line for each mistake with file, table and key, and never a value."""


class ProfilesSettings(Settings):
    """Where further profiles are."""

    sinch_profiles: Path | None = Field(default=None, description="the TOML file that describes further Sinch projects")


@dataclass(frozen=True)
class ProfileTable:
    """What is written down for one profile; `file` is None for environment variables."""

    name: str
    values: Mapping[str, Any]
    file: Path | None = None

    def named(self, key: str) -> str:
        """What a person calls this key: the variable, or file, table and key."""
        return f"{self.file}, [{self.name}] {key}" if self.file else variable(key)


def variable(key: str) -> str:
    """The environment variable that sets this key of the default profile."""
    return f"{_VARIABLE_PREFIX}{key.upper()}"


def profile_tables(keys: Collection[str]) -> tuple[ProfileTable, ...]:
    """Every profile that is described; `keys` are those a profile can have. Raises InvalidProfiles.

    Without a profiles file there is the default profile alone, even if nothing is set for it.
    """
    file = ProfilesSettings.read().sinch_profiles
    default = ProfileTable(DEFAULT_PROFILE, dict(_variables(keys)))
    if file is None:
        return (default,)
    described = tuple(_tables(file.absolute()))
    tables = (default, *described) if default.values else described
    mistakes = [*_structural_mistakes(tables, keys), *_repetitions(tables)]
    if not tables:
        mistakes.append(f"{file}: it describes no profile. Write a table such as [{DEFAULT_PROFILE}] with project_id")
    if mistakes:
        raise InvalidProfiles("\n".join(mistakes))
    return tables


def _variables(keys: Collection[str]) -> Iterator[tuple[str, Any]]:
    for key in keys:
        value = os.environ.get(variable(key))
        if value:
            yield key, Path(value).absolute() if key.endswith("_file") else value


def _tables(file: Path) -> Iterator[ProfileTable]:
    try:
        document = tomllib.loads(file.read_text())
    except OSError as error:
        raise InvalidProfiles(
            f"{_FILE_VARIABLE}: {file} cannot be read: {error.strerror}. Set it to a TOML file, or to nothing."
        ) from None
    except ValueError as error:
        where = str(error).rpartition("(")[2].rstrip(")") if isinstance(error, tomllib.TOMLDecodeError) else "no UTF-8"
        raise InvalidProfiles(f"{file}: it is no TOML ({where}); see https://toml.io") from None
    for name, values in document.items():
        if not isinstance(values, dict):
            raise InvalidProfiles(f"{file}: {name} stands outside of a table. Write [a-profile-name] above it")
        yield ProfileTable(name, {key: _beside(file, key, value) for key, value in values.items()}, file)


def _beside(file: Path, key: str, value: object) -> object:
    return file.parent / value if key.endswith("_file") and isinstance(value, str) and value else value


def _structural_mistakes(tables: Collection[ProfileTable], keys: Collection[str]) -> Iterator[str]:
    for table in tables:
        if table.file:
            yield from _mistakes_of_name(table)
            yield from _unknown_keys(table, keys)
            if "project_id" not in table.values:
                yield f"{table.named('project_id')}: it is missing. Set it to the project id of the Sinch dashboard."


def _mistakes_of_name(table: ProfileTable) -> Iterator[str]:
    try:
        _NAME.validate_python(table.name)
    except ValidationError:
        yield (
            f"{table.file}, [{table.name}]: this is no name of a profile. "
            "Take lower-case letters, digits and hyphens, at most 32"
        )


def _unknown_keys(table: ProfileTable, keys: Collection[str]) -> Iterator[str]:
    for key in table.values:
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            meant = f"Did you mean {near[0]}?" if near else f"Keys are {', '.join(keys)}."
            yield f"{table.named(key)}: there is no such key. {meant}"


def _repetitions(tables: Collection[ProfileTable]) -> Iterator[str]:
    """A callback's project must lead to one profile, and a name to one project."""
    first_of_name: dict[str, ProfileTable] = {}
    first_of_project: dict[object, ProfileTable] = {}
    for table in tables:
        if first_of_name.setdefault(table.name, table) is not table:
            yield (
                f"{table.file}, [{table.name}]: the profile is set by {_VARIABLE_PREFIX}* variables too. "
                "Remove the table, or unset the variables"
            )
        project = str(table.values.get("project_id"))
        if first_of_project.setdefault(project, table) is not table and "project_id" in table.values:
            yield f"{table.named('project_id')}: it is the project of {first_of_project[project].name} too"
