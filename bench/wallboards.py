"""Open wallboards, a program of its own: python -m bench.wallboards PORT COUNT DATABASE_URL, until it is terminated.

It says "open" once every board has its stream. Each second it changes what the boards show; each board that hears of it
fetches its page anew, one fetch at a time and four at once, as browsers elsewhere would.
"""

import http.client
import queue
import selectors
import socket
import sys
import threading
import time

from sqlalchemy import select

from ivr.centre.staff import sessions
from ivr.centre.staff.models import Account
from ivr.centre.staff.random_secrets import session_token
from ivr.console import cookies
from ivr.db import Database, open_database, work
from ivr.foundation import clock
from ivr.platform import live

WHO, PAGE, TOPICS = "stats1", "/console/wallboard", "queues,floor"
FETCHERS, CHANGE_SECONDS = 4, 1.0


def signed_in(database: Database) -> str:
    """The cookie of a session, begun here: a console in production takes no password that everybody can read."""
    token = session_token()
    with work(database) as db:
        account = db.scalars(select(Account).where(Account.id == WHO)).one()
        sessions.begin(db, account, "open", token, clock.now())
    return f"{cookies.TOKEN}={token}"


def opened(port: int, cookie: str) -> socket.socket:
    """A stream that has begun. Raises `RuntimeError` where it is refused."""
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.sendall(f"GET /console/live?topics={TOPICS} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    head = line.recv(65536)
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.decode(errors="replace")[:200])
    return line


def fetch(port: int, cookie: str, due: "queue.SimpleQueue[int]") -> None:
    """Fetch the page for each board that is due."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        due.get()
        line.request("GET", PAGE, headers={"Cookie": cookie, "X-Live": "refresh"})
        line.getresponse().read()


def change(database: Database) -> None:
    """Change what the boards show, again and again."""
    while True:
        time.sleep(CHANGE_SECONDS)  # the pace of a busy floor
        with work(database, durable=False) as db:
            live.changed(db, "queues")


def main(port: int, count: int, url: str) -> None:
    """Open the boards, then keep them shown."""
    database = open_database(url)
    cookie = signed_in(database)
    boards = selectors.DefaultSelector()
    for _ in range(count):
        boards.register(opened(port, cookie), selectors.EVENT_READ)
    due: queue.SimpleQueue[int] = queue.SimpleQueue()
    for _ in range(FETCHERS):
        threading.Thread(target=fetch, args=(port, cookie, due), daemon=True).start()
    threading.Thread(target=change, args=(database,), daemon=True).start()
    print("open", flush=True)
    while True:
        for key, _ in boards.select():
            said = key.fileobj.recv(65536)  # type: ignore[union-attr]
            if not said:
                raise RuntimeError("a stream ended")
            if b"event: change" in said and due.qsize() < count:
                due.put(key.fd)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
