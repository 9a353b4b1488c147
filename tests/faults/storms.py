"""Sending webhooks at the same moment."""

import threading
from collections.abc import Sequence

from tests.support.door import Door, Reply, Request

PATIENCE_SECONDS = 60


def storm(requests: Sequence[tuple[Door, Request]]) -> list[Reply]:
    """Send every request from a thread of its own, all let go at once; the replies in the same order."""
    start = threading.Barrier(len(requests))
    replies: list[Reply | None] = [None] * len(requests)

    def send(place: int, door: Door, request: Request) -> None:
        start.wait(timeout=PATIENCE_SECONDS)
        replies[place] = door.send("POST", *request)

    threads = [threading.Thread(target=send, args=(n, *each)) for n, each in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_SECONDS)
    assert all(replies), "a webhook was not answered"
    return [reply for reply in replies if reply is not None]
