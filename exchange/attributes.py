"""Parses TwiML attribute values leniently: an invalid value gives a warning, and the default applies."""

from collections.abc import Callable, Sequence
from urllib.parse import urldefrag, urljoin

from exchange import faults
from exchange.faults import TwimlFault
from exchange.twiml import Document, Verb

Warn = Callable[[int, str], None]


def integer(verb: Verb, name: str, default: int, warn: Warn, low: int = 0, high: int = 1_000_000) -> int:
    """An integer attribute between `low` and `high`."""
    text = verb.attributes.get(name)
    if text is None:
        return default
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    warn(faults.SCHEMA, f"{name}={text!r} of <{verb.name}> is not an integer from {low} to {high}")
    return default


def flag(verb: Verb, name: str, default: bool) -> bool:
    """A boolean attribute; TwiML writes true and false."""
    text = verb.attributes.get(name)
    return default if text is None else text.strip().lower() in ("true", "1", "yes")


def choice(verb: Verb, name: str, allowed: Sequence[str], warn: Warn, code: int) -> str:
    """One of the values that Twilio documents; the first is the default. `code` is the warning for any other value."""
    text = verb.attributes.get(name, allowed[0])
    if text in allowed:
        return text
    warn(code, f"{name}={text!r} of <{verb.name}> is none of {', '.join(allowed)}")
    return allowed[0]


def method(verb: Verb, name: str = "method", default: str = "POST") -> str:
    """GET or POST."""
    text = verb.attributes.get(name, default).upper()
    return text if text in ("GET", "POST") else default


def words(verb: Verb, name: str, default: str) -> frozenset[str]:
    """A list of words separated by spaces."""
    return frozenset(verb.attributes.get(name, default).split())


def address(document: Document, reference: str) -> str:
    """`reference` resolved against the URL of its document.

    Raises TwimlFault 11100 for a relative or missing reference in TwiML that REST supplied inline and that has no URL.
    """
    reference = reference.strip()
    if document.url is None:
        if not reference.startswith(("http://", "https://")):
            raise TwimlFault(faults.INVALID_URL, f"{reference!r} must be absolute in TwiML without a URL")
        return reference
    return urljoin(urldefrag(document.url).url, reference) if reference else document.url
