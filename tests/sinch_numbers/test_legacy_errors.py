"""Errors of the legacy API: each code of Sinch is a class that says what happened, and to what, and what to do next."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from sinch_numbers import (
    ErrorResponse,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    RequestNotSent,
    ServerError,
    Unauthenticated,
    UnexpectedStatus,
)
from sinch_numbers import legacy as errors
from sinch_numbers.legacy import Capability, NumberAdministration
from sinch_numbers.legacy._errors import ERROR_OF_CODE
from tests.sinch_numbers.legacy_sinch import (
    APPLICATION,
    SMS_GROUP,
    VOICE_GROUP,
    RecordedLegacySinch,
    SimulatedLegacySinch,
    connect,
    legacy_sinch,
)

KINDS = [
    (40001, errors.ParameterValidation, InvalidArgument),
    (40002, errors.MissingParameter, InvalidArgument),
    (40003, errors.RefusedRequest, InvalidArgument),
    (40100, errors.InvalidAuthorizationHeader, Unauthenticated),
    (40101, errors.InvalidTimestampHeader, Unauthenticated),
    (40102, errors.InvalidSignature, Unauthenticated),
    (40200, errors.NotEnoughCredit, ErrorResponse),
    (40300, errors.ForbiddenRequest, PermissionDenied),
    (40301, errors.InvalidScheme, PermissionDenied),
    (40400, errors.ResourceNotFound, NotFound),
    (42200, errors.ApplicationConfiguration, ErrorResponse),
    (50000, ServerError, ServerError),
    (50300, errors.TemporaryDown, ServerError),
]


def test_every_code_of_the_table_is_tested() -> None:
    assert {code for code, *_ in KINDS} == {*ERROR_OF_CODE, 50000}


@pytest.mark.parametrize(("code", "kind", "parent"), KINDS)
async def test_a_five_digit_code_is_an_error_of_its_own_in_the_common_hierarchy(
    code: int, kind: type[ErrorResponse], parent: type[ErrorResponse]
) -> None:
    body = {"errorCode": code, "message": "what Sinch says"}
    sinch = RecordedLegacySinch(httpx.Response(code // 100, json=body, headers={"Retry-After": "7"}))
    async with sinch.client() as client:
        with pytest.raises(parent) as raised:
            await client.unassign(APPLICATION, "+14150005550")
    error = raised.value
    assert type(error) is kind
    assert (error.http_status, error.status, error.subject, error.retry_after) == (
        code // 100, str(code), "+14150005550", 7,
    )  # fmt: skip
    assert str(error).startswith(f"legacy.unassign for +14150005550: {code // 100} {code}, what Sinch says. ")
    assert error.advice
    assert str(error).endswith(error.advice)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (402, b"", errors.NotEnoughCredit),
        (403, b'{"errorCode": 40399, "message": "new"}', errors.ForbiddenRequest),
        (404, b"<html>", errors.ResourceNotFound),
        (422, b"[]", errors.ApplicationConfiguration),
        (429, b'{"title": "Too Many Requests"}', RateLimited),
        (502, b'{"errorCode": "?"}', ServerError),
        (503, b"", errors.TemporaryDown),
        (418, b"", UnexpectedStatus),
    ],
)
async def test_an_answer_without_a_known_code_is_read_by_its_status(
    status: int, body: bytes, kind: type[ErrorResponse]
) -> None:
    sinch = RecordedLegacySinch(httpx.Response(status, content=body))
    async with sinch.client() as client:
        with pytest.raises(kind) as raised:
            await client.groups()
    assert type(raised.value) is kind
    assert raised.value.http_status == status


Course = Callable[[SimulatedLegacySinch], Awaitable[object]]


async def _too_expensive(legacy: SimulatedLegacySinch) -> None:
    await legacy.set_organisation(credit="3.99")
    await legacy.rent(SMS_GROUP, 2)


async def _without_accounting(legacy: SimulatedLegacySinch) -> None:
    await legacy.set_organisation(accounting=False)
    await legacy.rent(SMS_GROUP, 1)


async def _checked_out_late(legacy: SimulatedLegacySinch) -> None:
    reservation = await legacy.client.reserve(SMS_GROUP, 1)
    await legacy.sinch.advance(hours=0.26)
    await legacy.client.check_out([reservation.reference_id])


async def _with_a_voice_number(legacy: SimulatedLegacySinch) -> None:
    await legacy.client.set_application_numbers(APPLICATION, Capability.SMS, await legacy.rent(VOICE_GROUP, 1))


COURSES: list[tuple[str, type[ErrorResponse], Course]] = [
    ("Insufficient funds", errors.NotEnoughCredit, _too_expensive),
    ("Accounting not set up", errors.ApplicationConfiguration, _without_accounting),
    ("not found or expired", errors.ResourceNotFound, _checked_out_late),
    ("not found or expired", errors.ResourceNotFound, lambda legacy: legacy.client.check_out(["unknown"])),
    ("Invalid number group: 99", errors.RefusedRequest, lambda legacy: legacy.client.reserve(99, 1)),
    ("available: 5", errors.RefusedRequest, lambda legacy: legacy.client.reserve(SMS_GROUP, 6)),
    ("the key unknown was not", errors.ResourceNotFound, lambda legacy: legacy.client.application_numbers("unknown")),
    ("not a valid number", errors.RefusedRequest, lambda legacy: legacy.client.unassign(APPLICATION, "+15005550000")),
    ("not a valid number", errors.RefusedRequest, _with_a_voice_number),
]


@pytest.mark.parametrize(("said", "kind", "course"), COURSES)
async def test_sinch_refuses_with_the_documented_code_and_nothing_has_changed(
    said: str, kind: type[ErrorResponse], course: Course
) -> None:
    async with legacy_sinch() as legacy:
        with pytest.raises(kind, match=said):
            await course(legacy)
        assert await legacy.sinch.ledger("legacy_number_assigned") == []


@pytest.mark.parametrize("course", [_too_expensive, _without_accounting])
async def test_what_cannot_be_paid_is_not_rented_and_can_be_checked_out_once_it_can(course: Course) -> None:
    async with legacy_sinch() as legacy:
        with pytest.raises(ErrorResponse):
            await course(legacy)
        assert await legacy.client.rented_numbers() == ()
        [reserved] = await legacy.sinch.ledger("legacy_reservation")
        await legacy.set_organisation(credit="4", accounting=True)
        await legacy.client.check_out([reserved["subject"]])
        assert len(await legacy.client.rented_numbers()) == reserved["details"]["quantity"]


async def test_the_organisation_of_somebody_else_is_forbidden() -> None:
    async with legacy_sinch() as legacy, connect(legacy.sinch.endpoints, organisation_id=1) as client:
        calls: list[Callable[[NumberAdministration], Awaitable[object]]] = [
            lambda client: client.groups(),
            lambda client: client.reserve(SMS_GROUP, 1),
            lambda client: client.check_out(["reference"]),
            lambda client: client.rented_numbers(),
        ]
        for call in calls:
            with pytest.raises(errors.ForbiddenRequest, match="not the owner of the organisation: 1"):
                await call(client)


async def test_a_service_that_is_down_is_told_as_passing() -> None:
    async with legacy_sinch() as legacy:
        await legacy.sinch.fail("LegacyListApplicationNumbers", status=503, retry_after=30)
        with pytest.raises(errors.TemporaryDown, match="50300") as raised:
            await legacy.client.application_numbers(APPLICATION)
        assert raised.value.retry_after == 30
        assert await legacy.client.application_numbers(APPLICATION) == ()


async def test_a_checkout_whose_answer_is_lost_may_have_rented() -> None:
    async with legacy_sinch() as legacy:
        reservation = await legacy.client.reserve(SMS_GROUP, 1)
        await legacy.sinch.fail("LegacyCheckOut", "cut_after")
        with pytest.raises(OutcomeUnknown, match="read before sending again"):
            await legacy.client.check_out([reservation.reference_id])
        assert len(await legacy.client.rented_numbers()) == 1
        with pytest.raises(errors.ResourceNotFound, match="read the rented numbers"):
            await legacy.client.check_out([reservation.reference_id])
        assert len(await legacy.sinch.ledger("legacy_number_rented")) == 1


async def test_a_request_that_finds_nobody_has_surely_not_been_sent() -> None:
    async with legacy_sinch() as legacy:
        endpoints = legacy.sinch.endpoints
    async with connect(endpoints) as client:
        with pytest.raises(RequestNotSent, match="safe to send again"):
            await client.groups()
