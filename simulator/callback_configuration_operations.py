"""The operations on the callback configuration of a project. Sinch API: callbackConfiguration."""

import re

from simulator.bodies import CallbackConfigurationUpdate, parse
from simulator.errors import FieldViolation, invalid
from simulator.operations import Call, Resource
from simulator.project import Project

_SECRET = re.compile(r"[a-zA-Z0-9-]{32,64}")


def get(project: Project, _call: Call) -> Resource:
    """GetCallbackConfiguration."""
    return dict(project.callback_configuration.wire())


def update(project: Project, call: Call) -> Resource:
    """UpdateCallbackConfiguration."""
    body = parse(CallbackConfigurationUpdate, call.body, call.content_type)
    if project.settings.hmac_secret_is_checked and not _SECRET.fullmatch(body.hmac_secret):
        raise invalid(FieldViolation("hmacSecret", "32 to 64 characters, letters, digits and hyphens only"))
    project.callback_configuration.hmac_secret = body.hmac_secret
    return get(project, call)
