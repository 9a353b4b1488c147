"""confirm: read something back and hear yes (1) or no (2)."""

from typing import ClassVar

from pydantic import Field

from ivr.engine import hearing
from ivr.engine.events import DigitsPressed, Event, FlowReturned, SpeechHeard
from ivr.engine.node import Goto, Move, Question
from ivr.engine.references import Prompts, Target
from ivr.engine.registry import register
from ivr.engine.run import Run


@register
class Confirm(Question):
    """`confirm: bills.read_back` with "yes": and "no":; a yes is the confirmation that money services demand.

    It holds for the values that the prompts name, as they are then: a write to one of them drops it.
    """

    verb: ClassVar[str] = "confirm"
    grants: ClassVar[dict[str, frozenset[str]]] = {"yes": frozenset({"confirmation"})}

    confirm: Prompts = Field(description="what is read back, ending with the keys 1 and 2")
    yes: Target = Field(description="where 1 leads")
    no: Target = Field(description="where 2 leads")

    def question(self) -> Prompts:
        return self.confirm

    def own_key(self, key: str) -> bool:
        return key in ("1", "2")

    def enter(self, run: Run) -> Move:
        run.session.grants.pop("confirmation", None)
        run.say(run.question(self))
        return run.ask(num_digits=1, hints=())

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, DigitsPressed):
            answer = {"1": True, "2": False}.get(event.digits)
        elif isinstance(event, SpeechHeard):
            answer = hearing.yes_no(event.text, run.session.language)
        else:
            return run.miss("no_input")
        if answer is None:
            return run.miss("no_match")
        run.note("yes" if answer else "no")
        if answer:
            run.bind(self.question())
        else:
            run.session.drop_once()  # what was signed is not wanted: the next thing is signed for itself
        return Goto(self.yes if answer else self.no)
