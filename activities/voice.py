"""Voice challenges: ringing a phone, checking the code that was heard (Sinch API: Qualified Numbers)."""

from temporalio import activity

from activities.failures import sinch_failures
from activities.qualification import review_state
from onboarding.calls.voice import (
    CHECK_CODE,
    PLACE_CALL,
    CallOutcome,
    CallPlaced,
    CheckCode,
    CodeChecked,
    CodeOutcome,
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
        ended = _ENDED.get(review_state(number))
        return CallPlaced(outcome=ended) if ended else await self._ring(request.phone_number)

    async def _ring(self, phone_number: str) -> CallPlaced:
        try:
            await self._sinch.qualified_numbers.send_voice_challenge(phone_number)
        except _SURELY_NOT_PLACED as error:
            return CallPlaced(outcome=CallOutcome.NOT_PLACED, message=str(error))
        except (OutcomeUnknown, ServerError) as error:
            return CallPlaced(outcome=CallOutcome.UNKNOWN, message=str(error))
        except SinchError as error:
            return CallPlaced(outcome=CallOutcome.REFUSED, message=str(error))
        return CallPlaced(outcome=CallOutcome.PLACED)

    @activity.defn(name=CHECK_CODE.name)
    async def check_code(self, request: CheckCode) -> CodeChecked:
        """Have Sinch judge the code. A repeated attempt first looks whether the one before got through."""
        with sinch_failures():
            if activity.info().attempt > 1:
                judged = _JUDGED.get(review_state(await self._sinch.qualified_numbers.get(request.phone_number)))
                if judged is not None:
                    return CodeChecked(outcome=judged)
            try:
                number = await self._sinch.qualified_numbers.verify_voice_challenge(request.phone_number, request.code)
            except InvalidArgument as error:
                return await self._refused(request.phone_number, error)
        return _judgement(number)

    async def _refused(self, phone_number: str, error: ErrorResponse) -> CodeChecked:
        """Whether a wrong code is an error or a state is not documented: the number's state decides."""
        return _judgement(await self._sinch.qualified_numbers.get(phone_number), error.message)


def _judgement(number: QualifiedNumber, message: str = "") -> CodeChecked:
    outcome = _JUDGED.get(review_state(number), CodeOutcome.WRONG)
    return CodeChecked(outcome=outcome, message=message or number.ownership_verification.error)
