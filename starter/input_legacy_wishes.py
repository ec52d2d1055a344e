"""Reading a wish at the legacy API: a file, or the options of a command that mean the same."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from onboarding.batch import BatchId, Contact, Filled, ProfileName
from onboarding.calls.legacy_numbers import LegacyCapability
from onboarding.legacy_wishes import LegacyAction, LegacyPace, LegacyWish
from onboarding.money import Money
from onboarding.task_queues import DEFAULT_PROFILE
from starter.api.project import phone_number
from starter.exits import Exit, Stop
from starter.input.key_lines import KeyPath
from starter.input.keyed_file import checked_keys, read_keyed_file
from starter.input.problems import InvalidInput
from starter.number_work import Kind, id_of

MOST_NUMBERS = 1000
"""Numbers of one wish: what a run of its workflow has room for."""

_OPTIONS = {"numbers": "number", "spending_limit": "limit"}
"""Keys whose option is called otherwise."""


class WishKeys(BaseModel):
    """The keys of a wish file; docs/legacy.md explains them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: BatchId | None = None
    application: Filled
    capability: LegacyCapability = LegacyCapability.SMS
    profile: ProfileName = DEFAULT_PROFILE
    organisation: Annotated[int, Field(gt=0)] | None = None
    quantity: Annotated[int, Field(gt=0, le=MOST_NUMBERS, strict=True)] | None = None
    numbers: Annotated[tuple[str, ...], Field(max_length=MOST_NUMBERS)] = ()
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    area_code: Filled | None = None
    group: int | None = None
    spending_limit: Annotated[Decimal, Field(gt=0, allow_inf_nan=False)] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    contact: Contact | None = None
    pace: LegacyPace = LegacyPace()


def wish_of_file(action: LegacyAction, kind: Kind, path: Path) -> LegacyWish:
    """The wish that a file describes. Raises Stop with all problems."""
    try:
        keys = read_keyed_file(path, WishKeys, lambda keys: _contradictions(action, keys))
    except InvalidInput as error:
        raise Stop(str(error), Exit.USAGE) from None
    return _wish(action, kind, keys)


def wish_of_options(action: LegacyAction, kind: Kind, options: Mapping[str, Any]) -> LegacyWish:
    """The wish that options describe, by the names of the keys; None is an option that was not given. Raises Stop."""
    given = {key: value for key, value in options.items() if value not in (None, [])}
    keys, wrong = checked_keys(given, WishKeys, lambda keys: _contradictions(action, keys))
    if keys is None:
        problems = [f"{_option(key)}: {expected}" for key, expected in wrong.items()]
        raise Stop("\n".join(problems), Exit.USAGE)
    return _wish(action, kind, keys)


def _contradictions(action: LegacyAction, keys: WishKeys) -> Iterator[tuple[KeyPath, str]]:
    if action is LegacyAction.BUY:
        if keys.quantity is None:
            yield ("quantity",), "required: how many numbers to rent"
        if keys.spending_limit is None:
            yield ("spending_limit",), "required: what all numbers may cost together"
        if keys.numbers:
            yield ("numbers",), "nothing: numbers that are rented already are assigned by `onboard legacy assign`"
        return
    if not keys.numbers:
        yield ("numbers",), f"required: which rented numbers to {action.value}"
    if keys.quantity is not None:
        yield ("quantity",), "nothing: numbers are rented by `onboard legacy buy`"


def _wish(action: LegacyAction, kind: Kind, keys: WishKeys) -> LegacyWish:
    numbers = tuple(dict.fromkeys(map(phone_number, keys.numbers)))
    limit = keys.spending_limit
    return LegacyWish(
        id=id_of(kind, keys.id, numbers, keys.model_dump_json()),
        action=action,
        application_key=keys.application,
        capability=keys.capability,
        profile=keys.profile,
        organisation_id=keys.organisation,
        numbers=numbers,
        quantity=keys.quantity or 0,
        country_id=keys.country,
        area_code=keys.area_code,
        group_id=keys.group,
        spending_limit=None if limit is None else Money(amount=limit, currency_id=keys.currency),
        contact=keys.contact,
        pace=keys.pace,
    )


def _option(key: KeyPath) -> str:
    name = str(key[0])
    return f"--{_OPTIONS.get(name, name).replace('_', '-')}"
