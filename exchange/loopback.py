"""The phones belong to this machine alone: who else asks is refused."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request


def is_loopback_host(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(request: Request) -> bool:
    """The peer's address must be loopback, and so must the name it asked for: a foreign web page that had its own
    name resolve to 127.0.0.1 (DNS rebinding) still sends that name."""
    asked = urlsplit(f"//{request.host}").hostname or ""
    return is_loopback_host(request.remote_addr or "") and is_loopback_host(asked)
