"""Credentials: the access key, bearer tokens and their end."""

import httpx

from tests.simulator.driver import KEY, PROJECT, driving

LIST = f"{PROJECT}/qualifiedNumbers?states=GLOBAL_PROCESS_STATE_UNSPECIFIED"


async def test_basic_credentials_open_the_api() -> None:
    async with driving() as sinch, httpx.AsyncClient(base_url=sinch.endpoints.sinch_imported) as client:
        assert (await client.get(LIST, auth=KEY)).status_code == 200


async def test_a_token_answers_as_documented_and_opens_the_api() -> None:
    async with driving() as sinch, httpx.AsyncClient() as client:
        answer = await client.post(sinch.endpoints.sinch_oauth, auth=KEY, data={"grant_type": "client_credentials"})
        token = answer.json()
        assert {"token_type": "bearer", "expires_in": 3600, "scope": ""}.items() <= token.items()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        assert (await client.get(sinch.endpoints.sinch_imported + LIST, headers=headers)).status_code == 200


async def test_wrong_or_missing_credentials_are_refused_with_401() -> None:
    async with driving() as sinch, httpx.AsyncClient(base_url=sinch.endpoints.sinch_imported) as client:
        for headers in ({}, {"Authorization": "Bearer eyJhbGciOi.made-here"}, {"Authorization": "Basic %%%"}):
            answer = await client.get(LIST, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["status"] == "UNAUTHENTICATED"
            assert "expired" not in answer.headers["WWW-Authenticate"]
        assert (await client.get(LIST, auth=(KEY[0], "wrong"))).status_code == 401


async def test_expired_tokens_are_told_apart_by_their_challenge() -> None:
    async with driving() as sinch:
        await sinch.tell("tokens/expire")
        answer = await sinch.api.get(LIST)
        assert answer.status_code == 401
        assert "expired" in answer.headers["WWW-Authenticate"]


async def test_another_project_is_forbidden() -> None:
    async with driving() as sinch:
        answer = await sinch.api.get("/v1/projects/another/hostingOrders")
        assert (answer.status_code, answer.json()["status"]) == (403, "PERMISSION_DENIED")


async def test_no_token_is_sold_to_a_wrong_key_or_for_another_grant() -> None:
    async with driving() as sinch, httpx.AsyncClient() as client:
        url = sinch.endpoints.sinch_oauth
        grant = {"grant_type": "client_credentials"}
        wrong_key = await client.post(url, auth=(KEY[0], "wrong"), data=grant)
        assert (wrong_key.status_code, wrong_key.json()["error"]) == (401, "invalid_client")
        wrong_grant = await client.post(url, auth=KEY, data={"grant_type": "password"})
        assert (wrong_grant.status_code, wrong_grant.json()["error"]) == (400, "unsupported_grant_type")
        as_json = await client.post(url, auth=KEY, json=grant)
        assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")
