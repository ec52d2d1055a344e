"""The typed search attributes, defined once; the worker registers them from this list."""

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from onboarding.stages import Stage, WaitingOn

BATCH = SearchAttributeKey.for_keyword("OnboardingBatch")
CUSTOMER = SearchAttributeKey.for_keyword("OnboardingCustomer")
STAGE = SearchAttributeKey.for_keyword("OnboardingStage")
WAITING_ON = SearchAttributeKey.for_keyword("OnboardingWaitingOn")
HOSTING_ORDER = SearchAttributeKey.for_keyword("OnboardingHostingOrder")
NUMBERS_TOTAL = SearchAttributeKey.for_int("NumbersTotal")
NUMBERS_DONE = SearchAttributeKey.for_int("NumbersDone")
NUMBERS_FAILED = SearchAttributeKey.for_int("NumbersFailed")
DEADLINE = SearchAttributeKey.for_datetime("OnboardingDeadline")

KEYWORDS = (BATCH, CUSTOMER, STAGE, WAITING_ON, HOSTING_ORDER)
INTEGERS = (NUMBERS_TOTAL, NUMBERS_DONE, NUMBERS_FAILED)
DATETIMES = (DEADLINE,)

TYPE_NAMES = (
    {key.name: "Keyword" for key in KEYWORDS}
    | {key.name: "Int" for key in INTEGERS}
    | {key.name: "Datetime" for key in DATETIMES}
)
"""Attribute name -> type name, as `temporal operator search-attribute create` takes them."""


def started_with(
    batch: str, customer: str | None, stage: Stage, waiting_on: WaitingOn, numbers: int | None = None
) -> TypedSearchAttributes:
    """Search attributes of a new workflow of this batch, or of other work that belongs to no customer."""
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(BATCH, batch),
        SearchAttributePair(STAGE, stage.value),
        SearchAttributePair(WAITING_ON, waiting_on.value),
    ]
    if customer is not None:
        pairs.append(SearchAttributePair(CUSTOMER, customer))
    if numbers is not None:
        pairs += [
            SearchAttributePair(NUMBERS_TOTAL, numbers),
            SearchAttributePair(NUMBERS_DONE, 0),
            SearchAttributePair(NUMBERS_FAILED, 0),
        ]
    return TypedSearchAttributes(pairs)
