"""Which agent gets which caller: pure, so that a stored decision can be made again. Times are epoch seconds.

First who may serve whom now, then the order: callers by their rank, agents by the time since they last served. A
caller's rank is the moment they began to wait, moved back by the seconds that their queue's priority is worth: it
never changes while they wait, so nobody overtakes an equal who waited longer, and a low priority is never starved.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

PRIORITY_SECONDS = 30.0  # a caller of priority 1 stands where one of priority 0 stands who has waited this much longer
SHOWN = 3  # of the agents who were free and came behind


@dataclass(frozen=True, slots=True)
class Requirement:
    """Who may serve: agents with this skill at this level or above, once a caller has waited so many seconds."""

    after_seconds: float
    skill: str
    level: int

    def is_met(self, skills: Mapping[str, int]) -> bool:
        """Whether somebody with these skills may serve."""
        return skills.get(self.skill, 0) >= self.level


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A caller who waits. `preferred` is the agent who served this customer last."""

    id: int
    waiting_since: float
    rank_at: float
    preferred: str | None = None


@dataclass(frozen=True, slots=True)
class FreeAgent:
    """An agent who is ready. `skills`: skill -> level, 1 to 5. `idle_since`: when they last served somebody."""

    id: str
    skills: Mapping[str, int]
    idle_since: float


@dataclass(frozen=True, slots=True)
class Line:
    """The callers of one queue who have waited long enough for the same requirements, in the order of their ranks.

    `preferred_seconds`: how long the queue keeps a caller for the agent who served them last.
    """

    queue: str
    requirements: tuple[Requirement, ...]
    calls: Sequence[WaitingCall]
    preferred_seconds: float = 20.0

    def served_by(self, skills: Mapping[str, int]) -> Requirement | None:
        """The first requirement that these skills meet; None where they may not serve."""
        return next((each for each in self.requirements if each.is_met(skills)), None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a round of decisions looks at. `signed_in`: the skills of those who could be waited for, busy ones too."""

    now: float
    lines: Sequence[Line]
    agents: Sequence[FreeAgent]
    signed_in: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Behind:
    """An agent who was free and was not chosen, and the rule that put them behind."""

    agent: str
    rule: str


@dataclass(frozen=True, slots=True)
class Decision:
    """This caller goes to this agent. `rule`: preferred or longest_idle. `met`: the requirement that let them."""

    call: WaitingCall
    agent: FreeAgent
    line: Line
    rule: str
    met: Requirement
    behind: tuple[Behind, ...] = ()

    @property
    def queue(self) -> str:
        """The queue in which the caller waits."""
        return self.line.queue


@dataclass(slots=True)
class _Pool:
    """The free agents, each once; those who meet a requirement are listed when it is first asked for."""

    agents: Sequence[FreeAgent]
    taken: set[str] = field(default_factory=set)
    _lists: dict[tuple[str, int], list[FreeAgent]] = field(default_factory=dict)
    _starts: dict[tuple[str, int], int] = field(default_factory=dict)
    _by_id: dict[str, FreeAgent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.agents = sorted(self.agents, key=lambda agent: (agent.idle_since, agent.id))
        self._by_id = {agent.id: agent for agent in self.agents}

    def free(self, agent_id: str | None) -> FreeAgent | None:
        """An agent, while nobody has taken them."""
        return None if agent_id is None or agent_id in self.taken else self._by_id.get(agent_id)

    def first(self, requirement: Requirement) -> FreeAgent | None:
        """The agent who meets a requirement and has been idle longest."""
        return next(self.meeting(requirement), None)

    def meeting(self, requirement: Requirement) -> Iterator[FreeAgent]:
        """The agents who meet a requirement, the longest idle first."""
        key = requirement.skill, requirement.level
        listed = self._lists.get(key)
        if listed is None:
            listed = self._lists[key] = [agent for agent in self.agents if requirement.is_met(agent.skills)]
        start = self._starts.get(key, 0)
        while start < len(listed) and listed[start].id in self.taken:
            start += 1
        self._starts[key] = start
        return (agent for agent in _from(listed, start) if agent.id not in self.taken)


def _from(listed: Sequence[FreeAgent], start: int) -> Iterator[FreeAgent]:
    for place in range(start, len(listed)):
        yield listed[place]


def match(snapshot: Snapshot) -> Iterator[Decision]:
    """Every pair of this moment, the caller of the best rank first; what is decided first is taken for the next."""
    pool = _Pool(snapshot.agents)
    heads = [
        (line.calls[0].rank_at, line.calls[0].id, number, 0) for number, line in enumerate(snapshot.lines) if line.calls
    ]
    heapq.heapify(heads)
    while heads and len(pool.taken) < len(pool.agents):
        _, _, number, place = heapq.heappop(heads)
        line = snapshot.lines[number]
        call = line.calls[place]
        decision = _decide(snapshot, pool, line, call)
        if decision is not None:
            pool.taken.add(decision.agent.id)
            yield decision
        elif all(pool.first(each) is None for each in line.requirements):
            continue  # nobody is free for this line any more
        if place + 1 < len(line.calls):
            following = line.calls[place + 1]
            heapq.heappush(heads, (following.rank_at, following.id, number, place + 1))


def _decide(snapshot: Snapshot, pool: _Pool, line: Line, call: WaitingCall) -> Decision | None:
    """Who serves this caller; None where nobody may, or where the caller is kept for an agent who is busy."""
    if (met := _kept(snapshot, line, call)) is not None:
        agent = pool.free(call.preferred)
        if agent is None:
            return None
        behind = tuple(Behind(each.id, "not_preferred") for each in _next(pool, line, agent))
        return Decision(call, agent, line, "preferred", met, behind)
    found = [(agent, each) for each in line.requirements if (agent := pool.first(each)) is not None]
    if not found:
        return None
    agent, met = min(found, key=lambda pair: (pair[0].idle_since, pair[0].id))
    behind = tuple(Behind(each.id, "idle_for_less_time") for each in _next(pool, line, agent))
    return Decision(call, agent, line, "longest_idle", met, behind)


def _kept(snapshot: Snapshot, line: Line, call: WaitingCall) -> Requirement | None:
    """By what the preferred agent would serve; None where a caller is kept for nobody, or no longer."""
    if call.preferred is None or snapshot.now - call.waiting_since >= line.preferred_seconds:
        return None
    skills = snapshot.signed_in.get(call.preferred)
    return None if skills is None else line.served_by(skills)


def _next(pool: _Pool, line: Line, chosen: FreeAgent) -> Sequence[FreeAgent]:
    """The agents who would have served, had the chosen one not been there."""
    found: dict[str, FreeAgent] = {}
    for requirement in line.requirements:
        others = (agent for agent in pool.meeting(requirement) if agent is not chosen)
        found.update((agent.id, agent) for agent in islice(others, SHOWN))
    return sorted(found.values(), key=lambda agent: (agent.idle_since, agent.id))[:SHOWN]


def rank_at(waiting_since: float, priority: int) -> float:
    """Where a caller stands among all who wait; the smallest is served first."""
    return waiting_since - priority * PRIORITY_SECONDS
