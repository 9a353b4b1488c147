"""Network addresses: loopback addresses, and the client address of a proxied request. Pure."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def is_loopback(host: str) -> bool:
    """True for a name or address that only this machine can reach."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def networks(text: str) -> tuple[Network, ...]:
    """The addresses and networks in a comma-separated text. Raises ValueError."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def client_address(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """The client's address: `peer`, or behind trusted proxies the last untrusted address in X-Forwarded-For.

    A browser can send that header too, but each proxy appends to it: entries before the address that a trusted proxy
    saw are not trustworthy.
    """
    address, proxies = peer, tuple(trusted)
    hops = [each.strip() for each in forwarded.split(",")] if forwarded else []
    while hops and _is_within(address, proxies):
        address = hops.pop() or address
    return address


def _is_within(address: str, proxies: Iterable[Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in proxies)
