"""The wish file: a TOML file that says which numbers to rent, to what to link them, and what they may cost."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from onboarding.active_numbers import ActiveLinks, ActiveNumberType, VoiceKind, VoiceLink
from onboarding.batch import BatchId, Contact, Filled, ProfileName
from onboarding.model import Model
from onboarding.money import Money
from onboarding.pace import Pace
from onboarding.renting import MOST_NUMBERS, RENT_PACE, Capability, NumberSearch, PatternPosition, RentWish
from onboarding.task_queues import DEFAULT_PROFILE
from starter.input.key_lines import KeyPath
from starter.input.keyed_file import read_keyed_file

_PATTERN = re.compile(r"\+?[0-9]+")
_EXPECTED_OF_KEYS = {
    "id": "letters, digits, '.', '_' and '-', a letter or digit first, at most 64 in all",
    "like_batch": "the id of a batch",
    "profile": "lower-case letters, digits and '-', a letter or digit first, at most 32 in all",
    "region": "two capital letters, e.g. US",
    "currency": "three capital letters, e.g. USD",
    "type": "LOCAL, MOBILE or TOLL_FREE",
    "capabilities": "SMS, VOICE or both",
    "position": "START, CONTAINS or END",
    "kind": "RTC, EST or FAX",
}


class _Table(Model):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _SpendingLimit(_Table):
    amount: Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Search(_Table):
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    type: ActiveNumberType
    capabilities: tuple[Capability, ...] = ()
    pattern: Filled | None = None
    position: PatternPosition = PatternPosition.CONTAINS


class _Voice(_Table):
    kind: VoiceKind = VoiceKind.RTC
    id: Filled


class _Links(_Table):
    service_plan_id: Filled | None = None
    campaign_id: Filled | None = None
    voice: _Voice | None = None


class WishFile(_Table):
    """The keys of a wish file. `like_batch` names a batch whose profile, service plan and campaign are taken."""

    id: BatchId
    customer: Filled
    profile: ProfileName | None = None
    quantity: Annotated[int, Field(ge=1, le=MOST_NUMBERS, strict=True)]
    spending_limit: _SpendingLimit
    any: bool = False
    all_or_nothing: bool = False
    like_batch: BatchId | None = None
    search: _Search
    links: _Links = _Links()
    contact: Contact
    pace: Pace = RENT_PACE

    def wish(self, profile: str | None = None, plan: str | None = None, campaign: str | None = None) -> RentWish:
        """The wish; what is given comes from the batch that `like_batch` names."""
        voice = self.links.voice
        return RentWish(
            id=self.id,
            customer=self.customer,
            profile=self.profile or profile or DEFAULT_PROFILE,
            quantity=self.quantity,
            search=NumberSearch.model_validate(self.search.model_dump()),
            any=self.any,
            all_or_nothing=self.all_or_nothing,
            links=ActiveLinks(
                service_plan_id=self.links.service_plan_id or plan,
                campaign_id=self.links.campaign_id or campaign,
                voice=VoiceLink(kind=voice.kind, id=voice.id) if voice else None,
            ),
            spending_limit=Money(amount=self.spending_limit.amount, currency_id=self.spending_limit.currency),
            contact=self.contact,
            pace=self.pace,
        )


def read_wish(path: Path) -> WishFile:
    """Read and check a wish file. Raises InvalidInput with all of its problems."""
    return read_keyed_file(path, WishFile, _contradictions, _EXPECTED_OF_KEYS)


def _contradictions(file: WishFile) -> Iterator[tuple[KeyPath, str]]:
    """What Sinch would refuse (Sinch API: search, rent and rentAny parameters)."""
    search, links = file.search, file.links
    if search.pattern is not None and not _PATTERN.fullmatch(search.pattern):
        yield ("search", "pattern"), "digits, with a plus before them where numbers START with it"
    elif search.pattern is not None and search.position is PatternPosition.START and search.pattern[0] != "+":
        yield ("search", "pattern"), "a plus before the digits where numbers START with it, e.g. +1206"
    is_us = search.region == "US"
    if file.any and not (is_us and search.type is ActiveNumberType.LOCAL):
        yield ("any",), "false: Sinch chooses LOCAL numbers of region US only"
    sms = file.like_batch or links.service_plan_id or links.campaign_id
    if links.campaign_id and not (links.service_plan_id or file.like_batch):
        yield ("links", "service_plan_id"), "required: a campaign needs a service plan"
    if links.campaign_id and not (is_us and search.type is ActiveNumberType.LOCAL):
        yield ("links", "campaign_id"), "nothing: only LOCAL numbers of region US are on a campaign"
    for capability, is_wanted in ((Capability.SMS, sms), (Capability.VOICE, links.voice)):
        if is_wanted and capability not in search.capabilities:
            yield ("search", "capabilities"), f"{capability} among them, since the numbers are linked for it"
    if file.like_batch and (links.service_plan_id or links.campaign_id or file.profile):
        yield ("like_batch",), "alone: profile, service plan and campaign are then those of the batch"
