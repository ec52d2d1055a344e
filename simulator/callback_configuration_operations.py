"""The operations on the callback configuration of a project; each API host has its own. Sinch API: callbacks."""

import re
from collections.abc import Callable

from simulator.bodies import CallbackConfigurationUpdate, parse
from simulator.callbacks import CallbackConfiguration
from simulator.errors import FieldViolation, invalid
from simulator.operations import Call, Resource
from simulator.project import Project

_SECRET = re.compile(r"[a-zA-Z0-9-]{32,64}")


class CallbackConfigurationOperations:
    """The two operations, on the configuration that one API host keeps for a project."""

    def __init__(self, configuration_of: Callable[[Project], CallbackConfiguration]) -> None:
        self._configuration_of = configuration_of

    def get(self, project: Project, _call: Call) -> Resource:
        """GetCallbackConfiguration."""
        return dict(self._configuration_of(project).wire())

    def update(self, project: Project, call: Call) -> Resource:
        """UpdateCallbackConfiguration."""
        body = parse(CallbackConfigurationUpdate, call.body, call.content_type)
        if project.settings.hmac_secret_is_checked and not _SECRET.fullmatch(body.hmac_secret):
            raise invalid(FieldViolation("hmacSecret", "32 to 64 characters, letters, digits and hyphens only"))
        self._configuration_of(project).hmac_secret = body.hmac_secret
        return self.get(project, call)
