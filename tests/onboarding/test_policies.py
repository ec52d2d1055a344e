"""Every failure code has its handling, and the guide tells it."""

from pathlib import Path

import pytest

from onboarding import reasons
from onboarding.policies import RECOVERIES, UNKNOWN, RecoveryKind, recovery_of
from onboarding.spans import Span
from tests.onboarding.order_courses import FAILURE_CODES, FINAL_CODES

GUIDE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
MORE_CODES = ("SMS_PROVISIONING_FAILED", "INTERNAL_ERROR", reasons.T_MOBILE_MIGRATION_REQUIRED)


@pytest.mark.parametrize("code", [*FAILURE_CODES, *MORE_CODES])
def test_every_failure_code_has_its_handling_and_somebody_whose_turn_it_is(code: str) -> None:
    assert recovery_of(code) is RECOVERIES[code]
    assert RECOVERIES[code].who


def test_only_what_no_retry_can_mend_is_final() -> None:
    final = {code for code, recovery in RECOVERIES.items() if recovery.kind is RecoveryKind.FINAL}
    assert final == FINAL_CODES | {reasons.HOSTING_FAILED}


def test_waits_never_get_shorter_and_come_to_an_end() -> None:
    for code, recovery in RECOVERIES.items():
        lengths = [span.fixed for span in recovery.waits]
        assert lengths == sorted(lengths), code
        assert bool(lengths) is (recovery.kind is RecoveryKind.WAIT), code
        assert recovery.wait_before(len(lengths)) is None, code


def test_a_partner_that_is_down_is_given_longer_every_time() -> None:
    waits = [RECOVERIES["PARTNER_SERVICE_UNAVAILABLE"].wait_before(tries) for tries in range(4)]
    assert waits == [Span("1h"), Span("4h"), Span("24h"), None]


def test_an_unknown_code_is_a_persons() -> None:
    assert recovery_of("SOMETHING_NEW") is UNKNOWN
    assert UNKNOWN.kind is RecoveryKind.OPERATOR


@pytest.mark.parametrize("code", RECOVERIES)
def test_the_guide_tells_the_handling_of_every_code(code: str) -> None:
    recovery = RECOVERIES[code]
    row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{code}` |"))
    does = {
        RecoveryKind.WAIT: f"linked again after {', '.join(recovery.waits)}; then an operator's",
        RecoveryKind.OPERATOR: "waits for an operator",
        RecoveryKind.FINAL: "fails at once",
    }
    assert row == f"| `{code}` | {does[recovery.kind]} | {recovery.who} |"
