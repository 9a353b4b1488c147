"""The bundle as the search plays it: prompts are named, hours are open or closed, and services return samples."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ivr.engine.actions import Utterance
from ivr.engine.bundle import Bundle
from ivr.engine.checks import graph, secrets
from ivr.engine.checks.gates import SINGLE_USE
from ivr.engine.checks.prompts import slot_faults
from ivr.engine.contracts import LASTING, ServiceContract
from ivr.engine.events import Grant, ServiceAnswered
from ivr.engine.references import HoursName, words_of
from ivr.engine.speech.prompts import Prompt, Prompts
from ivr.engine.values import Secret, lookup
from ivr.foundation.hours import Hours
from ivr.foundation.messages import message

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_ALWAYS, _NEVER = Hours((((0, 24 * 60),),) * 7), Hours(((),) * 7)


class Item(dict[str, Any]):
    """A list item that has every part."""

    def __missing__(self, part: str) -> str:
        return "1"


_SAMPLES: Mapping[str, tuple[Any, Any, Any]] = {
    "digits": ("1234", "1234", "1234"),
    "text": ("text", "text", "text"),
    "date": ("2026-11-24", "2026-11-24", "2026-11-24"),
    "money": (100, 1_000_000, 100_000_000),
    "number": (0, 1, 9),
    "flag": (False, True, True),
    "choice": (Item(), Item(), Item()),
    "list": ([], [Item()], [Item()] * 9),
}


SAMPLE_CARD = "1"  # value of every part of a sample item; also the last digits of the first of several items


def sample_items(count: int) -> list[Any]:
    """List items that differ in their last digits."""
    return [Item(last4=str(number)) for number in range(1, count + 1)]


def sample(kind: str, size: int, secret: bool = False) -> Any:
    """A sample value of a type: none or small (0), one (1), many or large (2)."""
    return Secret("1234") if secret else _SAMPLES[kind][size]


@dataclass(frozen=True, slots=True)
class NamedPrompts(Prompts):
    """Prompts that are not rendered, but whose slots must have a value."""

    def utterances(self, key: str, scope: Mapping[str, Any]) -> Iterator[Utterance]:
        prompt = self.prompts.get(key)
        for slot in prompt.slots if prompt is not None else ():
            try:
                value = lookup(scope, slot.path)
            except (LookupError, TypeError):
                value = None
            if value is None:
                raise LookupError(
                    message("the prompt '{key}' speaks {{{path}}}, which has no value then", key=key, path=slot.path)
                )
        yield Utterance("", self.language, key=key)

    def render(self, key: str, scope: Mapping[str, Any]) -> str:
        list(self.utterances(key, scope))
        return key


def named_prompts(bundle: Bundle) -> dict[str, Prompts]:
    """The bundle's prompts, named instead of spoken; a slot that another check has reported needs no value."""
    reported = {key for faults in (slot_faults(bundle), secrets.spoken_secrets(bundle)) for key, _ in faults}
    return {
        tag: NamedPrompts(p.language, p.file, _without(p, reported), p.words, p.places)
        for tag, p in bundle.prompts.items()
    }


def _without(prompts: Prompts, reported: Collection[str]) -> Mapping[str, Prompt]:
    return {key: replace(each, parts=()) if key in reported else each for key, each in prompts.prompts.items()}


def scenarios(bundle: Bundle) -> Iterator[Bundle]:
    """The bundle with its hours open, and once more with them closed where a step asks for hours."""
    silent = replace(bundle, prompts=named_prompts(bundle))
    yield replace(silent, hours=dict.fromkeys(bundle.hours, _ALWAYS))
    if any(words_of(step.node, HoursName) for step in graph.every_step(bundle)):
        yield replace(silent, hours=dict.fromkeys(bundle.hours, _NEVER))


def answers(contract: ServiceContract) -> Iterator[ServiceAnswered]:
    """Every declared outcome, with facts in all sizes that make a difference."""
    for outcome, facts in contract.outcomes.items():
        kinds = {contract.outputs.get(fact, "text") for fact in facts}
        sizes = (0, 1, 2) if kinds & {"list", "money", "number"} else (0, 1) if "flag" in kinds else (1,)
        for size in sizes:
            values = {fact: sample(contract.outputs.get(fact, "text"), size) for fact in facts}
            yield answered(contract, outcome, values, AT)


def answered(contract: ServiceContract, outcome: str, facts: Mapping[str, Any], at: datetime) -> ServiceAnswered:
    """The answer of a service, with the grants and the commit of its contract."""
    proven = contract.grants.get(outcome, frozenset())
    grants = tuple(Grant(name, single_use=name in SINGLE_USE) for name in sorted(proven - {"identity"}))
    committed = bool(contract.effects & LASTING) and outcome != "unavailable"
    customer_id, card = ("1", SAMPLE_CARD if "card" in contract.inputs else "") if "identity" in proven else (None, "")
    return ServiceAnswered(at, outcome, facts, grants, customer_id, committed, card)
