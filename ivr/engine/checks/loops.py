"""Loops: flows that run themselves, and circles of steps in which nobody is ever asked anything."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.findings import Finding
from ivr.engine.telling import Exit, Place
from ivr.foundation.messages import message


def check(bundle: Bundle) -> Iterator[Finding]:
    """Recursion of subflows, and loops that never wait."""
    yield from _recursion(bundle)
    yield from _never_waits(bundle)


def _recursion(bundle: Bundle) -> Iterator[Finding]:
    runs = {name: _runs(bundle, name) for name in bundle.flows}
    for circle in circles({name: tuple(called) for name, called in runs.items()}):
        step = runs[circle[0]][circle[1 % len(circle)]]
        way = " -> ".join((*circle, circle[0]))
        yield finding(
            bundle, step, "recursion", message("the flow runs itself: {way}", way=way),
            message("Callers would go deeper until the call passes its limit"),
            message("use go: instead of call: to start over"),
        )  # fmt: skip


def _runs(bundle: Bundle, name: str) -> dict[str, Step]:
    """The flows that a flow runs, each with the first step that does."""
    found: dict[str, Step] = {}
    for step in bundle.flows[name].steps.values():
        for flow in graph.subflows(bundle, step):
            found.setdefault(flow, step)
    return found


def _never_waits(bundle: Bundle) -> Iterator[Finding]:
    quiet = Quiet(bundle)
    steps = {(step.flow, step.name): step for step in graph.every_step(bundle)}
    for circle in circles({place: quiet.onward(step) for place, step in steps.items()}):
        step = min((steps[place] for place in circle), key=lambda each: (each.flow, each.line, each.column))
        turn = circle.index((step.flow, step.name))
        names = [f"{flow}.{name}" for flow, name in (*circle[turn:], *circle[: turn + 1])]
        yield finding(
            bundle, step, "loop",
            message("a circle of steps in which nobody is asked anything: {words}", words=" -> ".join(names)),
            message("Callers would hear the same over and over until the call passes its limit"),
            message("put a question between, or lead one of the steps elsewhere"),
        )  # fmt: skip


class Quiet:
    """What happens within one turn: the exits that are taken without waiting for the caller."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._words: dict[str, frozenset[str]] = {}
        self._returned: dict[str, frozenset[str]] = {}

    def onward(self, step: Step) -> tuple[Place, ...]:
        """The places reached from a step without waiting."""
        ways = [way.place for way in self.exits(step) if way.place is not None]
        return (*ways, *(graph.start_of(self.bundle, flow) for flow in graph.subflows(self.bundle, step)))

    def exits(self, step: Step) -> Iterator[Exit]:
        """As the step says; where it runs a flow, as quiet as the flow came back with the words that lead there."""
        node, flow = step.node, step.node.runs(self.bundle.authenticate)
        returned = self._can_return(flow) if flow is not None else frozenset()
        for way in graph.exits(self.bundle, step):
            if node.quiet(way.label) or (flow and self.words(flow) & node.words_for(way.label, returned)):
                yield way

    def _can_return(self, flow: str) -> frozenset[str]:
        if flow not in self._returned:
            self._returned[flow] = graph.returned_words(self.bundle, flow)
        return self._returned[flow]

    def words(self, flow: str) -> frozenset[str]:
        """What a subflow can come back with before it asked anything."""
        if flow not in self._words:
            self._words[flow] = frozenset()  # where flows run each other, recursion is the finding
            self._words[flow] = frozenset(self._walk(flow))
        return self._words[flow]

    def _walk(self, flow: str) -> Iterator[str]:
        begin = graph.start_of(self.bundle, flow)
        seen, todo = {begin}, [begin]
        while todo:
            for way in self.exits(graph.step_at(self.bundle, todo.pop())):
                if way.target.command == "return":
                    yield way.target.outcome or "done"
                elif way.place is not None and way.place[0] == flow and way.place not in seen:
                    seen.add(way.place)
                    todo.append(way.place)


K = TypeVar("K")


def circles(edges: Mapping[K, tuple[K, ...]]) -> Iterator[tuple[K, ...]]:
    """Circles, until every place that stands in one stands in one that was found; none is found twice."""
    told: set[K] = set()
    for begin in edges:
        circle = () if begin in told else _circle(edges, begin)
        if circle:
            told.update(circle)
            yield circle


def _circle(edges: Mapping[K, tuple[K, ...]], begin: K) -> tuple[K, ...]:
    """The shortest way from a place back to itself; empty when there is none."""
    came: dict[K, K] = {}
    todo = [begin]
    for place in todo:  # grows while it is walked: breadth first
        for after in edges.get(place, ()):
            if after == begin:
                return _way_back(came, begin, place)
            if after not in came:
                came[after] = place
                todo.append(after)
    return ()


def _way_back(came: Mapping[K, K], begin: K, last: K) -> tuple[K, ...]:
    way = [last]
    while way[-1] != begin:
        way.append(came[way[-1]])
    return tuple(reversed(way))
