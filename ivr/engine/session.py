"""Everything a call remembers between two turns: small, plain, and equal after a reload."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ivr.engine.events import Grant
from ivr.engine.values import Secret

HISTORY = 8
PATH = 16


@dataclass(slots=True)
class Frame:
    """One flow on the stack: where it stands, its variables, and the misses at this step."""

    flow: str
    step: str
    variables: dict[str, Any] = field(default_factory=dict)
    no_input: int = 0
    no_match: int = 0
    page: int = 0

    def copy(self) -> "Frame":
        """A frame whose changes stay its own."""
        return Frame(self.flow, self.step, dict(self.variables), self.no_input, self.no_match, self.page)


@dataclass(slots=True)
class Session:
    """One call. `turn` counts webhooks answered, `visit` counts steps entered, `over` turns past the call's limits.

    `seen` is the latest time the call has known, and `ahead` by how many seconds its time runs ahead of a clock that
    was set back: in one call time never goes back, or what was proven for minutes would last for hours.
    """

    call: str
    bundle: str
    language: str
    started: float
    caller: str | None = None
    address: str = ""  # of a caller without a number: see `CallStarted`
    turn: int = 0
    visit: int = 0
    misses: int = 0
    frames: list[Frame] = field(default_factory=list)
    grants: dict[str, Grant] = field(default_factory=dict)
    customer: str | None = None
    intent: str = ""
    path: list[str] = field(default_factory=list)
    history: list[tuple[int, str, str]] = field(default_factory=list)  # (depth, flow, step)
    ended: bool = False
    over: int = 0
    seen: float = 0.0
    ahead: float = 0.0
    steps: int = field(default=0, compare=False)  # steps of the present turn, over all its services; not stored

    def copy(self) -> "Session":
        """A session whose changes stay its own."""
        return Session(
            self.call, self.bundle, self.language, self.started, self.caller, self.address, self.turn,
            self.visit, self.misses, [frame.copy() for frame in self.frames], dict(self.grants), self.customer,
            self.intent, list(self.path), list(self.history), self.ended, self.over, self.seen, self.ahead, self.steps,
        )  # fmt: skip

    def tell_time(self, clock: datetime) -> datetime:
        """The time of this call when a clock says this; a clock that was set back is followed from here on."""
        at = clock.timestamp() + self.ahead
        if at < self.seen:
            self.ahead += self.seen - at
        self.seen = max(self.seen, at)
        return datetime.fromtimestamp(self.seen, UTC) if self.ahead else clock

    def drop_once(self) -> None:
        """Forget what was proven for one use."""
        self.grants = {name: grant for name, grant in self.grants.items() if not grant.once}

    def holds(self, name: str, at: float) -> bool:
        """True while the caller has proven `name` and the proof has not run out; "identity" is being known."""
        if name == "identity":
            return self.customer is not None
        grant = self.grants.get(name)
        return grant is not None and (grant.until is None or at < grant.until)


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return {"*": value.reveal()}
    raise TypeError(f"a session cannot hold a {type(value).__name__}")


def _revive(value: dict[str, Any]) -> Any:
    return Secret(value["*"]) if len(value) == 1 and "*" in value else value


_ENCODER = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(object_hook=_revive)


def dump(session: Session) -> bytes:
    """Compact JSON. It may hold secrets between two turns, so whoever stores it seals it."""
    frames = [[f.flow, f.step, f.variables, f.no_input, f.no_match, f.page] for f in session.frames]
    grants = [[g.name, g.until, g.once] for g in session.grants.values()]
    return _ENCODER.encode([
        session.call, session.bundle, session.language, session.started, session.caller, session.address, session.turn,
        session.visit, session.misses, frames, grants, session.customer, session.intent, session.path, session.history,
        session.ended, session.over, session.seen, session.ahead,
    ]).encode()  # fmt: skip


def load(state: bytes) -> Session:
    """The session that `dump` wrote."""
    (call, bundle, language, started, caller, address, turn, visit, misses, frames, grants, customer, intent, path,
     history, ended, over, seen, ahead) = _DECODER.decode(state.decode())  # fmt: skip
    return Session(
        call, bundle, language, started, caller, address, turn, visit, misses,
        [Frame(*frame) for frame in frames], {name: Grant(name, until, once) for name, until, once in grants},
        customer, intent, path, [(depth, flow, step) for depth, flow, step in history], ended,
        over, seen, ahead,
    )  # fmt: skip
