"""Is an active number at Sinch what was asked for: rented still, with its service plan, campaign and voice service.

Sinch API: Active Number.
"""

from collections.abc import Iterator
from enum import StrEnum

from onboarding.active_numbers import ActiveLinks, ActiveNumberSeen, ActiveService, LinkStanding, standing
from onboarding.confirmation import FindingCode
from onboarding.findings import Finding


class ActiveFindingCode(StrEnum):
    """What only active numbers can differ in; their plan and campaign differ like those of imported ones."""

    NOT_ACTIVE = "NOT_ACTIVE"
    RELEASED = "RELEASED"
    VOICE_DIFFERS = "VOICE_DIFFERS"
    VOICE_NOT_LINKED = "VOICE_NOT_LINKED"


_DIFFERS = {
    ActiveService.SERVICE_PLAN: FindingCode.SERVICE_PLAN_DIFFERS,
    ActiveService.CAMPAIGN: FindingCode.CAMPAIGN_DIFFERS,
    ActiveService.VOICE: ActiveFindingCode.VOICE_DIFFERS,
}
_NOT_LINKED = {
    ActiveService.SERVICE_PLAN: FindingCode.SERVICE_PLAN_NOT_LINKED,
    ActiveService.CAMPAIGN: FindingCode.CAMPAIGN_NOT_LINKED,
    ActiveService.VOICE: ActiveFindingCode.VOICE_NOT_LINKED,
}


def active_findings(seen: ActiveNumberSeen, wanted: ActiveLinks) -> Iterator[Finding]:
    """All differences between an active number and what was asked for it."""
    if not seen.is_active:
        sentence = "The number is not rented any more: see who released it, and rent another one."
        yield Finding(code=ActiveFindingCode.NOT_ACTIVE, sentence=sentence)
        return
    if seen.released_until is not None:
        until = f"{seen.released_until:%Y-%m-%d %H:%M} UTC"
        sentence = f"The number is released and goes away at {until}: ask Sinch if that was a mistake."
        yield Finding(code=ActiveFindingCode.RELEASED, sentence=sentence)
    for service in wanted.named:
        how = standing(seen, wanted, service)
        if how is not LinkStanding.LINKED:
            present = seen.link_to(service)
            codes = _DIFFERS if present else _NOT_LINKED
            sentence = (
                f"The number has {service} {present or 'none'}, and {wanted.link_to(service)} was asked for: "
                f"link it again with onboard active update {seen.phone_number}."
            )
            yield Finding(code=codes[service], sentence=sentence)
