"""The wish file: a TOML file that says which numbers to rent, to what to link them, and what they may cost."""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from onboarding.active_numbers import ActiveLinks, ActiveNumberType, VoiceKind, VoiceLink
from onboarding.batch import BatchId, Contact, Filled, ProfileName
from onboarding.model import Model
from onboarding.money import Money
from onboarding.pace import Pace
from onboarding.renting import MOST_NUMBERS, Capability, NumberSearch, PatternPosition, RentWish
from onboarding.task_queues import DEFAULT_PROFILE
from starter.input.batch_keys import dotted, value_at
from starter.input.durations import over_the_defaults, pace_problems
from starter.input.key_lines import KeyLines, KeyPath
from starter.input.problems import InvalidInput, Problem, in_order

_PATTERN = re.compile(r"\+?[0-9]+")
_EXPECTED = {
    "missing": "required: add it",
    "extra_forbidden": "there is no such key: remove it",
    "string_type": "text in quotes",
}
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
    pace: Pace | None = None

    def wish(self, profile: str | None = None, plan: str | None = None, campaign: str | None = None) -> RentWish:
        """The wish; what is given comes from the batch that `like_batch` names."""
        voice = self.links.voice
        own: dict[str, Any] = {"pace": self.pace} if self.pace else {}
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
            **own,
        )


def read_wish(path: Path) -> WishFile:
    """Read and check a wish file. Raises InvalidInput with all of its problems."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        table = tomllib.loads(text)
    except OSError as error:
        raise _unreadable(path, f"a wish file that can be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _unreadable(path, "UTF-8 text: save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, f"TOML: {error}") from None
    wrong: dict[KeyPath, str] = {}
    if isinstance(pace := table.get("pace"), dict):
        wrong |= {("pace", *key): expected for key, expected in pace_problems(pace)}
        table = {**table, "pace": over_the_defaults(pace)}
    file: WishFile | None = None
    try:
        file = WishFile.model_validate(table)
    except ValidationError as error:
        wrong |= {found["loc"]: _expected(found) for found in error.errors(include_url=False)}
    else:
        wrong |= dict(_contradictions(file))
    if wrong or file is None:
        lines = KeyLines(text)
        problems = [_problem(path, lines, table, key, expected) for key, expected in wrong.items()]
        raise InvalidInput(in_order(problems, str(path)))
    return file


def _expected(error: ErrorDetails) -> str:
    if error["type"] in _EXPECTED:
        return _EXPECTED[error["type"]]
    names = [name for name in error["loc"] if isinstance(name, str)]
    return _EXPECTED_OF_KEYS.get(names[-1], error["msg"])


def _unreadable(path: Path, expected: str) -> InvalidInput:
    return InvalidInput([Problem(file=str(path), expected=expected)])


def _problem(path: Path, lines: KeyLines, table: dict[str, Any], key: KeyPath, expected: str) -> Problem:
    found = value_at(table, key)
    value = "" if found is None or isinstance(found, dict) else str(found)
    return Problem(file=str(path), line=lines.of(key), column=dotted(key), value=value, expected=expected)


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
