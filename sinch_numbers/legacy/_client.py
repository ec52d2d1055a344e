"""The client: one connection pool, one instance, one method an operation.

Sinch API: legacy Number Administration API.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import httpx

from sinch_numbers._checks import check_phone_numbers, check_required, path_segment, phone_number_segment
from sinch_numbers._client import DEFAULT_LIMITS, DEFAULT_TIMEOUT
from sinch_numbers._connections import ClosesItsConnections
from sinch_numbers._http import http_client
from sinch_numbers.legacy._assignment import Assignment, compared, merged, numbers_for
from sinch_numbers.legacy._models import Capability, NumberGroup, Organisation, RentedNumber, Reservation
from sinch_numbers.legacy._session import LogIn, Session
from sinch_numbers.legacy._settings import LegacySettings
from sinch_numbers.legacy._transport import SignedRequest, SignedTransport

DEFAULT_SETTINGS = LegacySettings()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class NumberAdministration(ClosesItsConnections):
    """Async client of Sinch's legacy Number Administration API for one account.

    It never retries, apart from logging in again and sending once more after a 401. Use it as an async context
    manager, or call `aclose`. One client serves any number of concurrent requests of one event loop.

    organisation_id: the organisation that rents; None takes the one that Sinch names for the account.
    timeout, limits: seconds to wait, and connections to keep.
    transport: replaces the network, e.g. by `httpx.MockTransport`.
    monotonic_clock: seconds, for the age of the instance.
    now: the aware time that is signed; Sinch refuses one that is minutes off.
    """

    def __init__(
        self,
        log_in: LogIn,
        *,
        organisation_id: int | None = None,
        settings: LegacySettings = DEFAULT_SETTINGS,
        timeout: httpx.Timeout = DEFAULT_TIMEOUT,
        limits: httpx.Limits = DEFAULT_LIMITS,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic_clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._http = http_client(timeout, limits, transport)
        session = Session(self._http, log_in, settings, monotonic_clock, now)
        self._signed = SignedTransport(self._http, session, now, signs_leading_slash=settings.signs_leading_slash)
        self._settings = settings
        self._organisation_id = organisation_id

    async def organisation(self) -> Organisation:
        """The organisation of the account. Sinch API: L3."""
        return await self._signed.call(
            SignedRequest("legacy.organisation", "GET", self._settings.core_url, "v1/organisations"), Organisation
        )

    async def groups(self) -> tuple[NumberGroup, ...]:
        """All groups of numbers that can be rented, with prices. Sinch API: L4."""
        return await self._signed.call(await self._shop("legacy.groups", "GET"), tuple[NumberGroup, ...])

    async def reserve(self, group_id: int, quantity: int) -> Reservation:
        """Keep so many numbers of a group for a while. Sent again, it reserves again. Sinch API: L5."""
        request = await self._shop("legacy.reserve", "PUT", {"groupId": group_id, "quantity": quantity})
        return await self._signed.call(request, Reservation)

    async def check_out(self, reference_ids: Sequence[str]) -> None:
        """Rent what is reserved: it costs money. Sinch API: L6.

        After an unknown outcome read `rented_numbers` first: a reservation that is checked out is a ResourceNotFound.
        """
        check_required(reference_ids, operation="legacy.check_out", field="referenceIds")
        body = {"referenceIds": list(reference_ids)}
        await self._signed.call_without_answer(
            await self._shop("legacy.check_out", "POST", body, subject=", ".join(reference_ids))
        )

    async def rented_numbers(self) -> tuple[RentedNumber, ...]:
        """All numbers of the account, with the application that has each. Sinch API: L7."""
        request = await self._of_organisation("legacy.rented_numbers", "GET", "numbers")
        return await self._signed.call(request, tuple[RentedNumber, ...])

    async def application_numbers(self, application_key: str) -> tuple[RentedNumber, ...]:
        """All numbers of an application, for voice and for SMS. Sinch API: L8."""
        request = self._of_application("legacy.application_numbers", "GET", application_key)
        return await self._signed.call(request, tuple[RentedNumber, ...])

    async def set_application_numbers(
        self, application_key: str, capability: Capability, numbers: Sequence[str]
    ) -> tuple[RentedNumber, ...]:
        """OVERWRITE the application's list for a capability; `numbers` are E.164. Sinch API: L9.

        Numbers that are not among these lose the application. `assign` adds to the list instead.
        """
        operation = "legacy.set_application_numbers"
        if numbers:
            check_phone_numbers(numbers, operation=operation, most=len(numbers))
        body = {"numbers": [int(number) for number in numbers]}
        request = self._of_application(operation, "PUT", application_key, f"/{capability.value}", body)
        return await self._signed.call(request, tuple[RentedNumber, ...])

    async def unassign(self, application_key: str, number: str) -> None:
        """Take a number (E.164) from an application; it stays rented. Sinch API: L10."""
        operation = "legacy.unassign"
        digits = phone_number_segment(number, operation=operation).removeprefix("+")
        await self._signed.call_without_answer(
            self._of_application(operation, "DELETE", application_key, f"/{digits}", subject=number)
        )

    async def assign(self, application_key: str, capability: Capability, numbers: Sequence[str]) -> Assignment:
        """Add numbers (E.164) to an application's list; those it has stay. Sinch API: L8, L9, L8.

        The list is read, overwritten and read again, so it may be repeated. What somebody else overwrites after
        us is told in the answer; what somebody else adds between our first reading and our overwriting is lost to
        them unseen, so let one process at a time change an application.
        """
        check_phone_numbers(numbers, operation="legacy.assign", most=max(1, len(numbers)))
        there = numbers_for(capability, await self.application_numbers(application_key))
        wanted = merged(there, numbers)
        if wanted == there:
            return Assignment(application_key=application_key, capability=capability, on_the_list=there)
        answered = await self.set_application_numbers(application_key, capability, wanted)
        afterwards = await self.application_numbers(application_key)
        return compared(application_key, capability, wanted, answered, afterwards)

    async def _shop(
        self, operation: str, method: str, body: Mapping[str, object] | None = None, subject: str | None = None
    ) -> SignedRequest:
        return await self._of_organisation(operation, method, "numbers/shop", body, subject)

    async def _of_organisation(
        self,
        operation: str,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        subject: str | None = None,
    ) -> SignedRequest:
        if self._organisation_id is None:
            self._organisation_id = (await self.organisation()).id
        return SignedRequest(
            operation,
            method,
            self._settings.portal_url,
            f"v1/organisations/id/{self._organisation_id}/{path}",
            body,
            subject or f"organisation {self._organisation_id}",
        )

    def _of_application(
        self,
        operation: str,
        method: str,
        application_key: str,
        path: str = "",
        body: Mapping[str, object] | None = None,
        subject: str | None = None,
    ) -> SignedRequest:
        key = path_segment(application_key, operation=operation, field="applicationKey")
        return SignedRequest(
            operation,
            method,
            self._settings.portal_url,
            f"v1/applications/key/{key}/numbers{path}",
            body,
            subject or f"application {application_key}",
        )
