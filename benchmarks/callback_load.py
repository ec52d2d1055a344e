"""Callbacks as Sinch sends them, ready to be posted: signed bodies for many workflows, four events a number."""

import json
from collections.abc import Mapping, Sequence

from pydantic import SecretStr

from benchmarks.batch_files import phone_numbers
from benchmarks.http_load import Request, post
from onboarding.callback_tokens import make_token
from onboarding.observations import CAMPAIGN_LINK, HOSTING_PROCESS, OSR_UPDATE, PLATFORM_PROVISIONING
from sinch_numbers.callbacks import SIGNATURE_HEADER, signature

_EVENT_TYPES = (OSR_UPDATE, PLATFORM_PROVISIONING, CAMPAIGN_LINK, HOSTING_PROCESS)


def callback_requests(
    count: int, workflow_ids: Sequence[str], environment: Mapping[str, str], secret: SecretStr
) -> list[Request]:
    """`count` callbacks in turn for each of the workflows, to be sent to the receiver with this environment."""
    key = environment["ONBOARD_CALLBACK_TOKEN_KEY"].encode()
    paths = [f"/callbacks/{make_token(workflow_id, key)}" for workflow_id in workflow_ids]
    numbers = phone_numbers(-(-count // len(_EVENT_TYPES)))
    events = ((number, event_type) for event_type in _EVENT_TYPES for number in numbers)
    requests = []
    for position, (number, event_type) in zip(range(count), events, strict=False):
        body = _body(position, number, event_type, environment["ONBOARD_SINCH_PROJECT_ID"])
        headers = {SIGNATURE_HEADER: signature(secret, body)}
        requests.append(post(paths[position % len(paths)], body, headers))
    return requests


def _body(position: int, number: str, event_type: str, project_id: str) -> bytes:
    event = {
        "eventId": f"01{position:024d}",
        "timestamp": "2026-11-02T09:00:00.000000Z",
        "projectId": project_id,
        "resourceId": number,
        "resourceType": "HOSTING_ORDER_NUMBER",
        "eventType": event_type,
        "status": "SUCCEEDED",
        "failureCode": None,
    }
    return json.dumps(event, separators=(",", ":")).encode()
