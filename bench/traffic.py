"""Load generator on raw sockets: as fast as possible, or at human pace. Every answer is checked."""

import heapq
import random
import select
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.calls import Request

SILENT_SECONDS = 30.0
PACED_CONNECTIONS = 24


@dataclass
class Outcome:
    """The result of a run of traffic; latencies in milliseconds."""

    turns: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    by_turn: dict[int, list[float]] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Turns per second."""
        return self.turns / self.seconds

    def percentile(self, share: float) -> float:
        """The latency percentile of this share, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Call:
    """One call and its position in its plan."""

    __slots__ = ("due", "number", "place", "plan", "sid", "waits")

    def __init__(self, plan: Sequence[Request], chance: random.Random, waits: bool, number: str = "") -> None:
        self.plan, self.waits = plan, waits
        self.sid = f"CA{chance.getrandbits(128):032x}"
        self.number = number or f"861{chance.choice('3589')}{chance.randrange(10**9):09d}"
        self.place, self.due = 0, 0.0

    def request(self) -> bytes:
        """The request of its next turn."""
        return self.plan[self.place].render(self.sid, self.number)


class Connection:
    """One keep-alive connection, and the call whose turn it carries."""

    __slots__ = ("buffer", "call", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SILENT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.call: Call | None = None

    def receive(self) -> tuple[int, bytes] | None:
        """(status, body) once the answer is complete, else None."""
        self.buffer += self.socket.recv(65536)
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not self.buffer:
            raise ConnectionError("the server hung up")
        if not found:
            return None
        lowered = head.lower()
        start = lowered.index(b"content-length:") + 15
        end = lowered.find(b"\r\n", start)
        length = int(lowered[start : end if end > 0 else None])
        if len(body) < length:
            return None
        self.buffer = body[length:]
        return int(head[9:12]), body[:length]


class Traffic:
    """Runs calls against one server. `seed` determines numbers and pauses."""

    def __init__(self, port: int, seed: int) -> None:
        self.port = port
        self.chance = random.Random(seed)
        self._poll = select.epoll()
        self._connections: dict[int, Connection] = {}
        self._outcomes: dict[bool, Outcome] = {}
        self._from = 0.0

    def __enter__(self) -> "Traffic":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections.values():
            connection.socket.close()
        self._poll.close()

    def _open(self) -> Connection:
        connection = Connection(self.port)
        self._connections[connection.socket.fileno()] = connection
        self._poll.register(connection.socket.fileno(), select.EPOLLIN)
        return connection

    def _send(self, connection: Connection, call: Call) -> None:
        connection.call = call
        connection.socket.sendall(call.request())

    def _answered(self, connection: Connection) -> Call | None:
        """Read; the call whose turn is complete, or None."""
        answer, call = connection.receive(), connection.call
        if answer is None or call is None:
            return None
        now = time.perf_counter()
        outcome, request = self._outcomes[call.waits], call.plan[call.place]
        if answer[0] != 200 or not request.is_right(answer[1]):
            text = answer[1].decode(errors="replace")[:300]
            outcome.errors.append(f"turn {call.place} of {call.sid}: {answer[0]} {text}")
        elif call.due >= self._from:
            outcome.turns += 1
            took = (now - call.due) * 1000
            outcome.latencies.append(took)
            outcome.by_turn.setdefault(call.place, []).append(took)
        call.place += 1
        connection.call = None
        return call

    def saturate(self, plan: Sequence[Request], connections: int, seconds: float, number: str = "") -> Outcome:
        """Run callers who answer at once, one per connection, for so many seconds."""
        outcome = self._outcomes[False] = Outcome()
        began = self._from = time.perf_counter()
        for connection in [self._open() for _ in range(connections)]:
            self._start(connection, Call(plan, self.chance, False, number))
        while time.perf_counter() - began < seconds and len(outcome.errors) < 10:
            for connection, call in self._finished(SILENT_SECONDS):
                self._start(connection, call)
        outcome.seconds = time.perf_counter() - began
        return outcome

    def _start(self, connection: Connection, call: Call) -> None:
        call.due = time.perf_counter()
        self._send(connection, call)

    def pace(
        self, plan: Sequence[Request], calls: int, pause: float, seconds: float, hasty: Sequence[Request] = (),
        hasty_number: str = "",
    ) -> tuple[Outcome, Outcome]:  # fmt: skip
        """Run `calls` callers who pause `pause` seconds on average, and one caller who never pauses.

        A turn's latency counts from when its caller was ready, including the wait for a free connection.
        """
        patient, hurried = Outcome(seconds=seconds), Outcome(seconds=seconds)
        self._outcomes = {True: patient, False: hurried}
        began = time.perf_counter()
        self._from, until = began + pause, began + pause + seconds
        free = [self._open() for _ in range(PACED_CONNECTIONS)]
        thinking, ready = Thinking(), deque[Call]()
        for _ in range(calls):
            thinking.add(began + self.chance.random() * pause, Call(plan, self.chance, True))
        if hasty:
            self._start(self._open(), Call(hasty, self.chance, False, hasty_number))
        while (now := time.perf_counter()) < until and len(patient.errors) + len(hurried.errors) < 10:
            ready.extend(thinking.done(now))
            while ready and free:
                self._send(free.pop(), ready.popleft())
            for connection, call in self._finished(min(0.5, max(0.0, thinking.next_due - time.perf_counter()))):
                if not call.waits:
                    self._start(connection, call)
                    continue
                free.append(connection)
                thinking.add(time.perf_counter() + pause * (0.5 + self.chance.random()), call)
        return patient, hurried

    def _finished(self, wait: float) -> Iterator[tuple[Connection, Call]]:
        """The connections whose turn is answered within `wait` seconds, each with its call."""
        for descriptor, _ in self._poll.poll(wait):
            connection = self._connections[descriptor]
            call = self._answered(connection)
            if call is None:
                continue
            if call.place == len(call.plan):
                call = Call(call.plan, self.chance, call.waits, "" if call.waits else call.number)
            yield connection, call


class Thinking:
    """Callers between turns, ordered by the time of their next turn."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Call]] = []
        self._count = 0

    @property
    def next_due(self) -> float:
        """When the next caller is ready; infinity without callers."""
        return self._heap[0][0] if self._heap else float("inf")

    def add(self, due: float, call: Call) -> None:
        """Add a caller who will be ready at `due`."""
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, call))

    def done(self, now: float) -> Iterator[Call]:
        """Remove and return the callers who are ready, in order."""
        while self.next_due <= now:
            due, _, call = heapq.heappop(self._heap)
            call.due = due
            yield call
