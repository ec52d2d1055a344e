"""Several projects in one simulator: each has its own key, numbers, orders, reviews and callback secret."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from simulator import ProjectSettings, SimulatorSettings
from simulator.settings import LOCAL_PROJECT_ID
from tests.simulator.driver import PROJECT, Driver, driving, receiving

NUMBER = "+12025550134"
ACME = ProjectSettings(project_id="acme", key_id="acme-key", key_secret=SecretStr("acme-secret"))
ACME_KEY = ("acme-key", "acme-secret")
ACME_PROJECT = "/v1/projects/acme"
ALL_STEPS_HOURS = 31


@pytest.fixture
async def two_projects() -> AsyncIterator[tuple[Driver, httpx.AsyncClient]]:
    """A simulator with two projects: the driver of the first one, and a client of the other one."""
    async with (
        driving(SimulatorSettings(further_projects=(ACME,))) as sinch,
        httpx.AsyncClient(base_url=sinch.endpoints.sinch_imported + ACME_PROJECT, auth=ACME_KEY) as acme,
    ):
        yield sinch, acme


Two = tuple[Driver, httpx.AsyncClient]


async def test_a_key_and_its_tokens_open_their_own_project_only(two_projects: Two) -> None:
    sinch, acme = two_projects
    assert (await acme.get("/callbackConfiguration")).json()["projectId"] == "acme"
    grant = {"grant_type": "client_credentials"}
    bought = await sinch.control.post(sinch.endpoints.sinch_oauth, auth=ACME_KEY, data=grant)
    token = {"Authorization": f"Bearer {bought.json()['access_token']}"}
    async with httpx.AsyncClient(base_url=sinch.endpoints.sinch_imported, headers=token) as client:
        assert (await client.get(f"{ACME_PROJECT}/callbackConfiguration")).status_code == 200
        assert (await client.get(f"{PROJECT}/callbackConfiguration")).status_code == 403
    for path in (ACME_PROJECT, "/v1/projects/unknown"):
        assert (await sinch.api.get(f"{path}/callbackConfiguration")).status_code == 403


async def test_numbers_and_orders_of_projects_are_apart(two_projects: Two) -> None:
    sinch, acme = two_projects
    await sinch.add(NUMBER)
    assert (await acme.get(f"/qualifiedNumbers/{NUMBER}")).status_code == 404
    assert (await acme.post("/qualifiedNumbers:addNumbers", json={"phoneNumbers": [NUMBER]})).status_code == 200
    hosting_order_id = await sinch.ordered(NUMBER)
    assert (await acme.get(f"/hostingOrders/{hosting_order_id}")).status_code == 404
    added = await sinch.ledger("qualified_number_added")
    assert [entry["project_id"] for entry in added] == [LOCAL_PROJECT_ID, "acme"]
    await sinch.tell(f"orders/{hosting_order_id}/reject")
    assert await sinch.order_state(hosting_order_id) == "REJECTED"


async def test_the_desk_reviews_the_numbers_of_the_project_that_the_mail_names(two_projects: Two) -> None:
    sinch, acme = two_projects
    await sinch.add(NUMBER)
    await acme.post("/qualifiedNumbers:addNumbers", json={"phoneNumbers": [NUMBER]})
    await sinch.advance(hours=6)
    await sinch.mail_invoices([NUMBER], project="acme")
    (mail,) = await sinch.ledger("invoice_mail")
    assert mail["project_id"] == "acme"
    await sinch.advance(hours=72)
    assert await sinch.state_of(NUMBER) == "ELIGIBLE"
    theirs = (await acme.get(f"/qualifiedNumbers/{NUMBER}")).json()
    assert theirs["globalProcessState"] == "GLOBAL_PROCESS_STATE_VERIFIED"


async def test_a_phone_tells_the_calls_of_all_projects(two_projects: Two) -> None:
    sinch, acme = two_projects
    await sinch.add(NUMBER)
    await acme.post("/qualifiedNumbers:addNumbers", json={"phoneNumbers": [NUMBER]})
    await sinch.advance(hours=6)
    await sinch.call(NUMBER)
    await acme.post(f"/qualifiedNumbers/{NUMBER}:sendVoiceChallenge")
    assert len(await sinch.calls_of(NUMBER)) == 2
    assert list(await sinch.look("phones")) == [NUMBER]


async def test_each_project_signs_its_events_with_its_own_secret(two_projects: Two) -> None:
    sinch, acme = two_projects
    await sinch.api.patch(f"{PROJECT}/callbackConfiguration", json={"hmacSecret": "ours"})
    await acme.patch("/callbackConfiguration", json={"hmacSecret": "theirs"})
    order = {"regionCode": "US", "servicePlanId": "plan", "blanketLoaInfo": {}}
    async with receiving() as receiver:
        order |= {"callbackUrl": receiver.url, "numbers": [NUMBER]}
        for answer in (
            await acme.post("/hostingOrders:textEnableNumbers", json=order),
            await sinch.post("/hostingOrders:textEnableNumbers", order),
        ):
            assert answer.status_code == 200
        await sinch.advance(hours=ALL_STEPS_HOURS)
        assert len(receiver.got) == 6
        for headers, body in receiver.got:
            secret = {"acme": b"theirs", LOCAL_PROJECT_ID: b"ours"}[json.loads(body)["projectId"]]
            assert headers["x-sinch-signature"] == hmac.new(secret, body, hashlib.sha1).hexdigest()


def test_two_projects_of_one_id_are_refused() -> None:
    with pytest.raises(ValidationError, match="given twice: acme, acme"):
        SimulatorSettings(project_id="acme", further_projects=(ACME,))
