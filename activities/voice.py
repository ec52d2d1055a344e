"""Voice challenges: ringing a phone, checking the code that was heard (Sinch API: Qualified Numbers).

Neither is repeated after a lost answer unless the number is surely as it was before. Where that cannot be told, a call
counts as placed and a code as judged: a person may ask for another one.
"""

from temporalio import activity

from activities.failures import sinch_failures
from activities.reviews import reviewed
from onboarding.calls.voice import (
    CHECK_CODE,
    LOOK_AFTER_CALL,
    PLACE_CALL,
    CallOutcome,
    CallPlaced,
    CheckCode,
    CodeChecked,
    CodeOutcome,
    LookAfterCall,
    NumberSeen,
    PlaceCall,
)
from sinch_numbers import (
    ErrorResponse,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    QualifiedNumber,
    RateLimited,
    RequestNotSent,
    ServerError,
    SinchError,
    SinchNumbers,
    Unauthenticated,
)

_SURELY_NOT_PLACED = (RequestNotSent, RateLimited, Unauthenticated, PermissionDenied)
_VERIFIED = ("VERIFIED", "HOSTING_IN_PROGRESS", "HOSTING_DONE", "HOSTING_FAILED")
_JUDGED = {**dict.fromkeys(_VERIFIED, CodeOutcome.VERIFIED), "VERIFICATION_BLOCKED": CodeOutcome.BLOCKED}
_ENDED = {**dict.fromkeys(_VERIFIED, CallOutcome.ALREADY_VERIFIED), "VERIFICATION_BLOCKED": CallOutcome.BLOCKED}
_MAY_HAVE_RUNG = "Sinch's answer was lost: the phone may have rung. If it did not, ask for another call."
_COUNTS_AS_WRONG = (
    "Sinch's answer was lost, and the number has changed there since: the code counts as wrong. "
    "Enter it again, or ask for another call."
)


class Voice:
    """Voice challenges of one Sinch project."""

    def __init__(self, sinch: SinchNumbers) -> None:
        """The client of the project."""
        self._sinch = sinch

    @activity.defn(name=PLACE_CALL.name)
    async def place_call(self, request: PlaceCall) -> CallPlaced:
        """Ring the phone once, unless the number needs no call any more. Never raises: the outcome says it all."""
        try:
            number = await self._sinch.qualified_numbers.get(request.phone_number)
        except NotFound as error:
            return CallPlaced(outcome=CallOutcome.REFUSED, message=str(error))
        except SinchError as error:
            return CallPlaced(outcome=CallOutcome.NOT_PLACED, message=str(error))
        before = _seen(number)
        ended = _ENDED.get(before.state)
        return CallPlaced(outcome=ended) if ended else await self._ring(request.phone_number, before)

    async def _ring(self, phone_number: str, before: NumberSeen) -> CallPlaced:
        try:
            called = await self._sinch.qualified_numbers.send_voice_challenge(phone_number)
        except _SURELY_NOT_PLACED as error:
            return CallPlaced(outcome=CallOutcome.NOT_PLACED, message=str(error))
        except (OutcomeUnknown, ServerError) as error:
            return CallPlaced(outcome=CallOutcome.UNKNOWN, message=str(error), seen=before)
        except SinchError as error:
            return CallPlaced(outcome=CallOutcome.REFUSED, message=str(error))
        return CallPlaced(outcome=CallOutcome.PLACED, seen=_seen(called))

    @activity.defn(name=LOOK_AFTER_CALL.name)
    async def look_after_call(self, request: LookAfterCall) -> CallPlaced:
        """PLACED or NOT_PLACED, or how the challenge has ended meanwhile.

        A call moves the number to VERIFICATION_PENDING, from where the orders desk may have moved it on since.
        """
        with sinch_failures():
            try:
                number = await self._sinch.qualified_numbers.get(request.phone_number)
            except NotFound as error:
                return CallPlaced(outcome=CallOutcome.REFUSED, message=str(error))
        now = _seen(number)
        if ended := _ENDED.get(now.state):
            return CallPlaced(outcome=ended)
        if now.state == "VERIFICATION_PENDING" or _may_have_moved(request.seen, now):
            return CallPlaced(outcome=CallOutcome.PLACED, message=_MAY_HAVE_RUNG, seen=now)
        return CallPlaced(outcome=CallOutcome.NOT_PLACED)

    @activity.defn(name=CHECK_CODE.name)
    async def check_code(self, request: CheckCode) -> CodeChecked:
        """Have Sinch judge the code. A repeated attempt first looks whether the one before got through."""
        with sinch_failures():
            if activity.info().attempt > 1:
                number = await self._sinch.qualified_numbers.get(request.phone_number)
                if reviewed(number).state in _JUDGED:
                    return _judgement(number)
                if _may_have_moved(request.seen, _seen(number)):
                    return _judgement(number, _COUNTS_AS_WRONG)
            try:
                number = await self._sinch.qualified_numbers.verify_voice_challenge(request.phone_number, request.code)
            except InvalidArgument as error:
                return await self._refused(request.phone_number, error)
        return _judgement(number)

    async def _refused(self, phone_number: str, error: ErrorResponse) -> CodeChecked:
        """Whether a wrong code is an error or a state is not documented: the number's state decides."""
        return _judgement(await self._sinch.qualified_numbers.get(phone_number), error.message)


def _judgement(number: QualifiedNumber, message: str = "") -> CodeChecked:
    seen, said = _seen(number), number.ownership_verification.error
    return CodeChecked(outcome=_JUDGED.get(seen.state, CodeOutcome.WRONG), message=message or said, seen=seen)


def _seen(number: QualifiedNumber) -> NumberSeen:
    seen = reviewed(number)
    return NumberSeen(state=seen.state, updated=seen.updated)


def _may_have_moved(before: NumberSeen | None, now: NumberSeen) -> bool:
    """False where the number is surely as it was. Nothing but a wrong code or the desk makes it VERIFICATION_FAILED."""
    if before is None:
        return now.state == "VERIFICATION_FAILED"
    return now != before or now.updated is None
