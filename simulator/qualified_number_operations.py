"""The operations on qualified numbers: what they check of a request and what they answer.

Sinch API: qualified numbers, sendVoiceChallenge, verifyVoiceChallenge.
"""

from simulator.bodies import AddNumbers, VerifyVoiceChallenge, parse
from simulator.operations import Call, Resource
from simulator.paging import PageRequest
from simulator.project import Project
from simulator.qualified_numbers import ProcessState
from simulator.queries import at_most, demand, literals, region


def list_numbers(project: Project, call: Call) -> Resource:
    """ListQualifiedNumbers."""
    demand(call.query, "states")
    page = project.qualified_numbers.page(
        PageRequest.of(call.query),
        literals(call.query, "states", ProcessState, ProcessState.UNSPECIFIED),
        region(call.query),
    )
    return {
        "qualifiedNumbers": [number.wire(project.project_id) for number in page.items],
        "nextPageToken": page.next_page_token,
        "totalSize": page.total_size,
    }


def get(project: Project, call: Call) -> Resource:
    """GetQualifiedNumber."""
    return project.qualified_numbers.get(call.path["phone_number"]).wire(project.project_id)


def delete(project: Project, call: Call) -> None:
    """DeleteQualifiedNumber."""
    number = project.qualified_numbers.get(call.path["phone_number"])
    project.qualified_numbers.delete(number)
    project.voice_challenges.forget(number.phone_number)


def add(project: Project, call: Call) -> Resource:
    """BatchCreateQualifiedNumbers."""
    body = parse(AddNumbers, call.body, call.content_type)
    at_most(project.settings.numbers_per_request, "phoneNumbers", body.phone_numbers)
    added = project.qualified_numbers.add(body.phone_numbers)
    return {"qualifiedNumbers": [number.wire(project.project_id) for number in added]}


def send_voice_challenge(project: Project, call: Call) -> Resource:
    """SendVoiceChallenge."""
    number = project.qualified_numbers.get(call.path["phone_number"])
    project.voice_challenges.send(number)
    return number.wire(project.project_id)


def verify_voice_challenge(project: Project, call: Call) -> Resource:
    """VerifyVoiceChallenge."""
    body = parse(VerifyVoiceChallenge, call.body, call.content_type)
    number = project.qualified_numbers.get(call.path["phone_number"])
    project.voice_challenges.verify(number, body.code)
    return number.wire(project.project_id)
