"""The operations on the callback configuration of a project. Sinch API: callbackConfiguration."""

from simulator.bodies import CallbackConfigurationUpdate, parse
from simulator.operations import Call, Resource
from simulator.project import Project


def get(project: Project, _call: Call) -> Resource:
    """GetCallbackConfiguration."""
    return dict(project.callback_configuration.wire())


def update(project: Project, call: Call) -> Resource:
    """UpdateCallbackConfiguration."""
    body = parse(CallbackConfigurationUpdate, call.body, call.content_type)
    project.callback_configuration.hmac_secret = body.hmac_secret
    return get(project, call)
