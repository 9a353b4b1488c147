"""Finds cycles of keyed answers that never count as a miss, in which callers would be asked the same for ever.

Progress is a choice, a yes or no, a proof, or another flow. A miss is an outcome that the service's contract lists in
`refuses`. A cycle of keyed data with neither is the finding.
"""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.checks.loops import SilentPaths, cycles
from ivr.engine.findings import Finding
from ivr.engine.introspection import Exit, StepId
from ivr.foundation.messages import message


def check(bundle: Bundle) -> Iterator[Finding]:
    """Endless cycles of well-formed answers."""
    keyed, quiet = _KeyedPaths(bundle), SilentPaths(bundle)
    steps = {(step.flow, step.name): step for step in graph.every_step(bundle)}
    for cycle in cycles({place: keyed.onward(step) for place, step in steps.items()}):
        if _is_quiet(quiet, steps, cycle):
            continue  # a silent cycle is reported by the loops check
        service = next((steps[place] for place in cycle if graph.contract_of(bundle, steps[place])), None)
        step = service or min((steps[place] for place in cycle), key=lambda each: (each.flow, each.line, each.column))
        turn = cycle.index((step.flow, step.name))
        names = [f"{flow}.{name}" for flow, name in (*cycle[turn:], *cycle[: turn + 1])]
        yield finding(
            bundle,
            step,
            "endless",
            message("well-formed answers repeat without counting as a miss: {words}", words=" -> ".join(names)),
            message("Callers would be asked for the same for ever, and no agent be offered"),
            message(
                "lead on, let the caller choose in between, or name the outcome in refuses= of the service's contract"
            ),
        )


def _is_quiet(quiet: SilentPaths, steps: dict[StepId, Step], cycle: tuple[StepId, ...]) -> bool:
    pairs = zip(cycle, (*cycle[1:], cycle[0]), strict=True)
    return all(after in quiet.onward(steps[place]) for place, after in pairs)


class _KeyedPaths(SilentPaths):
    """The paths of a caller who keys data as asked and whose answers are not refused."""

    def exits(self, step: Step) -> Iterator[Exit]:
        if step.node.takes_data:
            yield from (way for way in graph.exits(self.bundle, step) if way.label == "then")
        elif step.node.proven_level() is None:
            contract = graph.contract_of(self.bundle, step)
            refused = contract.refuses if contract is not None else frozenset()
            yield from (way for way in super().exits(step) if way.label not in refused)
