"""The state of a call between two turns: small, plain data, equal after a reload."""

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
    """One flow on the call's stack: its current step, its variables, and the misses at this step.

    `refused` counts, for each question, the well-formed answers that a service refused. The count stays when the call
    returns to the question.
    """

    flow: str
    step: str
    variables: dict[str, Any] = field(default_factory=dict)
    no_input: int = 0
    no_match: int = 0
    page: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Frame":
        """An independent copy."""
        return Frame(
            self.flow, self.step, dict(self.variables), self.no_input, self.no_match, self.page, dict(self.refused)
        )

    def arrive(self, step: str) -> None:
        """Enter a step: miss counters restart, but answers refused here before still count."""
        self.step, self.no_input, self.no_match, self.page = step, 0, self.refused.get(step, 0), 0


@dataclass(slots=True)
class Session:
    """The state of one call. `turn` counts answered webhooks, `visit` counts entered steps.

    `identified_by` holds the last digits of the card that identified the customer; it is empty after identification by
    identity card. `latest_timestamp` is the latest time of the call, and `clock_lead_seconds` how far the call's time
    is ahead of a clock that was set back: within a call time never goes back, otherwise a grant for minutes could last
    for hours. `turns_past_limit` counts the turns after the call passed its limits.

    These tell a stray key from an answer (ivr/engine/phases.py, ivr/engine/runtime/stray_keys.py), in epoch seconds:
    `asked_timestamp` is when the current document was served, `entry_timestamp` when keys ended the entry before this
    question automatically (0.0: they did not), `entry_seconds` how long that entry took, and `phase` the phase of a
    confirm step.
    """

    call_id: str
    bundle_hash: str
    language: str
    started_timestamp: float
    caller: str | None = None
    address: str = ""  # for a caller without a number: see `CallStarted`
    turn: int = 0
    visit: int = 0
    misses: int = 0
    frames: list[Frame] = field(default_factory=list)
    grants: dict[str, Grant] = field(default_factory=dict)
    customer_id: str | None = None
    intent: str = ""
    path: list[str] = field(default_factory=list)
    history: list[tuple[int, str, str]] = field(default_factory=list)  # (depth, flow, step)
    ended: bool = False
    turns_past_limit: int = 0
    latest_timestamp: float = 0.0
    clock_lead_seconds: float = 0.0
    identified_by: str = ""
    asked_timestamp: float = 0.0
    entry_timestamp: float = 0.0
    entry_seconds: float = 0.0
    phase: str = ""
    queued: list[Frame] = field(default_factory=list)  # stack at the start of the wait, while the caller is in a queue
    left: list[Frame] = field(default_factory=list)  # stack when the self-service was left for an agent
    with_agent: bool = False  # the caller is in the self-service while an agent waits
    steps: int = field(default=0, compare=False)  # steps of the current turn, over all its service calls; not stored

    def copy(self) -> "Session":
        """An independent copy."""
        made = Session(*_ALL(self))
        made.frames = [frame.copy() for frame in self.frames]
        made.queued = [frame.copy() for frame in self.queued]
        made.left = [frame.copy() for frame in self.left]
        made.grants, made.path, made.history = dict(self.grants), list(self.path), list(self.history)
        return made

    def call_time(self, clock: datetime) -> datetime:
        """The time of this call at a clock reading. If the clock was set back, the call's time stays ahead of it."""
        at = clock.timestamp() + self.clock_lead_seconds
        if at < self.latest_timestamp:
            self.clock_lead_seconds += self.latest_timestamp - at
        self.latest_timestamp = max(self.latest_timestamp, at)
        return datetime.fromtimestamp(self.latest_timestamp, UTC) if self.clock_lead_seconds else clock

    def served(self, clock: datetime) -> None:
        """The response of this turn was sent at this time; the delay of the answer is measured from here."""
        self.asked_timestamp = self.call_time(clock).timestamp()

    def drop_single_use_grants(self) -> None:
        """Remove the grants that are valid for one use."""
        self.grants = {name: grant for name, grant in self.grants.items() if not grant.single_use}

    def replace_frames(self, frames: list[Frame]) -> None:
        """Replace the stack. A confirmation bound to a removed frame is removed with it."""
        grant = self.grants.get("confirmation")
        depth = grant.read_back.depth if grant is not None and grant.read_back is not None else 0
        if depth and not (depth <= len(frames) and frames[depth - 1] is self.frames[depth - 1]):
            del self.grants["confirmation"]
        self.frames = frames

    def is_proven(self, name: str, at: float) -> bool:
        """True while the caller has proven `name` and the grant has not expired. "identity" means that the customer is
        known.
        """
        if name == "identity":
            return self.customer_id is not None
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
    """Compact JSON. It may hold secrets between two turns, so encrypt it before storing."""
    grants = [[g.name, g.until, g.single_use, _bound(g)] for g in session.grants.values()]
    stacks = [_plain_frames(frames) for frames in (session.frames, session.queued, session.left)]
    return _ENCODER.encode([*stacks, grants, *_VALUES(session)]).encode()


def _bound(grant: Grant) -> list[Any] | None:
    said = grant.read_back
    return None if said is None else [said.values, said.said, said.depth]


def _grant(name: str, until: float | None, once: bool, bound: list[Any] | None) -> Grant:
    said = None if bound is None else ReadBack(bound[0], tuple(bound[1]), bound[2])
    return Grant(name, until, once, said)


def load(state: bytes) -> Session:
    """The session that `dump` serialised."""
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
