"""Every end without SMS says in a sentence what happened and what to do next."""

import pytest

from onboarding import reasons
from onboarding.reasons import reason
from sinch_numbers.callbacks import FailureCode
from tests.onboarding.order_courses import FAILURE_CODES

OUR_CODES = sorted(name for name in vars(reasons) if name.isupper() and not name.startswith("_"))
CODES_OUTSIDE_CALLBACKS = ("SMS_PROVISIONING_FAILED", "INTERNAL_ERROR")
"""Literals that Sinch only uses in `errorCodes` (Sinch API: failure codes)."""

REQUESTS = {
    "add", "ask", "check", "compare", "contact", "correct", "have", "nothing", "read", "remove", "renew", "retry",
    "see", "send", "settle", "start", "text-enable", "top", "use", "wait",
}  # fmt: skip
"""First word of every request, so that a sentence that asks for nothing shows."""


def test_the_constants_are_their_own_names() -> None:
    assert {name: getattr(reasons, name) for name in OUR_CODES} == {name: name for name in OUR_CODES}


@pytest.mark.parametrize("code", sorted({*OUR_CODES, *FAILURE_CODES, *CODES_OUTSIDE_CALLBACKS}))
def test_a_reason_says_what_happened_and_what_to_do_next(code: str) -> None:
    happened, _, next_step = reason(code).sentence.partition(": ")
    assert happened[0].isupper()
    assert next_step.split()[0] in REQUESTS
    assert next_step.endswith(".")
    assert code not in reason(code).sentence, "a sentence is for people; the code stands beside it"


def test_no_two_codes_share_a_sentence() -> None:
    codes = {*OUR_CODES, *FAILURE_CODES, *CODES_OUTSIDE_CALLBACKS}
    assert len({reason(code).sentence for code in codes}) == len(codes)


def test_every_failure_code_that_the_sinch_client_knows_is_explained() -> None:
    assert set(FailureCode) == {*FAILURE_CODES, *CODES_OUTSIDE_CALLBACKS}


def test_an_unknown_code_is_named_and_sent_to_sinch_support() -> None:
    unknown = reason("SOMETHING_NEW")
    assert unknown.code == "SOMETHING_NEW"
    assert unknown.sentence == "Sinch reports SOMETHING_NEW: ask Sinch support with the hosting order id."


def test_sinchs_own_words_come_after_ours() -> None:
    told = reason(reasons.NOT_ELIGIBLE, "Wireless number.")
    assert told.sentence == f"{reason(reasons.NOT_ELIGIBLE).sentence} Sinch said: Wireless number."
