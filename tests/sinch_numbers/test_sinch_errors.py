"""Every answer that is not a success becomes the right error, whatever its body."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_numbers import (
    Conflict,
    ContentTooLarge,
    ErrorResponse,
    FieldViolation,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    ServerError,
    SinchError,
    Unauthenticated,
    UnexpectedStatus,
    UnreadableResponse,
)
from tests.sinch_numbers.recorded_sinch import RecordedSinch

STATUSES: list[tuple[int, str, type[ErrorResponse]]] = [
    (400, "INVALID_ARGUMENT", InvalidArgument),
    (401, "UNAUTHENTICATED", Unauthenticated),
    (403, "PERMISSION_DENIED", PermissionDenied),
    (404, "NOT_FOUND", NotFound),
    (409, "ALREADY_EXISTS", Conflict),
    (413, "CONTENT_TOO_LARGE", ContentTooLarge),
    (429, "RESOURCE_EXHAUSTED", RateLimited),
    (500, "INTERNAL", ServerError),
    (502, "UNKNOWN", ServerError),
    (503, "UNAVAILABLE", ServerError),
    (504, "DEADLINE_EXCEEDED", ServerError),
    (302, "FOUND", UnexpectedStatus),
    (408, "TIMEOUT", UnexpectedStatus),
    (422, "UNPROCESSABLE", UnexpectedStatus),
]
VIOLATION = {"field": "smsConfiguration.servicePlanId", "description": "Invalid servicePlanId"}
DETAILS = [{"type": "BadRequest", "fieldViolations": [VIOLATION]}]


def flat(code: int, status: str) -> httpx.Response:
    return httpx.Response(code, json={"code": str(code), "message": "words", "status": status, "details": DETAILS})


def nested(code: int, status: str) -> httpx.Response:
    body = {"code": code, "message": "words", "status": status, "details": DETAILS}
    return httpx.Response(code, json={"error": body})


def problem(code: int, status: str) -> httpx.Response:
    body = {"type": f"https://developers.sinch.com/docs/errors/registry/{status}", "title": "Title", "detail": "words"}
    return httpx.Response(code, json=body, headers={"Content-Type": "application/problem+json"})


def text(code: int, status: str) -> httpx.Response:
    return httpx.Response(code, text=" words\n")


async def error_of(answer: httpx.Response) -> SinchError:
    sinch = RecordedSinch(answer)
    async with sinch.client() as client:
        with pytest.raises(SinchError) as caught:
            await client.qualified_numbers.get("+12025550134")
    assert len(sinch.requests) == 1
    return caught.value


@pytest.mark.parametrize("envelope", [flat, nested, problem, text])
@pytest.mark.parametrize(("code", "status", "kind"), STATUSES)
async def test_every_status_in_every_envelope_is_the_right_error(
    envelope: Any, code: int, status: str, kind: type[ErrorResponse]
) -> None:
    error = await error_of(envelope(code, status))
    assert type(error) is kind
    assert (error.operation, error.subject) == ("qualified_numbers.get", "+12025550134")
    assert (error.http_status, error.message, error.retry_after) == (code, "words", None)
    tells_more = envelope in (flat, nested)
    assert error.status == (status if tells_more else None)
    assert error.violations == ((FieldViolation(**VIOLATION),) if tells_more else ())


async def test_the_message_says_what_happened_to_which_number_and_what_to_do() -> None:
    assert str(await error_of(flat(400, "INVALID_ARGUMENT"))) == (
        "qualified_numbers.get for +12025550134: 400 INVALID_ARGUMENT, words "
        "(smsConfiguration.servicePlanId: Invalid servicePlanId). "
        "Correct the request; sending it again unchanged fails again."
    )


async def test_the_number_is_taken_from_the_answer_when_the_request_was_about_many() -> None:
    detail = {"type": "ResourceInfo", "resourceName": "+12025550199", "description": "not found"}
    body = {"error": {"code": 404, "message": "no", "status": "NOT_FOUND", "details": [detail]}}
    sinch = RecordedSinch(httpx.Response(404, json=body))
    async with sinch.client() as client:
        with pytest.raises(NotFound) as caught:
            await client.callback_configuration.get()
    assert caught.value.subject == "+12025550199"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        '"text"',
        "{",
        "{}",
        '{"error": null}',
        '{"error": {"message": 5, "status": [], "details": {}}}',
        '{"details": [null, {"fieldViolations": "x"}, {"fieldViolations": [null, {}]}]}',
        "[" * 100_000,
        "<html>Bad gateway</html>",
        "\udcff".encode("utf-8", "surrogateescape"),
    ],
)
async def test_no_body_however_odd_hides_the_status(body: str | bytes) -> None:
    error = await error_of(httpx.Response(502, content=body))
    assert type(error) is ServerError
    assert error.message
    assert len(str(error)) < 1000


@given(body=st.binary(max_size=200))
async def test_no_bytes_hide_the_status(body: bytes) -> None:
    assert type(await error_of(httpx.Response(404, content=body))) is NotFound


@pytest.mark.parametrize("code", [429, 500, 503])
@pytest.mark.parametrize(
    ("header", "seconds"), [("0", 0), ("7", 7), ("1.5", 1.5), ("soon", None), ("", None), ("-1", None)]
)
async def test_retry_after_is_read_in_seconds(code: int, header: str, seconds: float | None) -> None:
    error = await error_of(httpx.Response(code, headers={"Retry-After": header}))
    assert error.retry_after == seconds
    assert ("Sinch asks to wait" in str(error)) == (seconds is not None)


@pytest.mark.parametrize(("ahead", "seconds"), [(90, 90), (-90, 0)])
async def test_retry_after_as_a_date_counts_from_the_servers_own_clock(ahead: int, seconds: float) -> None:
    servers_now = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    headers = {
        "Date": format_datetime(servers_now, usegmt=True),
        "Retry-After": format_datetime(servers_now + timedelta(seconds=ahead), usegmt=True),
    }
    assert (await error_of(httpx.Response(429, headers=headers))).retry_after == seconds


async def test_retry_after_as_a_date_counts_from_our_clock_when_the_server_names_no_time() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    seconds = (await error_of(httpx.Response(503, headers={"Retry-After": until}))).retry_after
    assert seconds is not None
    assert 3000 < seconds <= 3600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"phoneNumber": {}}', b"<html></html>", b"\xff"])
async def test_a_success_that_cannot_be_read_leaves_the_outcome_unknown(content: bytes) -> None:
    sinch = RecordedSinch(httpx.Response(201, content=content))
    async with sinch.client() as client:
        with pytest.raises(UnreadableResponse) as caught:
            await client.qualified_numbers.send_voice_challenge("+12025550134")
    assert isinstance(caught.value, OutcomeUnknown)
    assert (caught.value.http_status, caught.value.subject) == (201, "+12025550134")
    assert "may have taken effect" in str(caught.value)


async def test_an_unreadable_answer_is_not_quoted_because_it_may_hold_a_secret() -> None:
    body = json.dumps({"projectId": "p", "hmacSecret": {"value": "the-secret"}})
    sinch = RecordedSinch(httpx.Response(200, content=body))
    async with sinch.client() as client:
        with pytest.raises(UnreadableResponse) as caught:
            await client.callback_configuration.get()
    assert "hmacSecret" in str(caught.value)
    assert "the-secret" not in f"{caught.value} {caught.value.__cause__}"
