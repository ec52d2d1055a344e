"""The voice challenge and the phones it rings: a call speaks a code, and the code proves the ownership.

Sinch API: sendVoiceChallenge, verifyVoiceChallenge. Code length, validity and the limit of wrong codes are ours.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulator.clock import VirtualClock, rfc3339
from simulator.draws import Draws
from simulator.errors import failed_precondition
from simulator.ledger import ProjectLedger
from simulator.qualified_numbers import ProcessState, QualifiedNumber, QualifiedNumbers
from simulator.settings import SimulatorSettings

_CALLABLE = {ProcessState.ELIGIBLE, ProcessState.VERIFICATION_PENDING, ProcessState.VERIFICATION_FAILED}
_CHECKABLE = {ProcessState.VERIFICATION_PENDING, ProcessState.VERIFICATION_FAILED}


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a phone got; ``spoken`` is the code, heard only when somebody answered."""

    at: float
    answered: bool
    spoken: str

    def wire(self) -> dict[str, Any]:
        """What the owner of the phone can tell about the call."""
        return {
            "at": rfc3339(self.at),
            "answered": self.answered,
            "code": self.spoken if self.answered else None,
        }


class VoiceChallenges:
    """Places calls and checks codes for qualified numbers."""

    def __init__(
        self,
        settings: SimulatorSettings,
        clock: VirtualClock,
        draws: Draws,
        ledger: ProjectLedger,
        numbers: QualifiedNumbers,
    ) -> None:
        self._validity = settings.durations.voice_code_validity
        self._wrong_codes_allowed = settings.wrong_codes_allowed
        self._clock = clock
        self._draws = draws
        self._ledger = ledger
        self._numbers = numbers
        self._calls: defaultdict[str, list[Call]] = defaultdict(list)
        self._last_calls: dict[str, Call] = {}
        self._wrong_codes: defaultdict[str, int] = defaultdict(int)

    def send(self, number: QualifiedNumber) -> None:
        """Ring the number's phone and speak a new code; raises ApiError 400 in a state without verification."""
        if number.state not in _CALLABLE:
            raise failed_precondition(
                f"No voice challenge for {number.phone_number} in the state {number.state}: it is placed for "
                "numbers that are ELIGIBLE, VERIFICATION_PENDING or VERIFICATION_FAILED."
            )
        calls = self._calls[number.phone_number]
        answers_from = number.card.answers_from_call
        answered = answers_from is not None and len(calls) + 1 >= answers_from
        code = self._draws.code(number.phone_number, len(calls) + 1)
        calls.append(Call(self._clock.now(), answered, code))
        self._last_calls[number.phone_number] = calls[-1]
        self._ledger.write("voice_call", number.phone_number, code=code, answered=answered)
        self._numbers.challenge_placed(number)

    def verify(self, number: QualifiedNumber, code: str) -> None:
        """Check a code against the last call; a wrong one is counted, and the last allowed one blocks the number.

        Raises ApiError 400 when no code can be checked: no call was placed, or the verification is over.
        """
        last_call = self._last_calls.get(number.phone_number)
        if last_call is None or number.state not in _CHECKABLE:
            raise failed_precondition(
                f"No code to check for {number.phone_number} in the state {number.state}: "
                "call sendVoiceChallenge first."
            )
        expired = self._clock.now() > last_call.at + self._validity
        right = code == last_call.spoken and not expired and not number.card.codes_judged_wrong
        self._ledger.write("code_check", number.phone_number, right=right)
        if right:
            self._numbers.verified(number)
            return
        self._wrong_codes[number.phone_number] += 1
        if self._wrong_codes[number.phone_number] >= self._wrong_codes_allowed:
            self._numbers.verification_blocked(number, "Too many wrong codes. Contact Sinch support.")
        else:
            self._numbers.verification_failed(number, "The code is expired." if expired else "The code is wrong.")

    def forget(self, phone_number: str) -> None:
        """Start anew with a number that was deleted; its phone still remembers its calls."""
        self._last_calls.pop(phone_number, None)
        self._wrong_codes.pop(phone_number, None)

    def calls(self, phone_number: str) -> list[Call]:
        """The calls that a phone got, the first one first."""
        return self._calls.get(phone_number, [])

    def called(self) -> Iterable[str]:
        """The numbers of all phones that got a call."""
        return self._calls
