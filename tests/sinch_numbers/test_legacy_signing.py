"""Signatures of the legacy API: every vector that Sinch published, and that the client sends exactly what it signs."""

import base64
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from sinch_numbers.legacy import Capability, LegacySettings, NumberAdministration
from sinch_numbers.legacy._signing import content_md5, signature, timestamp
from tests.sinch_numbers.legacy_sinch import INSTANCE, ORGANISATION, RecordedLegacySinch

KEY = "bb7b4e39-4227-4913-8c81-2db4abb54fb3"
REFERENCE = "c8b27491-3379-44f3-af31-fbbfbb2ba510"
SECRET = base64.b64decode(str(INSTANCE["secret"]))
TIME = "2015-06-20T11:43:10.944Z"
SHOP = f"v1/organisations/id/{ORGANISATION}/numbers/shop"
RESERVE = b'{"groupId":13,"quantity":1}'
CHECK_OUT = b'{"referenceIds":["c8b27491-3379-44f3-af31-fbbfbb2ba510"]}'
SET = b'{"numbers":[14150005550]}'
VECTORS = [
    ("GET", "v1/organisations", b"", "bb9i9SGuw8mPspPF6WHzIZxw4yQxdOwGaDliMi+IhCU="),
    ("GET", SHOP, b"", "jYJQFcgc1uh7DO2uQZyLu7rpxOc3jXjcuQNKWiHFJiI="),
    ("PUT", SHOP, RESERVE, "a6p7RYw8bMr3JuZh1LArvWTLJjIgCeQj5nsRZaXW7VQ="),
    ("POST", SHOP, CHECK_OUT, "FN0oGGh6UAzdP8WVVwgbhXqUM2KJpHoWgjcgUKpS3bU="),
    ("GET", f"v1/organisations/id/{ORGANISATION}/numbers", b"", "PToDaAs7AiJDqGKZHCl3mayEigGWodVfg4fSlkAYLHg="),
    ("GET", f"v1/applications/key/{KEY}/numbers", b"", "VE1UwyOa8r9DscyBWGVZ43qEDn+SGJGoNe2aN8WrR+8="),
    ("PUT", f"v1/applications/key/{KEY}/numbers/voice", SET, "B2Ax2Kzxn9zL/UfwlBGplZ9Plw10v4nWtYCA9VI0FQM="),
    ("DELETE", f"v1/applications/key/{KEY}/numbers/14150005551", b"", "EA85F4qGFB0+tYZUh68g22R8DgtzxpsCXttLq1NKPgM="),
]
PRINTED_FOR_PUT = "6mLYthlkatoYKkq15oI/RuwtC8sIwfJsPrSHkOLDmUM="
"""Sinch prints this one for the PUT, but made it with GET over the body of the PUT."""


@pytest.mark.parametrize(("method", "resource", "body", "expected"), VECTORS)
def test_the_published_signatures_come_out(method: str, resource: str, body: bytes, expected: str) -> None:
    assert signature(SECRET, method, body, TIME, resource) == expected


def test_the_signature_that_is_printed_for_the_put_was_made_with_get() -> None:
    resource = f"v1/applications/key/{KEY}/numbers/voice"
    assert signature(SECRET, "GET", SET, TIME, resource) == PRINTED_FOR_PUT
    assert content_md5(SET) == "ygX0SJZKezWjPZ1nO6ziIA=="


def test_a_signature_with_a_leading_slash_is_the_one_of_the_general_rules() -> None:
    body = b'{"message":"Hello world"}'
    secret = base64.b64decode("JViE5vDor0Sw3WllZka15Q==")
    signed = signature(secret, "POST", body, "2014-06-04T13:41:58Z", "/v1/sms/+46700000000")
    assert content_md5(body) == "jANzQ+rgAHyf1MWQFSwvYw=="
    assert signed == "qDXMwzfaxCRS849c/2R0hg0nphgdHciTo7OdM6MsdnM="


def test_times_are_signed_in_utc_with_milliseconds() -> None:
    elsewhere = timezone(timedelta(hours=2))
    assert timestamp(datetime(2015, 6, 20, 13, 43, 10, 944999, elsewhere)) == TIME


Call = Callable[[NumberAdministration], Awaitable[Any]]
CALLS: list[tuple[str, Call]] = [
    ("https://api.sinch.com", lambda client: client.organisation()),
    ("https://portalapi.sinch.com", lambda client: client.groups()),
    ("https://portalapi.sinch.com", lambda client: client.reserve(13, 1)),
    ("https://portalapi.sinch.com", lambda client: client.check_out([REFERENCE])),
    ("https://portalapi.sinch.com", lambda client: client.rented_numbers()),
    ("https://portalapi.sinch.com", lambda client: client.application_numbers(KEY)),
    (
        "https://portalapi.sinch.com",
        lambda client: client.set_application_numbers(KEY, Capability.VOICE, ["+14150005550"]),
    ),
    ("https://portalapi.sinch.com", lambda client: client.unassign(KEY, "+14150005551")),
]
ANSWERS: dict[str, object] = {"v1/organisations": {"id": "8888123", "name": "Acme"}, "PUT": {"referenceId": REFERENCE}}


async def _answer(request: httpx.Request) -> httpx.Response:
    path = request.url.path.removeprefix("/")
    shop_answer = ANSWERS["PUT"] if request.method == "PUT" and path == SHOP else []
    return httpx.Response(200, json=ANSWERS.get(path, shop_answer))


@pytest.mark.parametrize(
    ("call", "vector"), list(zip(CALLS, VECTORS, strict=True)), ids=[path for _, path, *_ in VECTORS]
)
async def test_every_operation_sends_the_documented_request_with_its_published_signature(
    call: tuple[str, Call], vector: tuple[str, str, bytes, str]
) -> None:
    (host, operation), (method, resource, body, signed) = call, vector
    sinch = RecordedLegacySinch(_answer)
    async with sinch.client() as client:
        await operation(client)
    (request,) = sinch.requests
    assert (request.method, str(request.url), request.content) == (method, f"{host}/{resource}", body)
    assert request.headers["Authorization"] == f"Instance {INSTANCE['id']}:{signed}"
    assert request.headers["X-Timestamp"] == TIME
    assert request.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("call", "vector"), list(zip(CALLS, VECTORS, strict=True)), ids=[path for _, path, *_ in VECTORS]
)
async def test_the_leading_slash_is_signed_where_that_is_switched_on(
    call: tuple[str, Call], vector: tuple[str, str, bytes, str]
) -> None:
    (_, operation), (method, resource, body, without_slash) = call, vector
    sinch = RecordedLegacySinch(_answer)
    async with sinch.client(settings=LegacySettings(signs_leading_slash=True)) as client:
        await operation(client)
    (request,) = sinch.requests
    lines = (method, content_md5(body), "application/json", f"x-timestamp:{TIME}", f"/{resource}")
    expected = base64.b64encode(hmac.digest(SECRET, "\n".join(lines).encode(), "sha256")).decode()
    assert request.headers["Authorization"] == f"Instance {INSTANCE['id']}:{expected}"
    assert expected != without_slash
    assert request.url.path == f"/{resource}"
