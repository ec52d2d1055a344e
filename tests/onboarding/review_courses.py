"""Courses of one number through qualification as Sinch would run them (Sinch API: states of a qualified number)."""

from dataclasses import dataclass

from hypothesis import strategies as st

from onboarding import reasons
from onboarding.observations import Review
from onboarding.progress import Rules
from onboarding.stages import Stage, Verification

NEXT = {
    "ELIGIBLE_CHECK_PENDING": ("ELIGIBLE", "NOT_ELIGIBLE"),
    "ELIGIBLE": ("VERIFICATION_PENDING",),
    "VERIFICATION_PENDING": ("VERIFIED", "VERIFICATION_FAILED", "VERIFICATION_BLOCKED"),
    "VERIFICATION_FAILED": ("VERIFICATION_PENDING", "VERIFICATION_BLOCKED"),
}
"""State -> what Sinch or a person can make of it; the other states are ends of a qualification."""

HOSTED_BEFORE = ("HOSTING_IN_PROGRESS", "HOSTING_DONE", "HOSTING_FAILED")
"""States in which a number may be found because it has been in an order already."""

ENDS = {
    "VERIFIED": (Stage.VERIFIED, None),
    "NOT_ELIGIBLE": (Stage.FAILED, reasons.NOT_ELIGIBLE),
    "VERIFICATION_FAILED": (Stage.FAILED, reasons.INVOICE_REFUSED),
    "VERIFICATION_BLOCKED": (Stage.FAILED, reasons.VERIFICATION_BLOCKED),
    "HOSTING_IN_PROGRESS": (Stage.FAILED, reasons.ALREADY_IN_A_HOSTING_ORDER),
    "HOSTING_DONE": (Stage.SKIPPED, reasons.ALREADY_TEXT_ENABLED),
    "HOSTING_FAILED": (Stage.VERIFIED, None),
}
PAST_ELIGIBILITY = ("ELIGIBLE", "VERIFICATION_PENDING", "VERIFICATION_FAILED")

ALL_RULES = [
    Rules(verification=verification, eligible_is_enough=enough)
    for verification in Verification
    for enough in (False, True)
]


@dataclass(frozen=True)
class ReviewCourse:
    """What the reviews of one number can show, up to the one that ends its qualification."""

    rules: Rules
    reviews: tuple[Review, ...]

    @property
    def end(self) -> tuple[Stage, str | None]:
        """Stage and reason code in which the qualification has to end."""
        state = self.reviews[-1].state
        if _is_enough(state, self.rules):
            return Stage.VERIFIED, None
        return ENDS[state]


@st.composite
def review_courses(draw: st.DrawFn, rules: Rules) -> ReviewCourse:
    """A number that is new, was left somewhere by an earlier batch, or has been hosted already."""
    state = draw(st.sampled_from(["ELIGIBLE_CHECK_PENDING", "ELIGIBLE_CHECK_PENDING", *NEXT, *HOSTED_BEFORE]))
    states = [state]
    while not _ends(state, rules) or (_is_enough(state, rules) and draw(st.booleans(), "Sinch goes on")):
        state = draw(st.sampled_from(NEXT[state]))
        states.append(state)
    return ReviewCourse(rules, tuple(Review(state=state, error=_error(state)) for state in states))


def _ends(state: str, rules: Rules) -> bool:
    refused = state == "VERIFICATION_FAILED" and not rules.verification.may_call
    return state not in NEXT or refused or _is_enough(state, rules)


def _is_enough(state: str, rules: Rules) -> bool:
    return rules.eligible_is_enough and state in PAST_ELIGIBILITY


def _error(state: str) -> str:
    return f"It is {state}." if state in ENDS and state != "VERIFIED" else ""


def unknown_reviews() -> st.SearchStrategy[Review]:
    """Literals nobody knows yet, and none at all."""
    return st.builds(Review, state=st.sampled_from(["", "UNSPECIFIED", "GLOBAL_PROCESS_STATE_UNSPECIFIED", "NEW"]))
