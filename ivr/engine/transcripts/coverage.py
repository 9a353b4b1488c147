"""What transcripts cover, counted in behaviours of a flow, not in lines."""

from collections.abc import Iterable, Iterator, Sequence

from ivr.engine.bundle import Bundle, Step
from ivr.engine.node import Question
from ivr.engine.nodes.collect import Collect
from ivr.engine.nodes.menu import Menu
from ivr.engine.proofs.graph import GIVE_UP, own_exits

Behaviour = tuple[str, str]  # flow.step, what happens there
_COLUMNS = ("steps", "answers", "silence", "wrong key", "giving up", "outcomes")
_MISSES = {"silence": "no_input", "wrong key": "no_match", "giving up": GIVE_UP}


class Coverage:
    """Collects the trails of calls; the table sets them against everything that can happen."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._seen: set[Behaviour] = set()

    def add(self, trail: Iterable[tuple[str, str]]) -> None:
        """One call's trail."""
        self._seen.update(trail)

    def table(self, flows: Sequence[str]) -> str:
        """A row for each flow: how many of its behaviours some call showed."""
        width = max((len(name) for name in flows), default=4)
        head = f"{'flow':{width}}  " + "  ".join(f"{column:>9}" for column in _COLUMNS)
        return "\n".join([head, *(f"{name:{width}}  " + "  ".join(self._cells(name)) for name in flows)])

    def _cells(self, flow: str) -> Iterator[str]:
        for column in _COLUMNS:
            wanted = [each for step in self._bundle.flows[flow].steps.values() for each in _behaviours(step, column)]
            seen = sum(each in self._seen for each in wanted)
            yield f"{f'{seen}/{len(wanted)}' if wanted else '-':>9}"


def _behaviours(step: Step, column: str) -> Iterator[Behaviour]:
    node, asks = step.node, isinstance(step.node, Question)
    if column == "steps":
        yield step.place, "enter"
    elif column in _MISSES and asks:
        yield step.place, _MISSES[column]
    elif column == "answers" and asks:
        yield from ((step.place, "collected" if isinstance(node, Collect) else label) for label in _labels(step))
    elif column == "outcomes" and not asks:
        yield from ((step.place, label) for label in _labels(step) if hasattr(node, "outcomes"))


def _labels(step: Step) -> Iterator[str]:
    """The ways out of a step as the trail notes them; the item chosen from a list counts as its first key."""
    for way in own_exits(step):
        if way.label == "then" and hasattr(step.node, "outcomes"):
            continue
        yield "1" if way.label == "then" and isinstance(step.node, Menu) else way.label
