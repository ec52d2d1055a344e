"""What a refused API call answers with. Sinch API: error envelopes.

Resources of the imported host answer flat (``code`` is a string), its callback configuration and the Numbers host
answer nested (``error.code`` is an integer), the legacy hosts answer with a code of five digits (``errorCode``).
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
    CODED = "coded"


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One thing wrong with one field of a request, by the field's wire name."""

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class MissingResource:
    """What could not be found: the type of the resource and its name, for a number the number itself."""

    resource_type: str
    name: str


class ApiError(Exception):
    """A refusal: HTTP status, status literal, message, field violations, what is missing, headers, five-digit code."""

    def __init__(
        self,
        http_status: int,
        message: str,
        *,
        status: str | None = None,
        violations: tuple[FieldViolation, ...] = (),
        missing: MissingResource | None = None,
        headers: dict[str, str] | None = None,
        error_code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.message = message
        self.status = status or STATUS_NAMES.get(http_status, "UNKNOWN")
        self.violations = violations
        self.missing = missing
        self.headers = headers or {}
        self.error_code = error_code or http_status * 100

    def body(self, envelope: Envelope) -> dict[str, Any]:
        """The JSON body in that envelope."""
        if envelope is Envelope.CODED:
            return {"errorCode": self.error_code, "message": self.message}
        if envelope is Envelope.NESTED:
            error: dict[str, Any] = {"code": self.http_status, "message": self.message, "status": self.status}
            return {"error": error | {"details": self._bad_request() + self._resource_info()}}
        flat: dict[str, Any] = {"code": str(self.http_status), "message": self.message, "status": self.status}
        return flat | ({"details": self._bad_request()} if self.violations else {})

    def _bad_request(self) -> list[dict[str, Any]]:
        violations = [{"field": wrong.field, "description": wrong.description} for wrong in self.violations]
        return [{"type": "BadRequest", "fieldViolations": violations}] if violations else []

    def _resource_info(self) -> list[dict[str, Any]]:
        if self.missing is None:
            return []
        named = {"resourceType": self.missing.resource_type, "resourceName": self.missing.name}
        return [{"type": "ResourceInfo", **named, "owner": "", "description": ""}]


def invalid(*violations: FieldViolation) -> ApiError:
    """400 INVALID_ARGUMENT that names the fields at fault."""
    message = "; ".join(f"{violation.field}: {violation.description}" for violation in violations[:5])
    if len(violations) > 5:
        message += f"; and {len(violations) - 5} more"
    return ApiError(400, message, violations=violations)


def not_found(what: str, name: str) -> ApiError:
    """404 NOT_FOUND for a resource of the project."""
    missing = MissingResource(what.title().replace(" ", ""), name)
    return ApiError(404, f"The {what} {name} could not be found.", missing=missing)


def failed_precondition(message: str) -> ApiError:
    """400 FAILED_PRECONDITION: the resource is in a state that does not allow the call."""
    return ApiError(400, message, status="FAILED_PRECONDITION")
