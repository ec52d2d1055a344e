"""Everything that can go wrong when talking to Sinch, as one hierarchy.

The class tells the caller what may have happened at Sinch:

- `InvalidRequest`, `RequestNotSent`: nothing, for nothing was sent.
- `ErrorResponse` with a 4xx status: Sinch refused, nothing changed.
- `ServerError` (5xx), `OutcomeUnknown`: the request may have taken effect. Read before sending a POST again.

Messages are made of what Sinch answers and of public identifiers, never of the headers or bodies that were sent: no
key secret, token, callback secret or voice code gets into them.
"""

from dataclasses import dataclass
from typing import ClassVar

_MOST_VIOLATIONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field of a request that is wrong, by its wire name, and why."""

    field: str
    description: str

    def __str__(self) -> str:
        return f"{self.field}: {self.description}" if self.field else self.description


class SinchError(Exception):
    """Root of all errors of this package.

    operation: the call, e.g. `hosting_orders.text_enable`.
    message: what went wrong, in Sinch's words where there are any.
    subject: the phone number (E.164), hosting order id or display name concerned, where known.
    http_status: e.g. 404; None when Sinch gave no answer.
    status: Sinch's word for it, e.g. `NOT_FOUND`; None when there is none.
    violations: the fields that were refused.
    retry_after: seconds that Sinch asks to wait before the next attempt; None when it does not say.
    """

    advice: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        subject: str | None = None,
        http_status: int | None = None,
        status: str | None = None,
        violations: tuple[FieldViolation, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.subject = subject
        self.http_status = http_status
        self.status = status
        self.violations = violations
        self.retry_after = retry_after

    def __str__(self) -> str:
        answer = " ".join(str(part) for part in (self.http_status, self.status) if part is not None)
        subject = f" for {self.subject}" if self.subject else ""
        shown = [str(violation) for violation in self.violations[:_MOST_VIOLATIONS_SHOWN]]
        if len(self.violations) > len(shown):
            shown.append(f"and {len(self.violations) - len(shown)} more")
        fields = f" ({'; '.join(shown)})" if shown else ""
        wait = f" Sinch asks to wait {self.retry_after:g} s." if self.retry_after is not None else ""
        sentence = f"{answer + ', ' if answer else ''}{self.message}".rstrip(".")
        return f"{self.operation}{subject}: {sentence}{fields}.{wait} {self.advice}".rstrip()


class InvalidRequest(SinchError):
    """The request breaks a rule of the API; it was not sent."""

    advice = "Nothing was sent; correct the request."


class RequestNotSent(SinchError):
    """No connection, or no access token: surely nothing reached the API."""

    advice = "Nothing reached Sinch; it is safe to send again."


class OutcomeUnknown(SinchError):
    """The connection failed after the request began: Sinch may or may not have acted on it."""

    advice = "It may have taken effect; read before sending again."


class UnreadableResponse(OutcomeUnknown):
    """Sinch answered with success but the body is not what it documents."""


class ErrorResponse(SinchError):
    """Sinch answered with an error status."""


class InvalidArgument(ErrorResponse):
    """400: Sinch refuses the request as it is."""

    advice = "Correct the request; sending it again unchanged fails again."


class Unauthenticated(ErrorResponse):
    """401, or no token for this key: Sinch does not know who is asking."""

    advice = "Check the key id and key secret of the project."


class PermissionDenied(ErrorResponse):
    """403: the key may not do this."""

    advice = "Check the project id and that the key belongs to this project."


class NotFound(ErrorResponse):
    """404: no such number, order or project."""

    advice = "Check the number or order id and that it belongs to this project."


class Conflict(ErrorResponse):
    """409: it exists already."""

    advice = "Read what exists and compare."


class ContentTooLarge(ErrorResponse):
    """413: the request is too big."""

    advice = "Send less in one request."


class RateLimited(ErrorResponse):
    """429: too many requests."""

    advice = "Slow down and send again."


class ServerError(ErrorResponse):
    """5xx: Sinch failed, possibly after the request took effect."""

    advice = "It may have taken effect; read before sending again."


class UnexpectedStatus(ErrorResponse):
    """A status that Sinch does not document."""

    advice = "Look the status up before sending again."
