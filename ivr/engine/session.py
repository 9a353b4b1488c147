"""Everything a call remembers between two turns: small, plain, and equal after a reload."""

import json
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from ivr.engine.events import Grant, ReadBack
from ivr.engine.values import Secret

HISTORY = 8
PATH = 16


@dataclass(slots=True)
class Frame:
    """One flow on the stack: where it stands, its variables, and the misses at this step.

    `refused` counts, for each question, the well-formed answers that a service refused; coming back keeps them.
    """

    flow: str
    step: str
    variables: dict[str, Any] = field(default_factory=dict)
    no_input: int = 0
    no_match: int = 0
    page: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Frame":
        """A frame whose changes stay its own."""
        return Frame(
            self.flow, self.step, dict(self.variables), self.no_input, self.no_match, self.page, dict(self.refused)
        )

    def arrive(self, step: str) -> None:
        """Come to a step: misses count from nothing, but for the answers that were refused there before."""
        self.step, self.no_input, self.no_match, self.page = step, 0, self.refused.get(step, 0), 0


@dataclass(slots=True)
class Session:
    """One call. `turn` counts webhooks answered, `visit` counts steps entered, `over` turns past the call's limits.

    `identified_by` are the last digits of the card that named the customer, empty where an identity card did.
    `seen` is the latest time the call has known, and `ahead` by how many seconds its time runs ahead of a clock that
    was set back: in one call time never goes back, or what was proven for minutes would last for hours.

    What tells a stray key from an answer (ivr/engine/phases.py, ivr/engine/runtime/stray.py), in epoch seconds:
    `asked` is when the document was served that is answered next, `whole` when keys ended the entry before this
    question by themselves (0.0: they did not), `took` how many seconds that entry took, and `phase` how far a confirm
    has come.
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
    identified_by: str = ""
    asked: float = 0.0
    whole: float = 0.0
    took: float = 0.0
    phase: str = ""
    queued: list[Frame] = field(default_factory=list)  # where the wait began, while the caller stands in a queue
    left: list[Frame] = field(default_factory=list)  # where the self-service was left for a person
    with_agent: bool = False  # an agent waits for this caller, who is in the self-service for a moment
    steps: int = field(default=0, compare=False)  # steps of the present turn, over all its services; not stored

    def copy(self) -> "Session":
        """A session whose changes stay its own."""
        made = Session(*_ALL(self))
        made.frames = [frame.copy() for frame in self.frames]
        made.queued = [frame.copy() for frame in self.queued]
        made.left = [frame.copy() for frame in self.left]
        made.grants, made.path, made.history = dict(self.grants), list(self.path), list(self.history)
        return made

    def tell_time(self, clock: datetime) -> datetime:
        """The time of this call when a clock says this; a clock that was set back is followed from here on."""
        at = clock.timestamp() + self.ahead
        if at < self.seen:
            self.ahead += self.seen - at
        self.seen = max(self.seen, at)
        return datetime.fromtimestamp(self.seen, UTC) if self.ahead else clock

    def served(self, clock: datetime) -> None:
        """What this turn says has left at this moment: how soon an answer comes is counted from here."""
        self.asked = self.tell_time(clock).timestamp()

    def drop_once(self) -> None:
        """Forget what was proven for one use."""
        self.grants = {name: grant for name, grant in self.grants.items() if not grant.once}

    def stand_on(self, frames: list[Frame]) -> None:
        """Leave the frames that are not among these; a yes to what one of them held is dropped with it."""
        grant = self.grants.get("confirmation")
        depth = grant.read_back.depth if grant is not None and grant.read_back is not None else 0
        if depth and not (depth <= len(frames) and frames[depth - 1] is self.frames[depth - 1]):
            del self.grants["confirmation"]
        self.frames = frames

    def holds(self, name: str, at: float) -> bool:
        """True while the caller has proven `name` and the proof has not run out; "identity" is being known."""
        if name == "identity":
            return self.customer is not None
        grant = self.grants.get(name)
        return grant is not None and (grant.until is None or at < grant.until)


def _plain_frames(frames: list[Frame]) -> list[list[Any]]:
    return [[f.flow, f.step, f.variables, f.no_input, f.no_match, f.page, f.refused] for f in frames]


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return {"*": value.reveal()}
    raise TypeError(f"a session cannot hold a {type(value).__name__}")


def _revive(value: dict[str, Any]) -> Any:
    return Secret(value["*"]) if len(value) == 1 and "*" in value else value


_BUILT = frozenset({"frames", "queued", "left", "grants", "path", "history", "steps"})
_PLAIN = tuple(each.name for each in fields(Session) if each.name not in _BUILT)
_ALL = attrgetter(*(each.name for each in fields(Session)))
_VALUES = attrgetter(*_PLAIN, "path", "history")
_ENCODER = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":"), check_circular=False)
_DECODER = json.JSONDecoder(object_hook=_revive)


def dump(session: Session) -> bytes:
    """Compact JSON. It may hold secrets between two turns, so whoever stores it seals it."""
    grants = [[g.name, g.until, g.once, _bound(g)] for g in session.grants.values()]
    stacks = [_plain_frames(frames) for frames in (session.frames, session.queued, session.left)]
    return _ENCODER.encode([*stacks, grants, *_VALUES(session)]).encode()


def _bound(grant: Grant) -> list[Any] | None:
    said = grant.read_back
    return None if said is None else [said.values, said.said, said.depth]


def _grant(name: str, until: float | None, once: bool, bound: list[Any] | None) -> Grant:
    said = None if bound is None else ReadBack(bound[0], tuple(bound[1]), bound[2])
    return Grant(name, until, once, said)


def load(state: bytes) -> Session:
    """The session that `dump` wrote."""
    frames, queued, left, grants, *plain, path, history = _DECODER.decode(state.decode())
    return Session(
        **dict(zip(_PLAIN, plain, strict=True)),
        frames=[Frame(*frame) for frame in frames],
        queued=[Frame(*frame) for frame in queued],
        left=[Frame(*frame) for frame in left],
        grants={grant[0]: _grant(*grant) for grant in grants},
        path=path,
        history=[(depth, flow, step) for depth, flow, step in history],
    )
