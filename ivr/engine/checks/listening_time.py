"""Shortest paths through the flows, weighted by the seconds of speech that a caller hears before acting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.key_mentions import mentions
from ivr.engine.introspection import NOTHING, SENTENCE, WHOLE, Exit, StepId
from ivr.engine.references import Target
from ivr.engine.speech.timing import TimedPrompt, timed_prompt
from ivr.engine.speech.verbalization.rules import VERBALIZATION_RULES

FlowStack = tuple[StepId, ...]  # current step of each flow on the stack, the innermost last


@dataclass(frozen=True, slots=True)
class ListeningTime:
    """Shortest paths in one language, weighted by the seconds that are heard."""

    bundle: Bundle
    language: str

    def walk(self) -> dict[FlowStack, float]:
        """Seconds of speech before each reachable step, by the stack of flows at that point (Dijkstra's algorithm)."""
        begin: FlowStack = ((self.bundle.entry.flow, self.bundle.entry.step),)
        reached: dict[FlowStack, float] = {}
        todo = [(0.0, begin)]
        while todo:
            passed, stack = heappop(todo)
            if stack in reached:
                continue
            reached[stack] = passed
            for more, onward in self._onward(stack):
                if onward not in reached:
                    heappush(todo, (passed + more, onward))
        return reached

    def agent(self, reached: Mapping[FlowStack, float]) -> float | None:
        """Seconds until a key that leads to the exit is named."""
        found = []
        for stack, passed in reached.items():
            step = graph.step_at(self.bundle, stack[-1])
            for key, target in step.keys.items() if step.node.asks else ():
                if (target.flow, target.step) == (self.bundle.exit.flow, self.bundle.exit.step):
                    named = self._named(step, key)
                    found += [passed + named] if named is not None else []
        return min(found, default=None)

    def amount(self, reached: Mapping[FlowStack, float], place: str) -> float | None:
        """Seconds until the amount of a step begins, or until the end of the step where it speaks none."""
        at = [passed for stack, passed in reached.items() if ".".join(stack[-1]) == place]
        step = step_named(self.bundle, place)
        if not at or step is None:
            return None
        said = self._said(step)
        return min(at) + (said[0].before("money") + sum(each.seconds for each in said[1:]) if said else 0)

    def first_option(self, step: Step) -> float | None:
        """Seconds until the first key of a question is named."""
        return self._named(step, None)

    # --- one step ------------------------------------------------------------------------------------------------

    def _onward(self, stack: FlowStack) -> Iterator[tuple[float, FlowStack]]:
        step = graph.step_at(self.bundle, stack[-1])
        flow = step.node.subflow(self.bundle.authenticate)
        if flow is not None:
            yield 0.0, (*stack, graph.start_of(self.bundle, flow))
            return
        for way in step.node.exits():
            more = self._heard_before(step, way)
            onward = self._to(stack, way.target)
            if more is not None and onward is not None:
                yield more, onward

    def _heard_before(self, step: Step, way: Exit) -> float | None:
        """Seconds of the step that are heard before this exit; None where the measured caller does not take it."""
        node, contract = step.node, graph.contract_of(self.bundle, step)
        if node.language_set() not in (None, self.language):
            return None
        if contract is not None and way.label in contract.outcomes:
            return 0.0 if way.label == next(iter(contract.outcomes)) else None
        until = node.heard_before_exit(way.label)
        if until == WHOLE:
            return sum(each.seconds for each in self._said(step))
        if until == SENTENCE:
            return self._first_sentence(step)
        return 0.0 if until == NOTHING else None if until is None else self._named(step, until)

    def _first_sentence(self, step: Step) -> float:
        said = self._said(step)
        end = VERBALIZATION_RULES[self.language].sentence.search(said[0].text) if said else None
        return said[0].until(end.start()) if end else sum(each.seconds for each in said)

    def _to(self, stack: FlowStack, target: Target) -> FlowStack | None:
        """The stack after a target; a return continues in the calling flow."""
        if target.command == "return" and len(stack) > 1:
            onward = graph.step_at(self.bundle, stack[-2]).node.return_target(target.outcome or "done")
            return self._to(stack[:-1], onward) if onward is not None else None
        if target.command:
            return None
        place = (target.flow, target.step)
        return (*stack[:-1], place) if target.flow == stack[-1][0] else (place,)

    # --- what is said --------------------------------------------------------------------------------------------

    def _said(self, step: Step) -> list[TimedPrompt]:
        """The prompts of a step in this language, in order; a list item counts once."""
        keys = [says.key for says in step.node.spoken_prompts() if not says.sometimes]
        prompts = self.bundle.prompts[self.language]
        return [timed_prompt(prompts, key, self.bundle.constants) for key in keys if key in prompts.prompts]

    def _named(self, step: Step, key: str | None) -> float | None:
        """Seconds until a question has named a key, or its first key (None)."""
        passed = 0.0
        for each in self._said(step):
            for mention in mentions(each.text):
                if key is None or mention.key == key:
                    return passed + each.until(mention.end)
            passed += each.seconds
        return None


def step_named(bundle: Bundle, place: str) -> Step | None:
    """The step with this qualified name, if there is one."""
    flow, _, name = place.partition(".")
    return bundle.flows[flow].steps.get(name) if flow in bundle.flows else None
