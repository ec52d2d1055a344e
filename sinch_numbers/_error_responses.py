"""From an HTTP answer with an error status to the typed error.

Sinch has three error envelopes (flat, nested, problem object); its token endpoint adds the one of OAuth2, and
proxies in between answer whatever they like. All are read here; what is in none of them is quoted as text.

Sinch API: errors.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from sinch_numbers._errors import (
    Conflict,
    ContentTooLarge,
    ErrorResponse,
    FieldViolation,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    Unauthenticated,
    UnexpectedStatus,
)

_ERROR_OF_STATUS: Mapping[int, type[ErrorResponse]] = {
    400: InvalidArgument,
    401: Unauthenticated,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    413: ContentTooLarge,
    429: RateLimited,
}
_LONGEST_QUOTE = 500


def error_from_response(
    response: httpx.Response,
    *,
    operation: str,
    subject: str | None = None,
    error_of_status: Mapping[int, type[ErrorResponse]] = _ERROR_OF_STATUS,
) -> ErrorResponse:
    """The typed error for an answer that is not a 2xx; never raises itself, whatever the body is."""
    envelope = _envelope(response)
    details = _objects(envelope.get("details"))
    default = ServerError if response.status_code >= 500 else UnexpectedStatus
    return error_of_status.get(response.status_code, default)(
        _message(envelope, response),
        operation=operation,
        subject=subject or next(filter(None, (_text(detail, "resourceName") for detail in details)), None),
        http_status=response.status_code,
        status=_text(envelope, "status", "error"),
        violations=tuple(_violations(details)),
        retry_after=_retry_after(response.headers),
    )


def _envelope(response: httpx.Response) -> Mapping[str, object]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(body, dict):
        return {}
    nested = body.get("error")
    return nested if isinstance(nested, dict) else body


def _message(envelope: Mapping[str, object], response: httpx.Response) -> str:
    return (
        _text(envelope, "message", "detail", "title", "error_description")
        or ("" if envelope else response.text.strip()[:_LONGEST_QUOTE])
        or response.reason_phrase
        or "no explanation given"
    )


def _violations(details: list[dict[str, object]]) -> Iterator[FieldViolation]:
    for detail in details:
        for violation in _objects(detail.get("fieldViolations")):
            yield FieldViolation(_text(violation, "field") or "", _text(violation, "description") or "")


def _objects(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(source: Mapping[str, object], *names: str) -> str | None:
    values = (source.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), None)


def _retry_after(headers: httpx.Headers) -> float | None:
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(headers.get("Date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _http_date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
