"""The client: one connection pool, one access token, one attribute a resource."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx

from sinch_numbers._active_numbers import ActiveNumbers
from sinch_numbers._authentication import Authentication
from sinch_numbers._available_numbers import AvailableNumbers
from sinch_numbers._available_regions import AvailableRegions
from sinch_numbers._callback_configuration import CallbackConfigurations
from sinch_numbers._checks import path_segment
from sinch_numbers._connections import ClosesItsConnections
from sinch_numbers._hosting_orders import HostingOrders
from sinch_numbers._http import http_client
from sinch_numbers._imported_numbers import ImportedNumbers
from sinch_numbers._qualified_numbers import QualifiedNumbers
from sinch_numbers._rate_limit import RateLimit
from sinch_numbers._settings import ClientSettings
from sinch_numbers._transport import Transport

IMPORTED_NUMBERS_URL = "https://imported.numbers.api.sinch.com"
NUMBERS_URL = "https://numbers.api.sinch.com"
DEFAULT_TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=30.0)
DEFAULT_LIMITS = httpx.Limits(max_connections=16, max_keepalive_connections=16, keepalive_expiry=30.0)
DEFAULT_SETTINGS = ClientSettings()


class SinchNumbers(ClosesItsConnections):
    """Async client of Sinch's Imported Numbers and Hosting Orders API and of its Numbers API, for one project.

    It never retries what changes anything, apart from asking for a new access token and sending once more after a
    401: only the caller knows what a repeated order or phone call costs. Use it as an async context manager, or call
    `aclose`. One client serves any number of concurrent requests of one event loop.

    base_url: the host of the Imported Numbers and Hosting Orders API, optionally with a path prefix.
    numbers_url: the same for the Numbers API. Both have one access token and one rate limit.
    timeout: seconds to connect, to read, to write and to wait for a free connection.
    limits: how many connections to open and to keep.
    transport: replaces the network, e.g. by `httpx.MockTransport`.
    settings: limits and switches, among them the rate limit.
    monotonic_clock: seconds, for the age of the access token and for the rate limit.
    sleep: waits that many seconds, for the rate limit and before a read is sent again.
    """

    def __init__(
        self,
        project_id: str,
        authentication: Authentication,
        *,
        base_url: str = IMPORTED_NUMBERS_URL,
        numbers_url: str = NUMBERS_URL,
        timeout: httpx.Timeout = DEFAULT_TIMEOUT,
        limits: httpx.Limits = DEFAULT_LIMITS,
        transport: httpx.AsyncBaseTransport | None = None,
        settings: ClientSettings = DEFAULT_SETTINGS,
        monotonic_clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        project = path_segment(project_id, operation="SinchNumbers", field="projectId")
        self._http = http_client(timeout, limits, transport)
        authorization = authentication.authorize(self._http, monotonic_clock)
        rate_limit = RateLimit(settings.requests_per_second, monotonic_clock, sleep)
        imported_and_hosting, numbers = (
            Transport(
                self._http,
                authorization,
                rate_limit,
                f"{url.rstrip('/')}/v1/projects/{project}",
                read_retries=settings.read_retries,
                sleep=sleep,
            )
            for url in (base_url, numbers_url)
        )
        self.imported_numbers = ImportedNumbers(imported_and_hosting, settings)
        self.qualified_numbers = QualifiedNumbers(imported_and_hosting, settings, project_id)
        self.hosting_orders = HostingOrders(imported_and_hosting, settings, project_id)
        self.callback_configuration = CallbackConfigurations(imported_and_hosting, "callback_configuration")
        self.available_numbers = AvailableNumbers(numbers)
        self.active_numbers = ActiveNumbers(numbers)
        self.available_regions = AvailableRegions(numbers)
        self.numbers_callback_configuration = CallbackConfigurations(numbers, "numbers_callback_configuration")
