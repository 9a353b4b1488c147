"""Coverage of transcripts, counted in behaviours of a flow instead of lines."""

from collections.abc import Iterable, Iterator, Sequence

from ivr.engine.bundle import Bundle, Step
from ivr.engine.introspection import GIVE_UP
from ivr.engine.question import Question
from ivr.engine.transcripts.behaviours import HANG_UP, Behaviour, entered_in, pressed

_MISSES = {"silence": "no_input", "wrong key": "no_match", "giving up": GIVE_UP}
_AFTER_LANGUAGES = ("answers", *_MISSES, "back", "agent", "hang-up", "outcomes")


class Coverage:
    """Collects the trails of calls and compares them with all possible behaviours.

    A language counts the steps entered in it, `back` the star key and `agent` the key for an agent wherever they work,
    `hang-up` the steps at which a caller can hang up.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._columns = ("steps", *bundle.languages, *_AFTER_LANGUAGES)
        self._seen: set[Behaviour] = set()

    def add(self, trail: Iterable[Behaviour]) -> None:
        """Add the trail of one call."""
        self._seen.update(trail)

    def table(self, flows: Sequence[str]) -> str:
        """A row for each flow, and one for all: how many of its behaviours some call covered."""
        width = max((len(name) for name in flows), default=4)
        head = f"{'flow':{width}}  " + "  ".join(f"{column:>7}" for column in self._columns)
        rows = [(name, (name,)) for name in flows] + ([("all", tuple(flows))] if len(flows) > 1 else [])
        return "\n".join([head, *(f"{name:{width}}  " + "  ".join(self._cells(of)) for name, of in rows)])

    def missing(self, flow: str) -> list[Behaviour]:
        """The behaviours that no call covered, as (flow.step, what happens there), in the order of the file."""
        steps = self._bundle.flows[flow].steps.values()
        every = (each for step in steps for column in self._columns for each in self._behaviours(step, column))
        return [each for each in every if each not in self._seen]

    def _cells(self, flows: Sequence[str]) -> Iterator[str]:
        steps = [step for flow in flows for step in self._bundle.flows[flow].steps.values()]
        for column in self._columns:
            wanted = [each for step in steps for each in self._behaviours(step, column)]
            seen = sum(each in self._seen for each in wanted)
            yield f"{f'{seen}/{len(wanted)}' if wanted else '-':>{max(7, len(column))}}"

    def _behaviours(self, step: Step, column: str) -> Iterator[Behaviour]:
        node, asks = step.node, step.node.asks
        if column == "steps":
            yield step.qualified_name, "enter"
        elif column in self._bundle.languages:
            if node.language_set() in (None, column):
                yield step.qualified_name, entered_in(column)
        elif column in _MISSES and asks:
            yield step.qualified_name, _MISSES[column]
        elif column == "answers" and asks:
            yield from ((step.qualified_name, what) for what in node.trail_labels())
        elif column in ("back", "agent"):
            yield from ((step.qualified_name, pressed(key)) for key in self._keys(step, column))
        elif column == "hang-up" and (asks or node.enqueues):
            yield step.qualified_name, HANG_UP
        elif column == "outcomes" and node.routes() is not None:
            yield from ((step.qualified_name, what) for what in node.trail_labels())

    def _keys(self, step: Step, column: str) -> Iterator[str]:
        """The global keys of a column that work at a question."""
        node, agent = step.node, self._bundle.exit.flow
        if isinstance(node, Question):
            held = {key: target for key, target in step.keys.items() if not node.is_own_key(key)}
            yield from (key for key in held if (key == "*" if column == "back" else held[key].flow == agent))
