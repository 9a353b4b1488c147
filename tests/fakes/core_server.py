"""A fake remote core bank: the embedded ledger served over HTTP as docs/core-bank.md says, with faults.

A real program on an ephemeral port of 127.0.0.1. Faults, one word each, hold for questions and instructions alike:
slow (answers after the line has given up), lost (applied, and the connection closed without an answer),
garbage (applied, and answered with a page), down (an error before anything is done), unknown (404, whatever is asked),
declined (nothing is done, and the answer, or the outcome, is a refusal).
Others answer well in the end, but a piece at a time, so that no read is ever long: drips_headers, drips_body,
continues (`100 Continue` again and again); moved (a redirect to the same question, which would be answered well).
"""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Literal

from sqlalchemy import select

from ivr.bank.core import Bill, LossReport, Posting
from ivr.bank.ledger.ledger import LedgerBank
from ivr.bank.models import BankCard
from ivr.bank.remote import shapes
from ivr.foundation.errors import IdempotencyConflict
from tests.bank.harnesses import LedgerHarness

Fault = Literal[
    "", "slow", "lost", "garbage", "down", "unknown", "declined", "drips_headers", "drips_body", "continues", "moved"
]
PIECES, PIECE_SECONDS = 60, 0.05  # of an answer that drips: three seconds in all
UNDONE: dict[Fault, tuple[int, bytes]] = {
    "down": (503, b"out of order"),
    "unknown": (404, b'{"error": "unknown"}'),
    "declined": (200, shapes.POSTING.dump_json(Posting("refused", "", "frozen"))),
}
TOKEN = "made-up-token"
Handler = Callable[[LedgerBank, str, dict[str, Any]], tuple[Any, Any]]  # bank, key, arguments -> shape, answer


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _of_the_port(arguments: dict[str, Any]) -> dict[str, Any]:
    """The protocol's arguments under the names of the port."""
    return {"customer_id" if name == "customer" else name: value for name, value in arguments.items()}


def _standing_report(bank: LedgerBank, customer_id: str, card: str) -> LossReport | None:
    books = bank.books
    row = books.db.scalars(select(BankCard).where(BankCard.number_index == books.card_index(card))).one_or_none()
    is_theirs = row is not None and bank.holder_of_card(card) == customer_id
    if row is None or not is_theirs or books.card_state(row) != "lost" or row.lost_until is None:
        return None
    return LossReport(card, row.lost_until, False, row.lost_reference)


def _set_password(bank: LedgerBank, key: str, arguments: dict[str, Any]) -> tuple[Any, Any]:
    bank.set_password(key, **arguments)
    return shapes.NOTHING, None


def _hold_transfers(bank: LedgerBank, _: str, arguments: dict[str, Any]) -> tuple[Any, Any]:
    bank.hold_transfers(arguments["customer_id"], _moment(arguments["until"]))
    return shapes.NOTHING, None


HANDLERS: dict[str, Handler] = {
    "holder_of_card": lambda bank, _, a: (shapes.HOLDER, bank.holder_of_card(**a)),
    "accounts": lambda bank, _, a: (shapes.ACCOUNTS, bank.accounts(**a)),
    "movements": lambda bank, _, a: (shapes.MOVEMENTS, bank.movements(**a)),
    "password_check": lambda bank, _, a: (shapes.YES_OR_NO, bank.password_check(**a)()),
    "password_standing": lambda bank, _, a: (shapes.PASSWORD_REUSE, bank.password_reuse(**a)()),
    "password_prepare": lambda bank, _, a: (shapes.PREPARED, bank.password_prepare(**a)()),
    "find_bill": lambda bank, _, a: (shapes.BILL, bank.find_bill(**a)),
    "payees": lambda bank, _, a: (shapes.PAYEES, bank.payees(**a)),
    "check_transfer": lambda bank, _, a: (shapes.POSTING, bank.check_transfer(**a)),
    "standing_report": lambda bank, _, a: (shapes.REPORT_OR_NONE, _standing_report(bank, **a)),
    "outcome": lambda bank, _, a: (shapes.OUTCOME, bank.outcome(**a)),
    "transfer": lambda bank, key, a: (shapes.POSTING, bank.transfer(key, **a)),
    "pay_bill": lambda bank, key, a: (shapes.POSTING, bank.pay_bill(key, **{**a, "bill": Bill(**a["bill"])})),
    "report_loss": lambda bank, key, a: (shapes.LOSS, bank.report_loss(key, **{**a, "until": _moment(a["until"])})),
    "set_password": _set_password,
    "hold_transfers": _hold_transfers,
}


@dataclass
class CoreServer:
    """The running core. `faults` are taken by the next requests of their names, one each, first come first served."""

    harness: LedgerHarness
    url: str = ""
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    gave_up: Event = field(default_factory=Event)  # set once a line was cut in the middle of an answer
    closing: Event = field(default_factory=Event)

    def fail(self, name: str, *faults: Fault) -> None:
        """Let the next requests of a name meet these faults, in this order; "" is a good answer."""
        self.faults.setdefault(name, []).extend(faults)

    def answer(self, name: str, key: str, arguments: dict[str, Any]) -> tuple[int, bytes]:
        """Status and body of one request."""
        try:
            shape, answer = self.harness.ask(lambda bank: HANDLERS[name](_ledger(bank), key, _of_the_port(arguments)))
        except LookupError:
            return 404, b'{"error": "unknown"}'
        except IdempotencyConflict:
            return 409, b'{"error": "conflict"}'
        return 200, shape.dump_json(answer)


def _ledger(bank: object) -> LedgerBank:
    assert isinstance(bank, LedgerBank)
    return bank


class Listener(ThreadingHTTPServer):
    """Where the core is asked, on an ephemeral port."""

    def __init__(self, core: CoreServer) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.core = core


class Request(BaseHTTPRequestHandler):
    """One request: answered, or met by the fault that waits for its name."""

    server: Listener

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = self.path.removeprefix("/v1/")
        self.server.core.asked.append(name)
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.reply(401, b"{}")
            return
        waiting = self.server.core.faults.get(name) or [""]
        self.meet(waiting.pop(0), name, body)

    def meet(self, fault: Fault, name: str, body: dict[str, Any]) -> None:
        """Answer as the fault would have it; "" answers well."""
        if fault in UNDONE:
            self.reply(*UNDONE[fault])
            return
        status, answer = self.server.core.answer(name, self.headers.get("Idempotency-Key", ""), body)
        if fault == "lost":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault in ("drips_headers", "drips_body", "continues"):
            self.drip(fault, answer)
            return
        if fault == "moved":
            self.send_response(307)
            self.send_header("Location", f"{self.server.core.url}{self.path}")
            self.end_headers()
            return
        if fault == "slow":
            self.server.core.closing.wait(4)
        self.reply(status, b"<html>busy</html>" if fault == "garbage" else answer)

    def drip(self, fault: Fault, answer: bytes) -> None:
        """A good answer, of which the headers, the body or what comes before them takes three seconds."""
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer) + PIECES}\r\n".encode()
        before = {
            "drips_headers": [head, *[f"X-Piece-{number}: 1\r\n".encode() for number in range(PIECES)], b"\r\n"],
            "drips_body": [head, b"\r\n", *[b" "] * PIECES],
            "continues": [*[b"HTTP/1.1 100 Continue\r\n\r\n"] * PIECES, head, b"\r\n"],
        }[fault]
        spaces = b"" if fault == "drips_body" else b" " * PIECES
        try:
            for piece in before:
                self.wfile.write(piece)
                self.server.core.closing.wait(PIECE_SECONDS)
            self.wfile.write(spaces + answer)
        except (BrokenPipeError, ConnectionResetError):
            self.server.core.gave_up.set()
            self.close_connection = True

    def reply(self, status: int, answer: bytes) -> None:
        """Status, length and body."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Tests read `asked` instead."""

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client gave up on a slow answer


@contextmanager
def serve(harness: LedgerHarness) -> Iterator[CoreServer]:
    """Serve a bank until the block ends."""
    core = CoreServer(harness)
    listener = Listener(core)
    core.url = f"http://127.0.0.1:{listener.server_port}"
    thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield core
    finally:
        core.closing.set()
        listener.shutdown()
        listener.server_close()
        thread.join(10)
