"""What Sinch is to be asked for next, and what an active number lacks, told from what a read shows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from onboarding.active_confirmation import active_findings
from onboarding.active_numbers import (
    ActiveLinks,
    ActiveNumberSeen,
    ActiveService,
    LinkJob,
    LinkRequest,
    VoiceLink,
    next_request,
)

WANTED = ActiveLinks(service_plan_id="plan-1", campaign_id="C1", voice=VoiceLink(id="app-1"))
AS_WANTED = {"service_plan_id": "plan-1", "campaign_id": "C1", "voice": VoiceLink(id="app-1")}
PLAN, CAMPAIGN, VOICE = ActiveService


def seen(**fields: Any) -> ActiveNumberSeen:
    return ActiveNumberSeen(phone_number="+12065550100", **fields)


@pytest.mark.parametrize(
    ("fields", "asked", "request_", "services"),
    [
        (AS_WANTED, False, LinkRequest.NOTHING, ()),
        ({}, False, LinkRequest.LINK, (PLAN, CAMPAIGN, VOICE)),
        ({"service_plan_id": "plan-1"}, False, LinkRequest.LINK, (CAMPAIGN, VOICE)),
        (AS_WANTED | {"campaign_id": "C0"}, False, LinkRequest.UNLINK, (CAMPAIGN,)),
        ({"service_plan_id": "plan-0", "campaign_id": "C0"}, True, LinkRequest.UNLINK, (PLAN, CAMPAIGN)),
        (AS_WANTED | {"voice": VoiceLink(id="app-0")}, False, LinkRequest.LINK, (VOICE,)),
        ({"sms_job": LinkJob(), "voice": VoiceLink(id="app-1")}, True, LinkRequest.WAIT, (PLAN, CAMPAIGN)),
        ({"sms_job": LinkJob(failed=True)}, True, LinkRequest.GIVE_UP, (PLAN, CAMPAIGN)),
        ({"sms_job": LinkJob(failed=True)}, False, LinkRequest.LINK, (PLAN, CAMPAIGN, VOICE)),
    ],
)
def test_the_next_request_is_told_by_what_a_read_shows(
    fields: dict[str, Any], asked: bool, request_: LinkRequest, services: tuple[ActiveService, ...]
) -> None:
    step = next_request(seen(**fields), WANTED, asked=asked)
    assert (step.request, step.services) == (request_, services)


def test_links_that_nobody_named_are_left_as_they_are() -> None:
    wanted = ActiveLinks(campaign_id="C1")
    assert next_request(seen(**AS_WANTED), wanted, asked=False).request is LinkRequest.NOTHING


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        (AS_WANTED, []),
        ({"is_active": False}, ["NOT_ACTIVE"]),
        (AS_WANTED | {"released_until": datetime(2027, 1, 1, tzinfo=UTC)}, ["RELEASED"]),
        ({"voice": VoiceLink(id="app-2")}, ["SERVICE_PLAN_NOT_LINKED", "CAMPAIGN_NOT_LINKED", "VOICE_DIFFERS"]),
        (AS_WANTED | {"service_plan_id": "plan-2", "voice": None}, ["SERVICE_PLAN_DIFFERS", "VOICE_NOT_LINKED"]),
        (AS_WANTED | {"campaign_id": "C2"}, ["CAMPAIGN_DIFFERS"]),
    ],
)
def test_every_difference_is_a_finding_that_says_what_to_do(fields: dict[str, Any], codes: list[str]) -> None:
    findings = list(active_findings(seen(**fields), WANTED))
    assert [finding.code for finding in findings] == codes
    assert all(": " in finding.sentence for finding in findings)
