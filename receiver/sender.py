"""Who sent a request: the address of the client, seen through trusted proxies."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SINCH_ADDRESSES: frozenset[Address] = frozenset(map(ip_address, ("54.76.19.159", "54.78.194.39", "54.155.83.128")))
"""Where callbacks come from. Sinch API: callbacks, IP allowlist."""


_WITH_BRACKETS_OR_PORT = re.compile(r"\[([^]]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")


def client_address(peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """The client's address: the peer's, or, when the peer is a trusted proxy, the right-most address of
    `X-Forwarded-For` that is not itself one.

    `forwarded_for` is the values of all such headers in the order they came. None where the address that counts
    cannot be read. What a client writes into the header itself stands left of what the proxies add, so it never
    counts.
    """
    hops = [hop for value in forwarded_for for hop in value.split(",")]
    address = _address(peer or "")
    while hops and address is not None and any(address in network for network in trusted):
        address = _address(hops.pop())
    return address


def _address(text: str) -> Address | None:
    """An address as proxies write it: bare, with a port, in brackets, in quotes."""
    bare = text.strip().removeprefix('"').removesuffix('"')
    if found := _WITH_BRACKETS_OR_PORT.fullmatch(bare):
        bare = found[1] or found[2]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
