"""What a refused API call answers with. Sinch API: error envelopes.

Resources of the imported host answer flat (``code`` is a string), its callback configuration answers nested
(``error.code`` is an integer).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Envelope(Enum):
    """The shape of an error body."""

    FLAT = "flat"
    NESTED = "nested"


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One thing wrong with one field of a request, by the field's wire name."""

    field: str
    description: str


class ApiError(Exception):
    """A refusal: HTTP status, status literal, message, field violations and extra headers."""

    def __init__(
        self,
        http_status: int,
        message: str,
        *,
        status: str | None = None,
        violations: tuple[FieldViolation, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.message = message
        self.status = status or STATUS_NAMES.get(http_status, "UNKNOWN")
        self.violations = violations
        self.headers = headers or {}

    def body(self, envelope: Envelope) -> dict[str, Any]:
        """The JSON body in that envelope."""
        details = [
            {
                "type": "BadRequest",
                "fieldViolations": [
                    {"field": violation.field, "description": violation.description} for violation in self.violations
                ],
            }
        ]
        if envelope is Envelope.NESTED:
            error: dict[str, Any] = {"code": self.http_status, "message": self.message, "status": self.status}
            return {"error": error | {"details": details if self.violations else []}}
        flat: dict[str, Any] = {"code": str(self.http_status), "message": self.message, "status": self.status}
        return flat | ({"details": details} if self.violations else {})


def invalid(*violations: FieldViolation) -> ApiError:
    """400 INVALID_ARGUMENT that names the fields at fault."""
    message = "; ".join(f"{violation.field}: {violation.description}" for violation in violations[:5])
    if len(violations) > 5:
        message += f"; and {len(violations) - 5} more"
    return ApiError(400, message, violations=violations)


def not_found(what: str, name: str) -> ApiError:
    """404 NOT_FOUND for a resource of the project."""
    return ApiError(404, f"The {what} {name} could not be found.")


def failed_precondition(message: str) -> ApiError:
    """400 FAILED_PRECONDITION: the resource is in a state that does not allow the call."""
    return ApiError(400, message, status="FAILED_PRECONDITION")
