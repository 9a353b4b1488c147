"""Restricts phones and REST to this machine; requests from other machines are refused."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request


def is_loopback_host(host: str) -> bool:
    """True for a host name or address of this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(request: Request) -> bool:
    """True when both the peer address and the requested host name are loopback.

    The host name is checked because a foreign web page whose own name resolves to 127.0.0.1 (DNS rebinding) still sends
    that name.
    """
    asked = urlsplit(f"//{request.host}").hostname or ""
    return is_loopback_host(request.remote_addr or "") and is_loopback_host(asked)
