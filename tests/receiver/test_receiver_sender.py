"""Whose address counts, and who may send."""

from ipaddress import ip_address, ip_network

import pytest

from receiver.sender import SINCH_ADDRESSES, client_address
from tests.receiver.served_receiver import ServedReceiver, event_body, fresh_workflow_id, path_for, serving

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
SINCH = "54.76.19.159"
STRANGER = "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        (STRANGER, [], STRANGER),
        (STRANGER, [SINCH], STRANGER),
        ("10.0.0.1", [SINCH], SINCH),
        ("10.0.0.1", [f"{SINCH}, {STRANGER}"], STRANGER),
        ("10.0.0.1", [SINCH, STRANGER], STRANGER),
        ("10.0.0.1", [f"{STRANGER},{SINCH},10.0.0.2 , 10.9.9.9"], SINCH),
        ("10.0.0.1", [f"{SINCH}, 10.0.0.2", "10.0.0.3"], SINCH),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [f"{SINCH}, nobody"], None),
        ("10.0.0.1", [f"{SINCH}, "], None),
        ("::ffff:10.0.0.1", [f"::ffff:{SINCH}"], SINCH),
        ("fd00::1", ["2001:db8::5"], "2001:db8::5"),
        (None, [SINCH], None),
    ],
)
def test_the_client_is_the_right_most_address_that_is_no_trusted_proxy(
    peer: str | None, forwarded_for: list[str], client: str | None
) -> None:
    assert client_address(peer, forwarded_for, PROXIES) == (None if client is None else ip_address(client))


def test_without_trusted_proxies_the_header_never_counts() -> None:
    assert client_address("127.0.0.1", [SINCH], ()) == ip_address("127.0.0.1")


async def status(receiver: ServedReceiver, forwarded_for: str | None) -> int:
    headers = {} if forwarded_for is None else {"X-Forwarded-For": forwarded_for}
    return (await receiver.post(fresh_workflow_id(), headers=headers)).status_code


async def test_sinch_behind_a_trusted_proxy_may_send() -> None:
    async with serving(callback_allow_list="sinch", trusted_proxies="127.0.0.0/8") as receiver:
        assert [await status(receiver, str(address)) for address in SINCH_ADDRESSES] == [200, 200, 200]


async def test_others_behind_a_trusted_proxy_may_not_even_when_they_say_they_are_sinch() -> None:
    async with serving(callback_allow_list="sinch", trusted_proxies="127.0.0.0/8") as receiver:
        forged = [STRANGER, f"{SINCH}, {STRANGER}", f"{SINCH},", "127.0.0.1", None]
        assert [await status(receiver, header) for header in forged] == [403] * 5


async def test_a_forwarded_address_counts_nothing_when_the_peer_is_no_trusted_proxy() -> None:
    async with serving(callback_allow_list="sinch") as receiver:
        assert await status(receiver, SINCH) == 403
    async with serving(callback_allow_list="sinch", trusted_proxies="10.0.0.0/8") as receiver:
        assert await status(receiver, SINCH) == 403


async def test_the_allow_list_comes_after_the_token_and_before_the_signature() -> None:
    async with serving(callback_allow_list="sinch") as receiver:
        bad_token = await receiver.client.post("/callbacks/guess", content=event_body())
        unsigned = await receiver.client.post(path_for(fresh_workflow_id()), content=event_body())
    assert (bad_token.status_code, unsigned.status_code) == (401, 403)


async def test_without_an_allow_list_anybody_with_token_and_signature_may_send(receiver: ServedReceiver) -> None:
    assert await status(receiver, STRANGER) == 200
