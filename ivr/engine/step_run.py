"""What a step may do with a call: the only side of the runtime that step types know."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from ivr.engine.actions import Action
from ivr.engine.ask_settings import AskSettings
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import SpeechHeard
from ivr.engine.introspection import YesEffect
from ivr.engine.references import PromptKey, Target
from ivr.engine.session import Frame, Session
from ivr.engine.speech.prompts import Prompts
from ivr.engine.step_results import StepResult

# The bodies are docstrings: `Run` in ivr/engine/runtime says how each is done.


class StepRun(Protocol):
    """One advance of one call, as the step sees it at which the call stands. `at` is the moment in epoch seconds."""

    session: Session
    now: datetime
    timestamp: float

    # --- where the call stands -------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The innermost flow of the call."""

    @property
    def step_id(self) -> tuple[str, str]:
        """Flow and name of the step."""

    @property
    def ask_settings(self) -> AskSettings:
        """How this step asks, its flow's defaults among it."""

    @property
    def prompts(self) -> Prompts:
        """The prompts in the caller's language."""

    def prompts_in(self, language: str) -> Prompts:
        """The prompts in a language."""

    def local_time(self) -> datetime:
        """The moment in the bank's time zone."""

    def scope(self, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Every name that a condition or a prompt can use here."""

    def values(self, names: Mapping[str, str]) -> dict[str, Any]:
        """input name -> value, from a mapping of input name -> variable name."""

    def value_of(self, condition: str, scope: Mapping[str, Any]) -> Any:
        """The value of one of this step's conditions, by its key in `conditions()`."""

    def set(self, name: str, value: Any) -> None:
        """Set a variable of the flow."""

    def is_secret(self, name: str) -> bool:
        """True for a variable that was declared secret."""

    def returned(self, name: str) -> Any:
        """A variable of the flow that has just come back to this step."""

    def note(self, what: str) -> None:
        """One entry of the trail: the step and what happened there, never what was keyed as data."""

    # --- what the bank has laid down -------------------------------------------------------------------------

    def contract(self, service: str) -> ServiceContract:
        """What a service promises."""

    def flow_for(self, level: str) -> str:
        """The flow that proves a level."""

    def is_open(self, hours: str) -> bool:
        """True while these opening hours are open."""

    def routed_queue(self) -> str:
        """The queue that routing gives to this caller."""

    # --- speaking and asking ---------------------------------------------------------------------------------

    def say(self, keys: Sequence[str], extra: Mapping[str, Any] | None = None, languages: Sequence[str] = ()) -> None:
        """Say prompts before whatever is asked next, in the caller's language or in each of several."""

    def play(self, address: str) -> None:
        """Play what a caller recorded, before whatever is asked next."""

    def flush(self) -> None:
        """Turn what is still to be said into an action that cannot be interrupted."""

    def question_prompts(self, question: Sequence[str]) -> Sequence[str]:
        """The prompts to ask with: the step's own, or what a miss put in their place."""

    def ask(
        self,
        num_digits: int | None = None,
        finish_on_key: str = "",
        hints: Sequence[str] | None = None,
        interrupt: bool | None = None,
    ) -> StepResult:
        """End the turn with a question; `hints` are what may be said, None where speech is not heard."""

    def read_out(self) -> StepResult:
        """Say everything whole, and come back when it is over: no key is taken before."""

    def wait_for(self, action: Action) -> StepResult:
        """Say everything whole, end the turn with this action, and come back with what becomes of it."""

    def hints(self, languages: tuple[str, ...], expected: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """What the recogniser is told to expect at this step in these languages; worked out once for a bundle."""

    def is_confident(self, event: SpeechHeard, effect: YesEffect = "menu") -> bool:
        """True where the recogniser is as confident as the effect of this answer demands."""

    def remember_question(self) -> None:
        """Keep this question for whoever goes back."""

    def miss(self, kind: str, onward: Target | None = None, said: PromptKey | None = None) -> StepResult:
        """Count a silence ("no_input") or a wrong answer ("no_match"); give up, or go onward, or ask again."""

    def give_up(self) -> StepResult:
        """The caller cannot or will not answer: on to whoever helps then."""

    # --- proofs and services ---------------------------------------------------------------------------------

    def is_proven(self, name: str) -> bool:
        """True while the caller has proven `name`."""

    def bind_confirmation(self, prompts: Sequence[str]) -> None:
        """The caller said yes to these prompts: to what they name, as it is now."""

    def yes_effect(self) -> YesEffect:
        """The greatest effect of a yes to this step."""

    def is_read_back(self, contract: ServiceContract) -> bool:
        """True where the last yes named all that the service of this step is about to do."""

    def last_confirmation(self) -> Target | None:
        """The question whose yes led right here; None where more was asked since."""

    def speaks_private_data(self) -> bool:
        """True where the prompts of this step speak what the bank knows of a customer."""

    def refuse_unproven(self, contract: ServiceContract) -> StepResult:
        """What a service needs was not proven: give up."""

    def invoke(self, service: str, inputs: Mapping[str, Any]) -> StepResult:
        """AskSettings a service once for this visit to the step."""

    def count_refused_answer(self) -> None:
        """A service turned down what was keyed: a wrong answer of the question that asked for it."""

    def route(self, outcomes: Mapping[str, Target], outcome: str) -> StepResult:
        """The target of an outcome; one that the flow does not route gives up."""
