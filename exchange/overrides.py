"""Connection overrides: timeouts and retries in the fragment of a webhook URL."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

RETRIABLE = frozenset({"4xx", "5xx", "ct", "rt"})


@dataclass(frozen=True)
class Overrides:
    """Seconds to connect, to read, and in total; number of retries, and the failures that are retried."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})


def split_overrides(url: str) -> tuple[str, Overrides]:
    """The URL without its fragment, and the overrides in the fragment; invalid values keep their defaults."""
    plain, fragment = urldefrag(url)
    said = dict(parse_qsl(fragment))
    default = Overrides()
    return plain, Overrides(
        connect_seconds=_within(said.get("ct"), 100, 10_000, 5_000) / 1000,
        read_seconds=_within(said.get("rt"), 100, 15_000, 15_000) / 1000,
        total_seconds=_within(said.get("tt"), 100, 15_000, 15_000) / 1000,
        retries=_within(said.get("rc"), 0, 5, default.retries),
        retry_on=_kinds(said.get("rp"), default.retry_on),
    )


def _within(text: str | None, low: int, high: int, default: int) -> int:
    readable = text is not None and text.isascii() and text.isdigit() and low <= int(text) <= high
    return int(text) if text is not None and readable else default


def _kinds(text: str | None, default: frozenset[str]) -> frozenset[str]:
    if text is None:
        return default
    said = frozenset(text.split(","))
    return RETRIABLE if "all" in said else said & RETRIABLE
