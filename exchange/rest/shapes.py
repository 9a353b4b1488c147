"""Parsing of parameters and formatting of lists, for all resources."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from exchange.rest.refusals import invalid_parameter

JsonObject = dict[str, Any]
T = TypeVar("T")

MAX_PAGE_SIZE = 1000


def listing(key: str, found: Sequence[T], write: Callable[[T], JsonObject]) -> JsonObject:
    """One page of a list, for `Page` and `PageSize` (default 50, at most 1000)."""
    size = min(integer(request.args, "PageSize", 50, low=1, high=10_000), MAX_PAGE_SIZE)
    page = integer(request.args, "Page", 0)
    start = page * size
    shown = found[start : start + size]
    return {
        key: [write(each) for each in shown],
        "page": page,
        "page_size": size,
        "start": start,
        "end": max(start + len(shown) - 1, 0),
        "uri": _page(page, size),
        "first_page_uri": _page(0, size),
        "next_page_uri": _page(page + 1, size) if start + size < len(found) else None,
        "previous_page_uri": _page(page - 1, size) if page else None,
    }


def search(
    key: str,
    find: Callable[[Callable[[T], bool]], Sequence[T]],
    write: Callable[[T], JsonObject],
    named: Mapping[str, Callable[[T], str | None]],
    dated: Mapping[str, Callable[[T], datetime | None]],
) -> JsonObject:
    """One page of the filtered list. named: filters on a value; dated: filters on a time."""
    found = find(
        lambda each: (
            all(_same(name, of(each)) for name, of in named.items())
            and all(_within(name, of(each)) for name, of in dated.items())
        )
    )
    return listing(key, found, write)


def _page(number: int, size: int) -> str:
    asked = [(name, value) for name, value in request.args.items(multi=True) if name not in ("Page", "PageSize")]
    return f"{request.path}?{urlencode([*asked, ('PageSize', size), ('Page', number)])}"


def integer(fields: Mapping[str, str], name: str, default: int, low: int = 0, high: int = 1_000_000) -> int:
    """An integer parameter; raises 20001 outside `low` to `high`."""
    text = fields.get(name)
    if text is None or text == "":
        return default
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise invalid_parameter(name)


def boolean(fields: Mapping[str, str], name: str) -> bool | None:
    """A boolean parameter; None when it is missing."""
    text = fields.get(name)
    return None if text is None else text.strip().lower() in ("true", "1")


def url(fields: Mapping[str, str], name: str) -> str | None:
    """A web address; None when it is missing."""
    text = fields.get(name)
    if not text:
        return None
    if not text.startswith(("http://", "https://")):
        raise invalid_parameter(name)
    return text


def method(fields: Mapping[str, str], name: str, default: str = "POST") -> str:
    text = fields.get(name, default).upper()
    if text not in ("GET", "POST"):
        raise invalid_parameter(name)
    return text


def _same(name: str, value: str | None) -> bool:
    """True when the filter is missing or equals this value."""
    wanted = request.args.get(name)
    return wanted is None or wanted == value


def _within(name: str, moment: datetime | None) -> bool:
    """True for a time on the day of `name`, not after `name<`, not before `name>`; all to the second."""
    day, before, after = (_moment(name + sign) for sign in ("", "<", ">"))
    if day is None and before is None and after is None:
        return True
    if moment is None:
        return False
    moment = moment.replace(microsecond=0)
    return (
        (day is None or moment.date() == day.date())
        and (before is None or moment <= before)
        and (after is None or moment >= after)
    )


def _moment(name: str) -> datetime | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid_parameter(name) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    whole_day = len(text) == len("2026-11-24") and name.endswith("<")
    return moment + timedelta(days=1, seconds=-1) if whole_day else moment
