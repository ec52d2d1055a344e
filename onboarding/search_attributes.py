"""The typed search attributes, defined once; the worker registers them from this list."""

from temporalio.common import SearchAttributeKey

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
