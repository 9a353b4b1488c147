"""Environment variables of a process: addresses and secrets, which must not be in a file."""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ivr.foundation.addresses import is_loopback, networks
from ivr.foundation.errors import ConfigurationError
from ivr.foundation.phone import normal


class Environment(BaseModel):
    """The settings that differ between installations and must not be in a file: addresses and secrets."""

    model_config = ConfigDict(frozen=True)

    public_url: str
    database_url: str
    hotline_number: str
    account_sid: str = ""
    auth_token: str = Field(default="", repr=False)
    api_url: str = ""
    secret_key: str = Field(default="", repr=False)
    core_url: str = ""
    core_token: str = Field(default="", repr=False)
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    host: str = "127.0.0.1"
    port: int = Field(default=5000, ge=1, le=65535)

    @property
    def has_provider(self) -> bool:
        """True when credentials of a telephone provider are set."""
        return bool(self.account_sid and self.auth_token)

    @property
    def local_url(self) -> str:
        """The URL of the hotline on this machine."""
        return local_url(self.host, self.port)


def local_url(host: str, port: int | str) -> str:
    """The URL of a server that listens on `host`, from this machine: a wildcard address is reached on loopback."""
    try:
        address = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if address.version == 6:
        return f"http://[{'::1' if address.is_unspecified else host}]:{port}"
    return f"http://{'127.0.0.1' if address.is_unspecified else host}:{port}"


def read_environment(env: Mapping[str, str] = os.environ) -> Environment:
    """The environment variables of docs/operations.md. Raises `ConfigurationError` naming the invalid variable."""
    host, port = env.get("HOST") or "127.0.0.1", env.get("PORT") or "5000"
    if not re.fullmatch(r"[\w.:%-]+", host, re.ASCII):
        raise ConfigurationError(f"HOST must be a name or an address, such as 127.0.0.1 or ::1, not {host!r}")
    hotline = normal(env.get("IVR_HOTLINE_NUMBER") or "+862160195588")
    if hotline is None:
        raise ConfigurationError("IVR_HOTLINE_NUMBER is not a telephone number; write it as +86 and the digits")
    if bool(env.get("TWILIO_ACCOUNT_SID")) != bool(env.get("TWILIO_AUTH_TOKEN")):
        raise ConfigurationError("set both TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or neither")
    public_url = (env.get("IVR_PUBLIC_URL") or local_url(host, port)).rstrip("/")
    try:
        made = Environment(
            public_url=public_url,
            database_url=env.get("IVR_DATABASE_URL") or "sqlite:///var/hotline.db",
            hotline_number=hotline,
            account_sid=env.get("TWILIO_ACCOUNT_SID", ""),
            auth_token=env.get("TWILIO_AUTH_TOKEN", ""),
            api_url=(env.get("TWILIO_API_URL") or "").rstrip("/"),
            secret_key=env.get("IVR_SECRET_KEY", ""),
            core_url=(env.get("IVR_CORE_URL") or "").rstrip("/"),
            core_token=env.get("IVR_CORE_TOKEN", ""),
            trusted_proxies=_networks(env.get("IVR_TRUSTED_PROXIES") or ""),
            host=host,
            port=int(port),
        )
    except (ValidationError, ValueError) as error:
        raise ConfigurationError(f"PORT must be a number from 1 to 65535, not {port!r}") from error
    _check_addresses(public_url, made.api_url, made.account_sid)
    return made


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return networks(text)
    except ValueError as error:
        raise ConfigurationError(f"IVR_TRUSTED_PROXIES must be addresses or networks, not {text!r}") from error


def _check_addresses(public_url: str, api_url: str, account_sid: str) -> None:
    public = _parts(public_url)
    if public.scheme not in ("http", "https") or not public.hostname or public.query or public.fragment:
        raise ConfigurationError(
            f"IVR_PUBLIC_URL must be http:// or https://, a host and perhaps a path, not {public_url!r}"
        )
    if not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*", public.path, re.ASCII):
        raise ConfigurationError(
            f"the path of IVR_PUBLIC_URL may hold letters, digits and ._~- between its slashes, not {public.path!r}"
        )
    api = _parts(api_url)
    is_private = (api.scheme == "https" and api.hostname) or (api.scheme == "http" and is_loopback(api.hostname or ""))
    if api_url and not is_private:
        raise ConfigurationError("TWILIO_API_URL must begin with https://: account and token travel there")
    if account_sid and not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", account_sid, re.ASCII):
        raise ConfigurationError(
            "TWILIO_ACCOUNT_SID is not an account SID; Twilio's is AC and 32 characters of 0-9 and a-f"
        )


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for an invalid port
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts
