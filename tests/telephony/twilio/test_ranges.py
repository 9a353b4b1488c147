"""A part of a file, from servers that send parts and from those that send the whole all the same."""

from collections.abc import Iterator

import pytest
import requests
from flask import Flask, Response, request

from ivr.telephony.twilio.rest.ranges import PIECE_BYTES, part_of, span
from tests.exchange.web_application import serving

BODY = bytes(range(256)) * 1024
PARTS = [(0, None), (0, 0), (255, 256), (PIECE_BYTES - 1, PIECE_BYTES), (PIECE_BYTES, None), (len(BODY) - 1, None)]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """/parts knows ranges, /whole does not, /untold does not even say how long the file is."""
    app = Flask("files")

    def parts() -> Response:
        answer = Response(BODY)
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=len(BODY))
        return answer

    app.add_url_rule("/parts", "parts", parts)
    app.add_url_rule("/whole", "whole", lambda: Response(BODY))
    app.add_url_rule("/untold", "untold", lambda: Response(iter([BODY[:7], BODY[7:]])))
    with serving(app) as address:
        yield address


@pytest.mark.parametrize(("path", "whole"), [("parts", len(BODY)), ("whole", len(BODY)), ("untold", None)])
@pytest.mark.parametrize(("first", "last"), PARTS)
def test_a_part_is_the_same_from_every_server(server: str, path: str, whole: int | None, first: int, last: int) -> None:
    headers = {"Range": span(first, last)}
    answer = requests.get(f"{server}/{path}", headers=headers, stream=True, timeout=5)
    part = part_of(answer, first, last)
    assert (part.first, part.whole) == (first, whole)
    assert b"".join(part.pieces) == BODY[first : None if last is None else last + 1]
