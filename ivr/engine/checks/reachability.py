"""Finds unreachable steps, dead ends, questions without miss handling, and outcomes without a route."""

from collections import defaultdict
from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.findings import Finding, suggestion
from ivr.engine.introspection import StepId
from ivr.foundation.messages import Message, message

_LEAVES = ("end", "return")


def check(bundle: Bundle) -> Iterator[Finding]:
    """All findings about reachability and routing of outcomes."""
    reached = graph.reach(bundle, graph.roots(bundle))
    leaving = _leaving(bundle)
    for step in graph.every_step(bundle):
        place = (step.flow, step.name)
        if place not in reached:
            yield finding(
                bundle, step, "unreachable", message("no step leads here"),
                message("No caller would ever reach this step"),
                message("lead a step or a key here, or take the step out"),
            )  # fmt: skip
        elif place not in leaving:
            yield finding(
                bundle, step, "dead-end", message("no way out of here ends the call, returns, or reaches a person"),
                message("Callers would go round until the call is cut"),
                message("lead one of its exits to end or to an agent"),
            )  # fmt: skip
        yield from _question(bundle, step)
        yield from _outcomes(bundle, step)


def _leaving(bundle: Bundle) -> frozenset[StepId]:
    """Steps from which some path ends, returns, or reaches a queue (backward reachability)."""
    before: dict[StepId, set[StepId]] = defaultdict(set)
    seen: set[StepId] = set()
    for step in graph.every_step(bundle):
        here = (step.flow, step.name)
        for place in graph.onward(bundle, step):
            before[place].add(here)
        ways = graph.exits(bundle, step)
        if step.node.ends_call or step.node.enqueues or any(way.target.command in _LEAVES for way in ways):
            seen.add(here)
    todo = list(seen)
    while todo:
        for place in before[todo.pop()] - seen:
            seen.add(place)
            todo.append(place)
    return frozenset(seen)


_HANDLING = (
    (
        "no_input",
        message("nothing is said after a silence"),
        message("Silent callers would hear the question again and not know why"),
    ),
    (
        "no_match",
        message("nothing is said after a wrong key"),
        message("Callers would not learn that the key was wrong"),
    ),
    (
        "give_up",
        message("no way on for a caller who does not answer"),
        message("Callers would be passed to the exit without a word"),
    ),
)


def _question(bundle: Bundle, step: Step) -> Iterator[Finding]:
    if not step.node.asks:
        return
    for name, problem, effect in _HANDLING:
        if not getattr(step.ask, name):
            remedy = message(
                "write {name}: here, or under defaults: ask: of the flow or of flows/defaults.yaml", name=name
            )
            yield finding(bundle, step, "question", problem, effect, remedy)


def _expected(bundle: Bundle, step: Step) -> tuple[frozenset[str], Message] | None:
    """The words that a step has to route, and where they come from; None for a step that routes no outcomes."""
    node, flow = step.node, step.node.subflow(bundle.authenticate)
    if node.routes() is None:
        return None
    if flow is not None:
        words = graph.returned_words(bundle, flow)
        return (words | {"verified"} if node.proven_level() else words), message("the flow '{flow}'", flow=flow)
    contract = graph.contract_of(bundle, step)
    return (node.results(contract), message("'{name}'", name=contract.name)) if contract is not None else None


def _outcomes(bundle: Bundle, step: Step) -> Iterator[Finding]:
    expected, routed = _expected(bundle, step), step.node.routes()
    if expected is None or routed is None:
        return
    words, whose = expected
    if step.node.may_give_up():
        for word in sorted(words - routed.keys()):
            yield finding(
                bundle, step, "outcome",
                message("{whose} can come back with '{word}', which is not routed", whose=whose, word=word),
                message("Callers would be passed to an agent without a word"),
                message("add {word}: and a step to outcomes:", word=word),
            )  # fmt: skip
    for word in sorted(routed.keys() - words):
        yield finding(
            bundle, step, "outcome", message("{whose} never comes back with '{word}'", whose=whose, word=word),
            message("No caller would ever take this way"), suggestion(word, words), word=routed[word],
        )  # fmt: skip
