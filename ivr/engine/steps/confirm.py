"""confirm: read something back and hear yes (1) or no (2)."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field, model_validator

from ivr.engine.events import DigitsPressed, Event, FlowReturned, Input, SpeechHeard
from ivr.engine.node import Goto, Move, Question
from ivr.engine.references import PromptKey, Prompts, Target
from ivr.engine.registry import register
from ivr.engine.runtime import stray
from ivr.engine.runtime.listening import sure
from ivr.engine.runtime.run import Run
from ivr.engine.speech import hearing
from ivr.engine.speech.announced import announced
from ivr.foundation.messages import message

TOO_EARLY = PromptKey("ask.too_early")
SAFE = ("0", "*")  # a person, and back: they undo nothing and do nothing
_ANSWERS = {"1": True, "2": False}
_SPOKEN = 2  # answers that were neither yes nor no: after these, keys alone are heard


def _by_key(run: Run) -> bool:
    return run.frame.no_match >= _SPOKEN


@register
class Confirm(Question):
    """`confirm: [bills.read_back, bills.confirm_keys]`; a yes is the confirmation that money services demand.

    All prompts but the last are the facts. They are said whole; only then are keys taken, under the last prompt, which
    names them. A single prompt is all facts. A yes holds for the values that they name, as they are then: a write to
    one of them drops it.
    """

    verb: ClassVar[str] = "confirm"
    grants: ClassVar[dict[str, frozenset[str]]] = {"yes": frozenset({"confirmation"})}

    confirm: Prompts = Field(description="what is read back; then, as the last of several, the keys 1 and 2")
    yes: Target = Field(description="where 1 leads")
    no: Target = Field(description="where 2 leads")

    @model_validator(mode="after")
    def _whole(self) -> "Confirm":
        if self.interrupt is not None:
            raise ValueError(message("a confirm is always heard whole; take interrupt: out"))
        return self

    @property
    def facts(self) -> Prompts:
        """What the caller must have heard before an answer counts."""
        return self.confirm[:-1] or self.confirm

    @property
    def keys(self) -> Prompts:
        """What names the keys, and may be interrupted."""
        return self.confirm[len(self.facts) :]

    def question(self) -> Prompts:
        return self.facts

    def own_key(self, key: str) -> bool:
        return key in ("1", "2")

    def is_whole(self, keys: str) -> bool:
        return keys != "#"

    def enter(self, run: Run) -> Move:
        run.session.grants.pop("confirmation", None)
        run.say(run.question(self))
        return run.read_out()

    def early(self, run: Run, event: Input) -> Move | None:
        """Whatever comes with the end of the facts answers nothing: no key was asked for yet."""
        if run.session.phase == stray.FACTS:
            run.note(stray.HEARD)
            return self._ask(run, stray.phase_after(run.at - run.session.asked))
        if not stray.is_typed_ahead(run, event):
            return None
        if isinstance(event, DigitsPressed) and event.digits == "#":
            run.note(stray.FINISHED)
            return self.ask_again(run)
        if isinstance(event, DigitsPressed) and event.digits in SAFE:
            return None
        run.note(stray.TOO_EARLY)
        return run.miss("no_match", said=TOO_EARLY)

    def ask_again(self, run: Run) -> Move:
        """The facts were heard; only the keys are named once more."""
        return self._ask(run, run.session.phase)

    def _ask(self, run: Run, phase: str) -> Move:
        run.say(self.keys)
        move = run.ask(num_digits=1, hints=None if _by_key(run) else (), interrupt=True)
        run.session.phase = phase
        return move

    def announcing(self) -> Prompts:
        return self.confirm

    def words(self, run: Run, language: str) -> Mapping[str, Sequence[str]]:
        labels = announced(run.bundle.prompts[language], self.confirm, run.scope())
        return {key: labels.get(key, ()) for key in _ANSWERS}

    def understood(self, run: Run, event: SpeechHeard) -> str | None:
        """ "1" for a yes that is sure enough for what it does, "2" for a no, which does nothing."""
        if _by_key(run):
            return None
        language = run.session.language
        answer = hearing.yes_no(event.text, language, self.words(run, language))
        effect = run.bundle.effects.get((run.frame.flow, run.frame.step), "money")
        if answer is None or not sure(run, event, effect if answer else "menu"):
            return None
        return "1" if answer else "2"

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, DigitsPressed):
            answer = _ANSWERS.get(event.digits)
        elif isinstance(event, SpeechHeard):
            answer = _ANSWERS.get(self.understood(run, event) or "")
        else:
            return run.miss("no_input")
        if answer is None:
            return run.miss("no_match", said=run.step.ask.by_key if run.frame.no_match + 1 >= _SPOKEN else None)
        run.note("yes" if answer else "no")
        if answer:
            run.bind(self.question())
        else:
            run.session.drop_once()  # what was signed is not wanted: the next thing is signed for itself
        return Goto(self.yes if answer else self.no)
