"""Finds recursive flows and cycles of steps in which the caller is never asked anything."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.findings import Finding
from ivr.engine.introspection import Exit, StepId
from ivr.foundation.messages import message


def check(bundle: Bundle) -> Iterator[Finding]:
    """Recursive subflows, and cycles that never wait."""
    yield from _recursion(bundle)
    yield from _never_waits(bundle)


def _recursion(bundle: Bundle) -> Iterator[Finding]:
    runs = {name: _runs(bundle, name) for name in bundle.flows}
    for cycle in cycles({name: tuple(called) for name, called in runs.items()}):
        step = runs[cycle[0]][cycle[1 % len(cycle)]]
        way = " -> ".join((*cycle, cycle[0]))
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
    quiet = SilentPaths(bundle)
    steps = {(step.flow, step.name): step for step in graph.every_step(bundle)}
    for cycle in cycles({place: quiet.onward(step) for place, step in steps.items()}):
        step = min((steps[place] for place in cycle), key=lambda each: (each.flow, each.line, each.column))
        turn = cycle.index((step.flow, step.name))
        names = [f"{flow}.{name}" for flow, name in (*cycle[turn:], *cycle[: turn + 1])]
        yield finding(
            bundle, step, "loop",
            message("a cycle of steps in which the caller is not asked anything: {words}", words=" -> ".join(names)),
            message("Callers would hear the same over and over until the call passes its limit"),
            message("put a question between, or lead one of the steps elsewhere"),
        )  # fmt: skip


class SilentPaths:
    """What happens within one turn: the exits that are taken without waiting for the caller."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._words: dict[str, frozenset[str]] = {}
        self._returned: dict[str, frozenset[str]] = {}

    def onward(self, step: Step) -> tuple[StepId, ...]:
        """The steps that follow a step without waiting."""
        ways = [way.step_id for way in self.exits(step) if way.step_id is not None]
        return (*ways, *(graph.start_of(self.bundle, flow) for flow in graph.subflows(self.bundle, step)))

    def exits(self, step: Step) -> Iterator[Exit]:
        """The silent exits of a step. Where it runs a flow: those for words that the flow can return silently."""
        node, flow = step.node, step.node.subflow(self.bundle.authenticate)
        returned = self._can_return(flow) if flow is not None else frozenset()
        for way in graph.exits(self.bundle, step):
            if node.is_silent_exit(way.label) or (flow and self.words(flow) & node.return_words(way.label, returned)):
                yield way

    def _can_return(self, flow: str) -> frozenset[str]:
        if flow not in self._returned:
            self._returned[flow] = graph.returned_words(self.bundle, flow)
        return self._returned[flow]

    def words(self, flow: str) -> frozenset[str]:
        """The words that a subflow can return before it asks anything."""
        if flow not in self._words:
            self._words[flow] = frozenset()  # recursive flows are a separate finding
            self._words[flow] = frozenset(self._walk(flow))
        return self._words[flow]

    def _walk(self, flow: str) -> Iterator[str]:
        begin = graph.start_of(self.bundle, flow)
        seen, todo = {begin}, [begin]
        while todo:
            for way in self.exits(graph.step_at(self.bundle, todo.pop())):
                if way.target.command == "return":
                    yield way.target.outcome or "done"
                elif way.step_id is not None and way.step_id[0] == flow and way.step_id not in seen:
                    seen.add(way.step_id)
                    todo.append(way.step_id)


K = TypeVar("K")


def cycles(edges: Mapping[K, tuple[K, ...]]) -> Iterator[tuple[K, ...]]:
    """Cycles that together contain every node of a cycle; none is returned twice."""
    reported: set[K] = set()
    for begin in edges:
        cycle = () if begin in reported else _shortest_cycle(edges, begin)
        if cycle:
            reported.update(cycle)
            yield cycle


def _shortest_cycle(edges: Mapping[K, tuple[K, ...]], begin: K) -> tuple[K, ...]:
    """The shortest path from a node back to itself; empty when there is none."""
    reached_from: dict[K, K] = {}
    todo = [begin]
    for place in todo:  # the list grows during iteration: breadth first
        for after in edges.get(place, ()):
            if after == begin:
                return _path_back(reached_from, begin, place)
            if after not in reached_from:
                reached_from[after] = place
                todo.append(after)
    return ()


def _path_back(reached_from: Mapping[K, K], begin: K, last: K) -> tuple[K, ...]:
    way = [last]
    while way[-1] != begin:
        way.append(reached_from[way[-1]])
    return tuple(reversed(way))
