"""The Sinch projects by profile, as far as they are written down: also where some of it is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from onboarding.task_queues import DEFAULT_PROFILE, sinch_queue
from processes.profile_tables import InvalidProfiles, ProfileTable, profile_tables, variable
from processes.sinch_profiles import PROFILE_KEYS


@dataclass(frozen=True)
class Profiles:
    """The tables by name; the default profile alone where they cannot be read."""

    tables: Mapping[str, ProfileTable]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the default profile's too."""
        return tuple(self.tables)

    def is_described(self, name: str) -> bool:
        """Whether anything at all is set for this profile."""
        return bool(self.tables[name].values)

    def credentials_of(self, task_queue: str) -> str:
        """Where the credentials of the project behind a task queue are set."""
        owners = (table for name, table in self.tables.items() if sinch_queue(name) == task_queue)
        table = next(owners, None)
        return f"{_named(table, 'key_id')} and {_named(table, 'key_secret')}"


def _named(table: ProfileTable | None, key: str) -> str:
    return table.named(key) if table else variable(key)


def read_profiles() -> Profiles:
    """What there is; mistakes in it show where each profile is used."""
    try:
        tables = profile_tables(PROFILE_KEYS)
    except InvalidProfiles:
        tables = (ProfileTable(DEFAULT_PROFILE, {}),)
    return Profiles({table.name: table for table in tables})
