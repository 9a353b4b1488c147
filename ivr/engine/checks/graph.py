"""The bundle as a graph: where each step can lead, which flows it runs, and what a caller does to get there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any

from ivr.engine.bundle import Bundle, Step
from ivr.engine.compile.flowfile import NAMED
from ivr.engine.contracts import ServiceContract
from ivr.engine.findings import Finding, Said
from ivr.engine.node import Ask, Question
from ivr.engine.references import Target, references
from ivr.engine.steps.authenticate import Authenticate
from ivr.engine.steps.call import Call
from ivr.engine.steps.collect import Collect
from ivr.engine.steps.confirm import Confirm
from ivr.engine.steps.service import Service
from ivr.foundation.messages import Message, message

Place = tuple[str, str]  # flow, step
GIVE_UP = "give_up"
LEVELS = ("query", "transaction")


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a step: what happens there ("yes", an outcome, a key), and where it leads."""

    label: str
    target: Target

    @property
    def place(self) -> Place | None:
        """The step it leads to; None for end, return, back and repeat."""
        return None if self.target.command else (self.target.flow, self.target.step)


def own_exits(step: Step) -> Iterator[Exit]:
    """The exits that the step itself names, labelled with the words of its YAML."""
    model = type(step.node)
    for name, field in model.model_fields.items():
        if name not in Ask.model_fields:
            yield from _exits(field.alias or name, getattr(step.node, name))


def _exits(label: str, value: Any) -> Iterator[Exit]:
    if isinstance(value, Target):
        yield Exit(label, value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (Exit(str(key), word) for word in references(item) if isinstance(word, Target))
    elif isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            yield from (Exit(f"row {number}", word) for word in references(item) if isinstance(word, Target))


def exits(bundle: Bundle, step: Step) -> tuple[Exit, ...]:
    """Every exit: the step's own, the global keys that hold in it, and giving up."""
    found = list(own_exits(step))
    node = step.node
    if isinstance(node, Question):
        found += [Exit(f"key {key}", target) for key, target in step.keys.items() if not node.own_key(key)]
    if isinstance(node, Question | Authenticate) or node.service() or (isinstance(node, Call) and node.then is None):
        found.append(Exit(GIVE_UP, step.ask.give_up or bundle.exit))
    return tuple(found)


def contract_of(bundle: Bundle, step: Step) -> ServiceContract | None:
    """The contract of the service that a step asks, if it asks one that is known."""
    name = step.node.service()
    return bundle.services.get(name) if name else None


def subflows(bundle: Bundle, step: Step) -> tuple[str, ...]:
    """The flows that a step may run and come back from."""
    node = step.node
    if isinstance(node, Call):
        return (str(node.call),)
    if isinstance(node, Authenticate):
        return (bundle.authenticate[node.authenticate],)
    contract = contract_of(bundle, step)
    if isinstance(node, Service) and contract is not None:
        return tuple(bundle.authenticate[level] for level in LEVELS if level in contract.needs)
    return ()


def every_step(bundle: Bundle) -> Iterator[Step]:
    """All steps of all flows."""
    for flow in bundle.flows.values():
        yield from flow.steps.values()


def step_at(bundle: Bundle, place: Place) -> Step:
    """The step at a place."""
    return bundle.flows[place[0]].steps[place[1]]


def start_of(bundle: Bundle, flow: str) -> Place:
    """Where a flow begins."""
    return flow, bundle.flows[flow].start


def roots(bundle: Bundle) -> tuple[Place, ...]:
    """Where calls begin, where they go past a limit, and the flows that prove who calls."""
    targets = [(t.flow, t.step) for t in (bundle.entry, bundle.exit) if t.step]
    return (*targets, *(start_of(bundle, flow) for flow in bundle.authenticate.values()))


def onward(bundle: Bundle, step: Step) -> tuple[Place, ...]:
    """The places that a step leads to, the beginnings of its subflows among them."""
    places = [way.place for way in exits(bundle, step) if way.place is not None]
    return (*places, *(start_of(bundle, flow) for flow in subflows(bundle, step)))


def reach(bundle: Bundle, begin: tuple[Place, ...], past: type | UnionType | None = None) -> frozenset[Place]:
    """Every place that can be reached; steps of the type `past` are reached but not passed."""
    seen, todo = set(begin), list(begin)
    while todo:
        step = step_at(bundle, todo.pop())
        if past is not None and isinstance(step.node, past):
            continue
        for place in onward(bundle, step):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return frozenset(seen)


def returned_words(bundle: Bundle, flow: str) -> frozenset[str]:
    """The words that a flow can come back with; a bare return is "done"."""
    steps = bundle.flows[flow].steps.values()
    ways = [way.target for step in steps for way in exits(bundle, step)]
    return frozenset(target.outcome or "done" for target in ways if target.command == "return")


def deed(step: Step, label: str) -> str:
    """What a caller (or the bank) does to leave a step by an exit; empty where nobody does anything."""
    node = step.node
    if label == GIVE_UP:
        return message("silence, until it gives up") if isinstance(node, Question) else ""
    if label.startswith("key "):
        return _KEYS.get(label[4:], label[4:])
    if isinstance(node, Confirm):
        return {"yes": "1", "no": "2"}[label]
    if isinstance(node, Collect):
        return f"<{node.collect}>"
    if isinstance(node, Question):
        return label if label != "then" else "1"
    service = node.service()
    told = message("service {service} answers {outcome}", service=service, outcome=label)
    return told if service and label != "then" else ""


_KEYS: Mapping[str, str] = {key: name for name, key in NAMED.items()}


def finding(
    bundle: Bundle, step: Step, code: str, problem: Message, effect: Said, remedy: Said = "", *, word: Any = None,
    script: tuple[str, ...] = (),
) -> Finding:  # fmt: skip
    """A finding at a step, or at a word inside it that knows its own place."""
    line, column = (getattr(word, "line", 0), getattr(word, "column", 0)) if word is not None else (0, 0)
    at = (line, column) if line else (step.line, step.column)
    return Finding(bundle.flows[step.flow].file, *at, code, step.place, problem, effect, remedy, script)
