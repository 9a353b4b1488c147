"""Addresses of the network: which is this machine's, and which one a request comes from. Pure."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine, and nobody else reaches it."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks with commas between them. Raises ValueError."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def client_address(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """Whose request this is: `peer`, or where that is a trusted proxy, the last address in X-Forwarded-For that is not.

    A browser can write that header too, but a proxy appends to it: whatever stands before the address that a trusted
    proxy saw is anybody's word.
    """
    address, proxies = peer, tuple(trusted)
    told = [each.strip() for each in forwarded.split(",")] if forwarded else []
    while told and _is_within(address, proxies):
        address = told.pop() or address
    return address


def _is_within(address: str, proxies: Iterable[Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in proxies)
