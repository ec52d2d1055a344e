"""What all commands on the API share: a client of the profile's project, words as literals, errors as exit codes."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import TypeVar

from onboarding.phone_numbers import NotAPhoneNumber, read_e164
from processes.sinch_profiles import SinchProfile, sinch_profile
from sinch_numbers import (
    InvalidRequest,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    RequestNotSent,
    ServerError,
    SinchError,
    SinchNumbers,
    Unauthenticated,
    UnreadableResponse,
)
from starter.exits import Exit, Stop

LiteralT = TypeVar("LiteralT", bound=StrEnum)

PAGE_SIZE = 500

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

_EXITS: dict[type[SinchError], Exit] = {
    InvalidRequest: Exit.USAGE,
    Unauthenticated: Exit.CONFIGURATION,
    PermissionDenied: Exit.CONFIGURATION,
    UnreadableResponse: Exit.ERROR,
    RequestNotSent: Exit.UNAVAILABLE,
    RateLimited: Exit.UNAVAILABLE,
    ServerError: Exit.UNAVAILABLE,
    OutcomeUnknown: Exit.UNAVAILABLE,
}


@asynccontextmanager
async def sinch_project(profile: SinchProfile | str) -> AsyncIterator[SinchNumbers]:
    """A client of the profile's project. Errors of Sinch leave the block as Stop. Raises InvalidProfiles."""
    described = sinch_profile(profile) if isinstance(profile, str) else profile
    async with described.client() as sinch:
        try:
            yield sinch
        except SinchError as error:
            raise Stop(str(error), exit_of(error)) from None


def exit_of(error: SinchError) -> Exit:
    """Credentials, a Sinch that is away, a request that is wrong by itself, and anything else that was refused."""
    return next((code for kind, code in _EXITS.items() if isinstance(error, kind)), Exit.ERROR)


def phone_number(text: str) -> str:
    """The number as E.164. Sinch may know one that the numbering plan does not. Raises Stop when it is none."""
    try:
        return read_e164(text)
    except NotAPhoneNumber as error:
        if _E164.fullmatch(text):
            return text
        raise Stop(f"{text}: {error}", Exit.USAGE) from None


def literal(kind: type[LiteralT], text: str, option: str) -> LiteralT:
    """The literal a person means: its name or its value, in any case, with hyphens or underscores. Raises Stop."""
    for member in kind:
        if _plain(text) in (_plain(member.name), _plain(member.value)):
            return member
    names = ", ".join(member.name.lower().replace("_", "-") for member in specified(kind))
    raise Stop(f"{option} {text}: take one of {names}", Exit.USAGE)


def literals(kind: type[LiteralT], texts: Iterable[str] | None, option: str) -> tuple[LiteralT, ...]:
    """The literals a person means; without any, all that say something. Raises Stop."""
    return tuple(literal(kind, text, option) for text in texts or ()) or specified(kind)


def optional_literal(kind: type[LiteralT], text: str | None, option: str) -> LiteralT | None:
    """The literal a person means, if any. Raises Stop."""
    return None if text is None else literal(kind, text, option)


def specified(kind: type[LiteralT]) -> tuple[LiteralT, ...]:
    """All literals but the one that stands for none."""
    return tuple(member for member in kind if member.name != "UNSPECIFIED")


def _plain(word: str) -> str:
    return word.upper().replace("-", "").replace("_", "")
