"""confirm: read something back and hear yes (1) or no (2)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field, model_validator

from ivr.engine import phases
from ivr.engine.events import DigitsPressed, Event, FlowReturned, Input, SpeechHeard
from ivr.engine.moves import Goto, Move
from ivr.engine.question import Question
from ivr.engine.references import PromptKey, Prompts, Target
from ivr.engine.registry import register
from ivr.engine.speech import hearing
from ivr.engine.speech.announced import announced
from ivr.engine.step_run import StepRun
from ivr.engine.telling import Says
from ivr.foundation.messages import message

TOO_EARLY = PromptKey("ask.too_early")
SAFE = ("0", "*")  # a person, and back: they undo nothing and do nothing
_ANSWERS = {"1": True, "2": False}
_SPOKEN = 2  # answers that were neither yes nor no: after these, keys alone are heard


def _by_key(run: StepRun) -> bool:
    return run.frame.no_match >= _SPOKEN


@register
class Confirm(Question):
    """`confirm: [bills.read_back, bills.confirm_keys]`; a yes is the confirmation that money services demand.

    All prompts but the last are the facts. They are said whole; only then are keys taken, under the last prompt, which
    names them. A single prompt is all facts. A yes holds for the values that they name, as they are then: a write to
    one of them drops it.
    """

    verb: ClassVar[str] = "confirm"
    miss_parts: ClassVar[tuple[str, ...]] = ("no_input", "no_match", "by_key")

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

    def enter(self, run: StepRun) -> Move:
        run.session.grants.pop("confirmation", None)
        run.say(run.asking(self.facts))
        return run.read_out()

    def early(self, run: StepRun, event: Input) -> Move | None:
        """Whatever comes with the end of the facts answers nothing: no key was asked for yet."""
        if run.session.phase == phases.FACTS:
            run.note(phases.HEARD)
            return self._ask(run, phases.phase_after(run.at - run.session.asked))
        if not phases.is_typed_ahead(run.session, run.at, event):
            return None
        if isinstance(event, DigitsPressed) and event.digits == "#":
            run.note(phases.FINISHED)
            return self.ask_again(run)
        if isinstance(event, DigitsPressed) and event.digits in SAFE:
            return None
        run.note(phases.TOO_EARLY)
        return run.miss("no_match", said=TOO_EARLY)

    def ask_again(self, run: StepRun) -> Move:
        """The facts were heard; only the keys are named once more."""
        return self._ask(run, run.session.phase)

    def _ask(self, run: StepRun, phase: str) -> Move:
        run.say(self.keys)
        move = run.ask(num_digits=1, hints=None if _by_key(run) else (), interrupt=True)
        run.session.phase = phase
        return move

    def announcing(self) -> Prompts:
        return self.confirm

    def words(self, run: StepRun, language: str) -> Mapping[str, Sequence[str]]:
        labels = announced(run.prompts_in(language), self.confirm, run.scope())
        return {key: labels.get(key, ()) for key in _ANSWERS}

    def understood(self, run: StepRun, event: SpeechHeard) -> str | None:
        """ "1" for a yes that is sure enough for what it does, "2" for a no, which does nothing."""
        if _by_key(run):
            return None
        language = run.session.language
        answer = hearing.yes_no(event.text, language, self.words(run, language))
        if answer is None or not run.sure(event, run.yes_effect() if answer else "menu"):
            return None
        return "1" if answer else "2"

    def resume(self, run: StepRun, event: Event | FlowReturned) -> Move:
        if isinstance(event, DigitsPressed):
            answer = _ANSWERS.get(event.digits)
        elif isinstance(event, SpeechHeard):
            answer = _ANSWERS.get(self.understood(run, event) or "")
        else:
            return run.miss("no_input")
        if answer is None:
            return run.miss("no_match", said=run.manner.by_key if run.frame.no_match + 1 >= _SPOKEN else None)
        run.note("yes" if answer else "no")
        if answer:
            run.bind(self.question())
        else:
            run.session.drop_once()  # what was signed is not wanted: the next thing is signed for itself
        return Goto(self.yes if answer else self.no)

    # --- asked about itself ----------------------------------------------------------------------------------

    def sample_answers(self) -> Iterator[str]:
        yield from _ANSWERS

    def keys_to_name(self) -> frozenset[str]:
        return frozenset(_ANSWERS)

    def deed(self, label: str) -> str:
        return {"yes": "1", "no": "2"}[label]

    def says(self) -> Iterator[Says]:
        yield from self.said_in("confirm", asked=True)

    def granted(self, label: str) -> frozenset[str]:
        return frozenset({"confirmation"} if label == "yes" else ())

    def read_back(self) -> Prompts:
        return self.facts

    def agreed(self) -> Target:
        return self.yes

    def names_keys(self) -> Prompts:
        return self.keys

    @classmethod
    def complete_schema(cls, definitions: dict[str, Any]) -> None:
        """It is always heard whole."""
        del definitions["confirm"]["properties"]["interrupt"]
