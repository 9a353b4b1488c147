"""confirm: read something back and take yes (1) or no (2)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field, model_validator

from ivr.engine import phases
from ivr.engine.events import DigitsPressed, Event, FlowReturned, Input, SpeechHeard
from ivr.engine.introspection import SpokenPrompt
from ivr.engine.question import Question
from ivr.engine.references import PromptKey, PromptKeys, Target
from ivr.engine.registry import register
from ivr.engine.speech import matching
from ivr.engine.speech.labels import spoken_labels
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun
from ivr.foundation.messages import message

TOO_EARLY = PromptKey("ask.too_early")
SAFE = ("0", "*")  # agent and back: neither has an effect
_ANSWERS = {"1": True, "2": False}
_SPOKEN = 2  # after this many unclear answers only keys are accepted


def _by_key(run: StepRun) -> bool:
    return run.frame.no_match >= _SPOKEN


@register
class Confirm(Question):
    """`confirm: [bills.read_back, bills.confirm_keys]`. A yes is the confirmation that money services require.

    All prompts but the last are the facts. They are played whole; keys are accepted only during the last prompt, which
    names them. A single prompt is all facts. A yes is bound to the values that the facts name: assigning one of those
    variables revokes it.
    """

    verb: ClassVar[str] = "confirm"
    miss_parts: ClassVar[tuple[str, ...]] = ("no_input", "no_match", "by_key")

    confirm: PromptKeys = Field(description="what is read back; then, as the last of several, the keys 1 and 2")
    yes: Target = Field(description="where 1 leads")
    no: Target = Field(description="where 2 leads")

    @model_validator(mode="after")
    def _whole(self) -> "Confirm":
        if self.interrupt is not None:
            raise ValueError(message("a confirm is always heard whole; take interrupt: out"))
        return self

    @property
    def facts(self) -> PromptKeys:
        """The prompts that the caller must have heard before an answer counts."""
        return self.confirm[:-1] or self.confirm

    @property
    def keys(self) -> PromptKeys:
        """The prompt that names the keys; it may be interrupted."""
        return self.confirm[len(self.facts) :]

    def question(self) -> PromptKeys:
        return self.facts

    def is_own_key(self, key: str) -> bool:
        return key in ("1", "2")

    def completes_entry(self, keys: str) -> bool:
        return keys != "#"

    def enter(self, run: StepRun) -> StepResult:
        run.session.grants.pop("confirmation", None)
        run.say(run.question_prompts(self.facts))
        return run.read_out()

    def handle_early_answer(self, run: StepRun, event: Input) -> StepResult | None:
        """An answer during the facts is ignored: no key was asked for yet."""
        if run.session.phase == phases.FACTS:
            run.note(phases.HEARD)
            return self._ask(run, phases.phase_after(run.timestamp - run.session.asked_timestamp))
        if not phases.is_typed_ahead(run.session, run.timestamp, event):
            return None
        if isinstance(event, DigitsPressed) and event.digits == "#":
            run.note(phases.FINISHED)
            return self.ask_again(run)
        if isinstance(event, DigitsPressed) and event.digits in SAFE:
            return None
        run.note(phases.TOO_EARLY)
        return run.miss("no_match", said=TOO_EARLY)

    def ask_again(self, run: StepRun) -> StepResult:
        """The facts were heard, so only the keys are named again."""
        return self._ask(run, run.session.phase)

    def _ask(self, run: StepRun, phase: str) -> StepResult:
        run.say(self.keys)
        move = run.ask(num_digits=1, hints=None if _by_key(run) else (), interrupt=True)
        run.session.phase = phase
        return move

    def announcing_prompts(self) -> PromptKeys:
        return self.confirm

    def words(self, run: StepRun, language: str) -> Mapping[str, Sequence[str]]:
        labels = spoken_labels(run.prompts_in(language), self.confirm, run.scope())
        return {key: labels.get(key, ()) for key in _ANSWERS}

    def matched_key(self, run: StepRun, event: SpeechHeard) -> str | None:
        """ "1" for a yes with enough confidence for its effect, "2" for a no, which has no effect."""
        if _by_key(run):
            return None
        language = run.session.language
        answer = matching.yes_no(event.text, language, self.words(run, language))
        if answer is None or not run.is_confident(event, run.yes_effect() if answer else "menu"):
            return None
        return "1" if answer else "2"

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if isinstance(event, DigitsPressed):
            answer = _ANSWERS.get(event.digits)
        elif isinstance(event, SpeechHeard):
            answer = _ANSWERS.get(self.matched_key(run, event) or "")
        else:
            return run.miss("no_input")
        if answer is None:
            return run.miss("no_match", said=run.ask_settings.by_key if run.frame.no_match + 1 >= _SPOKEN else None)
        run.note("yes" if answer else "no")
        if answer:
            run.bind_confirmation(self.question())
        else:
            run.session.drop_single_use_grants()  # the signed order is cancelled: the next one needs its own proof
        return Goto(self.yes if answer else self.no)

    # --- declarations -----------------------------------------------------------------------------------------

    def sample_answers(self) -> Iterator[str]:
        yield from _ANSWERS

    def keys_to_name(self) -> frozenset[str]:
        return frozenset(_ANSWERS)

    def trigger(self, label: str) -> str:
        return {"yes": "1", "no": "2"}[label]

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        yield from self.prompts_under("confirm", asked=True)

    def proven_at_exit(self, label: str) -> frozenset[str]:
        return frozenset({"confirmation"} if label == "yes" else ())

    def read_back_prompts(self) -> PromptKeys:
        return self.facts

    def yes_target(self) -> Target:
        return self.yes

    def key_prompts(self) -> PromptKeys:
        return self.keys

    @classmethod
    def complete_schema(cls, definitions: dict[str, Any]) -> None:
        """The facts cannot be interrupted."""
        del definitions["confirm"]["properties"]["interrupt"]
