"""Whose address counts, and who may send."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

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
        ("10.0.0.1", [f"{SINCH}:51234"], SINCH),
        ("10.0.0.1", [f"{STRANGER}, 10.0.0.2:443"], STRANGER),
        ("10.0.0.1", ["[2001:db8::5]:443"], "2001:db8::5"),
        ("10.0.0.1", ["[2001:db8::5]"], "2001:db8::5"),
        ("10.0.0.1", ['"[2001:db8::5]:443"'], "2001:db8::5"),
        ("10.0.0.1", [f'"{SINCH}:51234"'], SINCH),
        ("10.0.0.1", [f"[::ffff:{SINCH}]:51234"], SINCH),
        ("10.0.0.1", [f"{SINCH}:", f"{SINCH}:http"], None),
        ("10.0.0.1", ["[]:443"], None),
        ("10.0.0.1", [f"{SINCH}, unknown"], None),
        ("10.0.0.1", [f"{SINCH}, _hidden"], None),
    ],
)
def test_the_client_is_the_right_most_address_that_is_no_trusted_proxy(
    peer: str | None, forwarded_for: list[str], client: str | None
) -> None:
    assert client_address(peer, forwarded_for, PROXIES) == (None if client is None else ip_address(client))


def test_without_trusted_proxies_the_header_never_counts() -> None:
    assert client_address("127.0.0.1", [SINCH], ()) == ip_address("127.0.0.1")


quickly = hypothesis_settings(deadline=None, database=None)
addresses = st.ip_addresses().map(str)
trusted_hops = st.sampled_from(["10.0.0.2", "10.9.9.9:443", "fd00::7", "[fd00::8]:8443", "::ffff:10.1.1.1"])
anything = addresses | st.sampled_from([SINCH, f"{SINCH}:1", "", " ", ",", '"', "unknown"]) | trusted_hops | st.text()
written_by_client = st.lists(st.lists(anything, max_size=4).map(",".join), max_size=3)


def is_a_proxy(address: str) -> bool:
    seen = client_address(address, [], ())
    return seen is not None and any(seen in network for network in PROXIES)


@given(client=addresses.filter(lambda address: not is_a_proxy(address)), wrote=written_by_client, data=st.data())
@quickly
def test_whatever_a_client_writes_its_own_address_counts(client: str, wrote: list[str], data: st.DataObject) -> None:
    header = data.draw(passed_on(client, wrote))
    assert client_address("10.0.0.1", header, PROXIES) == client_address(client, [], ())
    assert client_address(client, wrote, PROXIES) == client_address(client, [], ())


@given(client=st.sampled_from(sorted(map(str, SINCH_ADDRESSES))), wrote=written_by_client, data=st.data())
@quickly
def test_sinch_is_known_behind_one_to_three_proxies(client: str, wrote: list[str], data: st.DataObject) -> None:
    assert client_address("fd00::1", data.draw(passed_on(client, wrote)), PROXIES) in SINCH_ADDRESSES


@st.composite
def passed_on(draw: st.DrawFn, client: str, wrote: list[str]) -> list[str]:
    """The `X-Forwarded-For` headers that reach us: each proxy appends the address it sees, in a header of its own
    or to the last one."""
    header = list(wrote)
    address = ip_address(client)
    forms = [client, f"[{client}]", f"[{client}]:443"] if address.version == 6 else [client, f"{client}:51234"]
    for seen in [draw(st.sampled_from(forms)), *draw(st.lists(trusted_hops, max_size=2))]:
        if draw(st.booleans()) and header:
            header[-1] = f"{header[-1]}, {seen}"
        else:
            header.append(seen)
    return header


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


async def test_no_other_header_names_a_client() -> None:
    async with serving(callback_allow_list="sinch", trusted_proxies="127.0.0.0/8") as receiver:
        for name, value in {
            "Forwarded": f"for={SINCH}",
            "X-Real-IP": SINCH,
            "True-Client-IP": SINCH,
            "CF-Connecting-IP": SINCH,
            "X_Forwarded_For": SINCH,
            "X-Original-Forwarded-For": SINCH,
        }.items():
            headers = {name: value, "X-Forwarded-For": STRANGER}
            assert (await receiver.post(fresh_workflow_id(), headers=headers)).status_code == 403


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
