"""Ranges of a file over HTTP: asked for, and cut out here where the server sends the whole file all the same."""

import re
from collections.abc import Iterator

import requests

from ivr.telephony.provider import Sound

PIECE_BYTES = 65_536
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


def span(first: int, last: int | None) -> str:
    """The header that asks for the bytes first to last."""
    return f"bytes={first}-{'' if last is None else last}"


def part_of(answer: requests.Response, first: int, last: int | None) -> Sound:
    """What was asked for of an answer, whether it is the whole file (200) or the part (206)."""
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if answer.status_code == requests.codes.partial_content and found:
        begins, whole = int(found[1]), None if found[3] == "*" else int(found[3])
    else:
        told = answer.headers.get("Content-Length", "")
        begins, whole = 0, int(told) if told.isdecimal() else None
    return Sound(_cut(answer, first - begins, None if last is None else last - first + 1), first, whole)


def _cut(answer: requests.Response, skip: int, length: int | None) -> Iterator[bytes]:
    """The body without its first bytes, so many bytes at most; the connection is given back at the end."""
    with answer:
        for piece in answer.iter_content(PIECE_BYTES):
            kept = piece[min(skip, len(piece)) :]
            skip -= len(piece) - len(kept)
            kept = kept if length is None else kept[:length]
            if kept:
                yield kept
            if length is not None:
                length -= len(kept)
                if length <= 0:
                    return
