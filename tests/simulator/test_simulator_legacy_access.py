"""Who may call the simulated legacy hosts: log-in, instance, signature, time, owner."""

import base64
import json

import httpx
import pytest

from simulator import SimulatorSettings
from simulator.legacy_settings import LegacyAccount, LegacySettings
from tests.simulator.legacy_driver import (
    APPLICATION,
    KEY,
    LOG_IN,
    ORGANISATION,
    SHOP,
    VERSION,
    driving_legacy,
    now,
    refused,
)

RESERVE = b'{"groupId":75,"quantity":1}'


async def test_a_log_in_tells_the_user_and_an_instance_its_secret_and_lifetime() -> None:
    async with driving_legacy() as legacy:
        answer = await legacy.post(LOG_IN, {"password": "local-password"}, f"Application {KEY}")
        claims, _, signature = answer.json()["authorization"].partition(":")
        assert json.loads(base64.b64decode(claims))["identity"] == {"type": "email", "endpoint": "legacy@example.com"}
        assert base64.b64decode(signature)
        assert answer.json()["user"]["identities"] == [{"type": "email", "endpoint": "legacy@example.com"}]
        token = answer.json()["authorization"]
        instance = await legacy.post("/v1/instance", {"authorization": token, "version": VERSION}, f"User {token}")
        assert set(instance.json()) == {"id", "secret", "expiresIn"}
        assert instance.json()["expiresIn"] == 172800
        assert len(base64.b64decode(instance.json()["secret"])) == 16


async def test_a_log_in_needs_the_right_key_identity_password_and_time() -> None:
    body = {"password": "local-password"}
    async with driving_legacy() as legacy:
        elsewhere = "/v1/users/email/nobody@example.com/authentication"
        assert refused(await legacy.post(LOG_IN, {"password": "wrong"}, f"Application {KEY}")) == (401, 40100)
        assert refused(await legacy.post(elsewhere, body, f"Application {KEY}")) == (401, 40100)
        assert refused(await legacy.post(LOG_IN, body, "Application another-key")) == (401, 40100)
        assert refused(await legacy.post(LOG_IN, body, f"Basic {KEY}")) == (403, 40301)
        assert refused(await legacy.post(LOG_IN, body, f"Application {KEY}", **{"X-Timestamp": now(6)})) == (401, 40101)
        assert refused(await legacy.post(LOG_IN, {}, f"Application {KEY}")) == (400, 40002)
        assert refused(await legacy.post(LOG_IN, [], f"Application {KEY}")) == (400, 40003)


async def test_an_instance_needs_the_token_in_header_and_body_and_a_version() -> None:
    async with driving_legacy() as legacy:
        token = await legacy.log_in()
        whole = {"authorization": token, "version": VERSION}
        other = await legacy.log_in()
        assert refused(await legacy.post("/v1/instance", whole, "User unknown")) == (401, 40100)
        assert refused(await legacy.post("/v1/instance", whole, f"User {other}")) == (401, 40100)
        assert refused(await legacy.post("/v1/instance", whole, f"Application {KEY}")) == (403, 40301)
        assert refused(await legacy.post("/v1/instance", {"authorization": token}, f"User {token}")) == (400, 40002)


@pytest.mark.parametrize("signed_path", [ORGANISATION, ORGANISATION.removeprefix("/")])
async def test_the_resource_may_be_signed_with_and_without_its_slash(signed_path: str) -> None:
    async with driving_legacy() as legacy:
        assert (await legacy.send("GET", ORGANISATION, signed_path=signed_path)).status_code == 200


async def test_the_body_that_sinch_calls_empty_may_be_signed_with_and_without_md5() -> None:
    async with driving_legacy() as legacy:
        assert (await legacy.send("GET", ORGANISATION, b"{}")).status_code == 200
        assert (await legacy.send("GET", ORGANISATION, b"{}", signed_md5="")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed_path": "v1/organisations"},
        {"signed_path": SHOP + "?type=sms"},
        {"signed_md5": ""},
        {"signed_md5": base64.b64encode(bytes(16)).decode()},
        {"signed_method": "GET"},
    ],
    ids=str,
)
async def test_a_signature_over_anything_else_is_refused_and_nothing_happens(wrong: dict[str, str]) -> None:
    async with driving_legacy() as legacy:
        assert refused(await legacy.send("PUT", SHOP, RESERVE, **wrong)) == (401, 40102)
        assert await legacy.driver.ledger("legacy_reservation") == []
        assert (await legacy.send("PUT", SHOP, RESERVE)).status_code == 200


async def test_a_signature_with_another_secret_is_refused() -> None:
    async with driving_legacy() as legacy:
        legacy.secret = base64.b64encode(bytes(16)).decode()
        assert refused(await legacy.send("GET", SHOP)) == (401, 40102)


@pytest.mark.parametrize(("minutes_ago", "status"), [(4, 200), (-4, 200), (6, 401), (-6, 401)])
async def test_a_request_may_be_five_minutes_off(minutes_ago: float, status: int) -> None:
    async with driving_legacy() as legacy:
        answer = await legacy.send("GET", SHOP, timestamp=now(minutes_ago))
        assert answer.status_code == status
        assert status == 200 or refused(answer) == (401, 40101)


async def test_a_time_is_wanted_as_iso_8601_and_real_time_counts_however_fast_the_clock_runs() -> None:
    async with driving_legacy() as legacy:
        assert refused(await legacy.send("GET", SHOP, timestamp="yesterday")) == (401, 40101)
        await legacy.driver.advance(hours=24)
        assert (await legacy.send("GET", SHOP)).status_code == 200


async def test_without_an_instance_there_is_no_way_in() -> None:
    async with driving_legacy() as legacy:
        token = await legacy.log_in()
        for authorization, refusal in {
            "": (401, 40100),
            "Instance": (401, 40100),
            "Instance unknown:signature": (401, 40100),
            f"User {token}": (403, 40301),
            f"Application {KEY}": (403, 40301),
        }.items():
            headers = {"Authorization": authorization, "X-Timestamp": now()}
            for path in (SHOP, ORGANISATION, APPLICATION, "/v1/organisations"):
                assert refused(await legacy.http.get(path, headers=headers)) == refusal


async def test_an_instance_ends_when_the_control_api_says_so() -> None:
    async with driving_legacy() as legacy:
        await legacy.driver.tell("tokens/expire")
        assert refused(await legacy.send("GET", SHOP)) == (401, 40100)
        await legacy.new_instance()
        assert (await legacy.send("GET", SHOP)).status_code == 200


async def test_the_organisation_is_shown_with_its_id_as_text() -> None:
    async with driving_legacy() as legacy:
        assert await legacy.get("/v1/organisations") == {"id": "8888123", "name": "Acme", "countryId": "US"}


async def test_an_account_sees_its_own_organisation_and_applications_alone() -> None:
    other = LegacyAccount(endpoint="other@example.com", organisation_id=2, application_keys=("other",))
    async with driving_legacy(SimulatorSettings(legacy=LegacySettings(accounts=(LegacyAccount(), other)))) as legacy:
        theirs = "/v1/organisations/id/2/numbers"
        for method, path in (("GET", theirs), ("GET", f"{theirs}/shop"), ("PUT", f"{theirs}/shop")):
            assert refused(await legacy.send(method, path, b"")) == (403, 40300)
        assert refused(await legacy.send("POST", f"{theirs}/shop")) == (403, 40300)
        assert refused(await legacy.send("GET", "/v1/applications/key/other/numbers")) == (404, 40400)


async def test_paths_and_methods_that_there_are_not_are_refused_in_the_same_shape() -> None:
    async with driving_legacy() as legacy:
        assert refused(await legacy.http.get("/v1/nowhere")) == (404, 40400)
        assert refused(await legacy.http.delete(SHOP)) == (405, 40500)


async def test_faults_strike_the_legacy_hosts_by_the_names_of_their_operations() -> None:
    async with driving_legacy() as legacy:
        await legacy.driver.tell("faults", {"operation": "LegacyListApplicationNumbers", "status": 503})
        assert refused(await legacy.send("GET", APPLICATION)) == (503, 50300)
        await legacy.driver.tell("faults", {"operation": "LegacyReserve", "kind": "status_after_commit"})
        assert refused(await legacy.send("PUT", SHOP, RESERVE)) == (500, 50000)
        await legacy.driver.tell("faults", {"operation": "LegacyReserve", "kind": "cut_before"})
        with pytest.raises(httpx.RemoteProtocolError):
            await legacy.send("PUT", SHOP, RESERVE)
        assert len(await legacy.driver.ledger("legacy_reservation")) == 1
