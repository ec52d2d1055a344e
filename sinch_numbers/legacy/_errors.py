"""The errors of the legacy Number Administration API by its five-digit codes, under the names that Sinch gives them.

They are part of the hierarchy of the whole package, so what may have happened at Sinch is said by the same classes:
`ErrorResponse` with a 4xx status changed nothing, `ServerError` perhaps did. Worth sending again unchanged are
`TemporaryDown`, any other `ServerError`, `RateLimited` and `RequestNotSent`; what to read before is in the advice.

Sinch API: errors (legacy Number Administration API).
"""

import json
from collections.abc import Mapping

import httpx

from sinch_numbers._error_responses import error_from_response
from sinch_numbers._errors import (
    ErrorResponse,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    Unauthenticated,
)


class ParameterValidation(InvalidArgument):
    """40001: a parameter has a value that is not allowed, e.g. a number type other than `sms` and `voice`."""


class MissingParameter(InvalidArgument):
    """40002: the request lacks a member."""


class RefusedRequest(InvalidArgument):
    """40003, `InvalidRequest` at Sinch: no such group, too many groups, or not a valid number of the account."""

    advice = "Read the groups on offer or the rented numbers, and correct the request."


class NotLoggedIn(Unauthenticated):
    """401: Sinch does not accept who is asking, neither with a new instance."""

    advice = "Check the identity and the password of the account that logs in."


class InvalidAuthorizationHeader(NotLoggedIn):
    """40100: the header `Authorization` is missing or malformed, or its instance has ended."""


class InvalidTimestampHeader(NotLoggedIn):
    """40101: the header `X-Timestamp` is missing, malformed or too far from Sinch's clock."""

    advice = "Set the clock of this machine."


class InvalidSignature(NotLoggedIn):
    """40102: the signature does not fit the request."""

    advice = "Try the other form of the signed resource: LegacySettings.signs_leading_slash."


class NotEnoughCredit(ErrorResponse):
    """40200: the account's credit does not cover the numbers; nothing was rented."""

    advice = "Top up the account, then reserve and check out again."


class ForbiddenRequest(PermissionDenied):
    """40300: the account that logged in does not own the organisation."""

    advice = "Check the organisation id and which account logs in."


class InvalidScheme(PermissionDenied):
    """40301: the request is not signed by an instance."""

    advice = "Send the request to Sinch itself; something on the way replaced its Authorization header."


class ResourceNotFound(NotFound):
    """40400: no such application, or a reservation that is unknown, expired or checked out already."""

    advice = "Check the application key; of reservations, read the rented numbers before reserving again."


class ApplicationConfiguration(ErrorResponse):
    """42200: accounting is not set up for the organisation; nothing was rented."""

    advice = "Ask Sinch to set accounting up for the organisation, then reserve and check out again."


class TemporaryDown(ServerError):
    """50300: the service is away for a while."""

    advice = "Send it again later; before a reservation or a checkout, read the rented numbers."


ERROR_OF_CODE: Mapping[int, type[ErrorResponse]] = {
    40001: ParameterValidation,
    40002: MissingParameter,
    40003: RefusedRequest,
    40100: InvalidAuthorizationHeader,
    40101: InvalidTimestampHeader,
    40102: InvalidSignature,
    40200: NotEnoughCredit,
    40300: ForbiddenRequest,
    40301: InvalidScheme,
    40400: ResourceNotFound,
    42200: ApplicationConfiguration,
    50300: TemporaryDown,
}
_ERROR_OF_STATUS: Mapping[int, type[ErrorResponse]] = {
    400: InvalidArgument,
    401: NotLoggedIn,
    402: NotEnoughCredit,
    403: ForbiddenRequest,
    404: ResourceNotFound,
    422: ApplicationConfiguration,
    429: RateLimited,
    503: TemporaryDown,
}
_ERROR_OF_LOG_IN_STATUS = dict.fromkeys((400, 401, 403, 404), NotLoggedIn)


def error_of(response: httpx.Response, *, operation: str, subject: str | None = None) -> ErrorResponse:
    """The typed error for an answer that is not a 2xx: by its code, or by its status where the code is unknown."""
    code = _error_code(response)
    known = {} if code is None or code not in ERROR_OF_CODE else {response.status_code: ERROR_OF_CODE[code]}
    error = error_from_response(
        response, operation=operation, subject=subject, error_of_status={**_ERROR_OF_STATUS, **known}
    )
    error.status = error.status if code is None else str(code)
    return error


def error_of_log_in(response: httpx.Response, *, operation: str, subject: str) -> ErrorResponse:
    """The same for a log-in, where identity and password are at fault whatever a 4xx is called."""
    if response.status_code in _ERROR_OF_LOG_IN_STATUS and _error_code(response) != 40101:
        return error_from_response(
            response, operation=operation, subject=subject, error_of_status=_ERROR_OF_LOG_IN_STATUS
        )
    return error_of(response, operation=operation, subject=subject)


def _error_code(response: httpx.Response) -> int | None:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    code = body.get("errorCode") if isinstance(body, dict) else None
    return int(str(code)) if str(code).isdecimal() else None
