"""The codec server over HTTP: Temporal's protocol, who may use it, from where, and what it never says."""

import base64
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from codec_server.access import SESSION_SECONDS, Access
from codec_server.application import MOST_BODY_BYTES, application
from codec_server.settings import CodecServerSettings
from temporal_connection import (
    PayloadEncryption,
    PayloadKeys,
    PayloadSettings,
    add_payload_key,
    new_payload_key,
    use_payload_key,
)
from tests.codec_server.codec_server_process import (
    TOKEN,
    UI_ORIGIN,
    CodecServer,
    ended_codec_server,
    running_codec_server,
    settings,
)
from tests.deployment.test_settings_table import DOCUMENTED

AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
PLAIN = {"payloads": [{"metadata": {"encoding": base64.b64encode(b"json/plain").decode()}, "data": "IkhlbGxvIg=="}]}


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CodecServer]:
    async with running_codec_server(tmp_path_factory.mktemp("codec")) as server:
        yield server


@pytest.fixture
async def http(server: CodecServer) -> AsyncIterator[httpx.AsyncClient]:
    """A client without cookies of other tests."""
    async with httpx.AsyncClient(base_url=server.url) as http:
        yield http


async def encoded(http: httpx.AsyncClient) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = (await http.post("/encode", json=PLAIN, headers=AUTHORIZED)).raise_for_status().json()
    return answer


@pytest.mark.parametrize("prefix", ["", "/default", "/codec/default"])
async def test_what_is_encoded_is_encrypted_and_decodes_to_what_it_was(http: httpx.AsyncClient, prefix: str) -> None:
    answer = await http.post(f"{prefix}/encode", json=PLAIN, headers=AUTHORIZED)
    [payload] = answer.json()["payloads"]
    assert base64.b64decode(payload["metadata"]["encoding"]) == b"binary/encrypted"
    assert b"Hello" not in base64.b64decode(payload["data"])
    decoded = await http.post(f"{prefix}/decode", json=answer.json(), headers=AUTHORIZED)
    assert (decoded.status_code, decoded.json()) == (200, PLAIN)


async def test_payloads_that_are_not_encrypted_are_decoded_to_themselves(http: httpx.AsyncClient) -> None:
    mixed = {"payloads": [*PLAIN["payloads"], *(await encoded(http))["payloads"]]}
    assert (await http.post("/decode", json=mixed, headers=AUTHORIZED)).json() == {"payloads": PLAIN["payloads"] * 2}


@pytest.mark.parametrize("operation", ["encode", "decode"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Origin": UI_ORIGIN},
        {"Origin": UI_ORIGIN, "Cookie": f"onboard_codec_session={TOKEN}"},
        {"Origin": UI_ORIGIN, "Cookie": "onboard_codec_session=99999999999.0000"},
    ],
)
async def test_without_the_token_nothing_is_told(
    http: httpx.AsyncClient, operation: str, headers: Mapping[str, str]
) -> None:
    body = await encoded(http)
    answer = await http.post(f"/{operation}", json=body, headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "payloads" not in answer.text


async def test_a_login_opens_a_session_that_the_web_ui_can_use(http: httpx.AsyncClient) -> None:
    form = await http.get("/login")
    assert ("password" in form.text, TOKEN in form.text) == (True, False)
    answer = await http.post("/login", data={"token": TOKEN})
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict", f"Max-Age={SESSION_SECONDS}"} <= set(cookie.split("; "))
    assert TOKEN not in cookie + answer.text
    decoded = await http.post("/decode", json=await encoded(http), headers={"Origin": UI_ORIGIN})
    assert (decoded.status_code, decoded.json()) == (200, PLAIN)


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", "http://127.0.0.1:9999", None])
async def test_a_session_is_good_for_the_web_ui_alone(http: httpx.AsyncClient, origin: str | None) -> None:
    await http.post("/login", data={"token": TOKEN})
    headers = {"Origin": origin} if origin else {}
    assert (await http.post("/decode", json=await encoded(http), headers=headers)).status_code == 401


@pytest.mark.parametrize("form", [{"token": "wrong"}, {"token": ""}, {}])
async def test_a_wrong_token_opens_no_session(http: httpx.AsyncClient, form: Mapping[str, str]) -> None:
    answer = await http.post("/login", data=form)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)


async def test_browsers_may_use_it_from_the_web_ui(http: httpx.AsyncClient) -> None:
    asked = {
        "Origin": UI_ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-namespace",
    }
    preflight = await http.options("/decode", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == UI_ORIGIN
    assert preflight.headers["Access-Control-Allow-Credentials"] == "true"
    answer = await http.post("/decode", json=PLAIN, headers={**AUTHORIZED, "Origin": UI_ORIGIN})
    assert answer.headers["Access-Control-Allow-Origin"] == UI_ORIGIN


@pytest.mark.parametrize("origin", ["https://evil.example.com", f"{UI_ORIGIN}.evil.example.com", "null"])
async def test_browsers_may_use_it_from_nowhere_else(http: httpx.AsyncClient, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for answer in (
        await http.options("/decode", headers=asked),
        await http.post("/decode", json=PLAIN, headers={**AUTHORIZED, "Origin": origin}),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("body", [b"", b"hello", b"\xff", b'{"payloads": 1}', b"[" * 100_000])
async def test_a_body_that_is_no_payloads_message_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    assert (await http.post("/decode", content=body, headers=AUTHORIZED)).status_code == 400


async def test_a_body_that_is_too_large_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/decode", content=b" " * (MOST_BODY_BYTES + 1), headers=AUTHORIZED)
    assert answer.status_code == 413


async def test_a_payload_with_an_unknown_key_is_refused_and_the_key_named(http: httpx.AsyncClient) -> None:
    body = await encoded(http)
    body["payloads"][0]["metadata"]["encryption-key-id"] = base64.b64encode(b"lost").decode()
    answer = await http.post("/decode", json=body, headers=AUTHORIZED)
    assert answer.status_code == 422
    assert "'lost'" in answer.text


async def test_a_new_key_counts_without_a_restart(http: httpx.AsyncClient, server: CodecServer) -> None:
    old = await encoded(http)
    new = new_payload_key()
    add_payload_key(server.keys_file, new)
    use_payload_key(server.keys_file, new.key_id)
    latest = await encoded(http)
    assert base64.b64decode(latest["payloads"][0]["metadata"]["encryption-key-id"]).decode() == new.key_id
    for body in (old, latest):
        assert (await http.post("/decode", json=body, headers=AUTHORIZED)).json() == PLAIN


async def test_a_session_ends_in_time_and_with_a_new_token(tmp_path: Path) -> None:
    add_payload_key(tmp_path / "keys", new_payload_key())
    codec, now = PayloadEncryption(PayloadKeys(tmp_path / "keys")), [1_000_000.0]

    async def status(token: str, cookies: httpx.Cookies) -> int:
        served = application(codec, Access(SecretStr(token), UI_ORIGIN, clock=lambda: now[0]), UI_ORIGIN)
        transport = httpx.ASGITransport(served)
        async with httpx.AsyncClient(transport=transport, base_url="http://codec", cookies=cookies) as http:
            if not cookies:
                await http.post("/login", data={"token": token})
                cookies.update(http.cookies)
            answer = await http.post("/decode", json=PLAIN, headers={"Origin": UI_ORIGIN})
            return answer.status_code

    cookies = httpx.Cookies()
    assert await status(TOKEN, cookies) == 200
    assert await status(f"another-{TOKEN}", cookies) == 401
    now[0] += SESSION_SECONDS - 1
    assert await status(TOKEN, cookies) == 200
    now[0] += 2
    assert await status(TOKEN, cookies) == 401


async def test_no_token_key_or_payload_is_logged(http: httpx.AsyncClient, server: CodecServer) -> None:
    await http.post("/decode", json=PLAIN, headers={"Authorization": "Bearer shown-by-mistake"})
    await http.post("/login", data={"token": "typed-by-mistake"})
    log, keys = server.log.read_text(), server.keys_file.read_text().split()
    assert "refused" in log
    assert not [secret for secret in (TOKEN, "by-mistake", "Hello", *keys[1::2]) if secret in log]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ONBOARD_PAYLOAD_KEYS_FILE": ""}, "ONBOARD_PAYLOAD_KEYS_FILE: it is missing"),
        ({"ONBOARD_PAYLOAD_KEYS_FILE": "/nowhere/keys"}, "there is no file /nowhere/keys"),
        ({"ONBOARD_CODEC_TOKEN": ""}, "ONBOARD_CODEC_TOKEN: it is missing or too short"),
        ({"ONBOARD_CODEC_TOKEN": "short-token"}, "ONBOARD_CODEC_TOKEN: it is missing or too short"),
        ({"ONBOARD_CODEC_TOKEN": "", "ONBOARD_CODEC_TOKEN_FILE": "/nowhere/token"}, "/nowhere/token cannot be read"),
        ({"ONBOARD_CODEC_UI_ORIGIN": "http://127.0.0.1:8233/"}, "ONBOARD_CODEC_UI_ORIGIN: "),
        ({"ONBOARD_CODEC_UI_ORIGIN": "*"}, "ONBOARD_CODEC_UI_ORIGIN: "),
    ],
)
async def test_a_wrong_setting_is_named_and_no_secret_shown(
    tmp_path: Path, changed: Mapping[str, str], said: str
) -> None:
    add_payload_key(tmp_path / "keys", new_payload_key())
    code, message = await ended_codec_server({**settings(tmp_path / "keys", 1), **changed})
    assert code == 4
    assert said in message
    assert "short-token" not in message


def test_the_token_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    read = CodecServerSettings(codec_token_file=tmp_path / "token")
    assert read.token().get_secret_value() == TOKEN
    assert TOKEN not in repr(CodecServerSettings(codec_token=SecretStr(TOKEN)))


@pytest.mark.parametrize("kind", [CodecServerSettings, PayloadSettings])
def test_every_setting_of_encryption_is_documented(kind: type[BaseSettings]) -> None:
    assert {f"ONBOARD_{field.upper()}" for field in kind.model_fields} <= DOCUMENTED
