"""What a step may do with a call: the only interface of the runtime that step types use."""

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

# The bodies are docstrings: `Run` in ivr/engine/runtime implements the methods.


class StepRun(Protocol):
    """One advance of one call, as seen by its current step. `timestamp` is `now` in epoch seconds."""

    session: Session
    now: datetime
    timestamp: float

    # --- where the call stands -------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The innermost flow of the call's stack."""

    @property
    def step_id(self) -> tuple[str, str]:
        """Flow and name of the step."""

    @property
    def ask_settings(self) -> AskSettings:
        """The step's ask settings, with inherited values."""

    @property
    def prompts(self) -> Prompts:
        """The prompts in the caller's language."""

    def prompts_in(self, language: str) -> Prompts:
        """The prompts in a language."""

    def local_time(self) -> datetime:
        """The current time in the bank's time zone."""

    def scope(self, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Every name that a condition or a prompt can use here, with its value."""

    def values(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Input name -> value, from a mapping of input name -> variable name."""

    def value_of(self, condition: str, scope: Mapping[str, Any]) -> Any:
        """The value of one of this step's conditions, by its key in `conditions()`."""

    def set(self, name: str, value: Any) -> None:
        """Assign a variable of the flow."""

    def is_secret(self, name: str) -> bool:
        """True for a variable that was declared secret."""

    def returned(self, name: str) -> Any:
        """A variable of the subflow that has just returned to this step."""

    def note(self, what: str) -> None:
        """Add a trail entry: the step and what happened there, never keyed data."""

    # --- what the bank has laid down -------------------------------------------------------------------------

    def contract(self, service: str) -> ServiceContract:
        """The contract of a service."""

    def flow_for(self, level: str) -> str:
        """The flow that proves a verification level."""

    def is_open(self, hours: str) -> bool:
        """True while these opening hours are open."""

    def routed_queue(self) -> str:
        """The queue that the routing rules assign to this caller."""

    # --- speaking and asking ---------------------------------------------------------------------------------

    def say(self, keys: Sequence[str], extra: Mapping[str, Any] | None = None, languages: Sequence[str] = ()) -> None:
        """Say prompts before the next question, in the caller's language or in each of several."""

    def play(self, address: str) -> None:
        """Play a recording of the caller before the next question."""

    def flush(self) -> None:
        """Turn the pending utterances into an action that cannot be interrupted."""

    def question_prompts(self, question: Sequence[str]) -> Sequence[str]:
        """The prompts of the question, or those that replace it after a miss."""

    def ask(
        self,
        num_digits: int | None = None,
        finish_on_key: str = "",
        hints: Sequence[str] | None = None,
        interrupt: bool | None = None,
    ) -> StepResult:
        """End the turn with a question. `hints` are the expected words; None where speech is not accepted."""

    def read_out(self) -> StepResult:
        """Say everything without interruption and continue when it has ended; no key is accepted before."""

    def wait_for(self, action: Action) -> StepResult:
        """Say everything without interruption and end the turn with this action."""

    def hints(self, languages: tuple[str, ...], expected: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """The recogniser hints of this step in these languages; computed once for each bundle."""

    def is_confident(self, event: SpeechHeard, effect: YesEffect = "menu") -> bool:
        """True where the recognition confidence reaches the minimum for the effect of this answer."""

    def remember_question(self) -> None:
        """Record this question in the history for `back`."""

    def miss(self, kind: str, onward: Target | None = None, said: PromptKey | None = None) -> StepResult:
        """Count a silence ("no_input") or a wrong answer ("no_match"). Then give up, continue at `onward`, or ask
        again.
        """

    def give_up(self) -> StepResult:
        """Leave for the `give_up` target: the caller cannot or will not answer."""

    # --- proofs and services ---------------------------------------------------------------------------------

    def is_proven(self, name: str) -> bool:
        """True while the caller has proven `name`."""

    def bind_confirmation(self, prompts: Sequence[str]) -> None:
        """The caller said yes to these prompts: bind the current values of what they name."""

    def yes_effect(self) -> YesEffect:
        """The greatest effect of a yes to this step."""

    def is_read_back(self, contract: ServiceContract) -> bool:
        """True where the last yes named everything that the service of this step is about to do."""

    def last_confirmation(self) -> Target | None:
        """The question whose yes led directly here; None where another question came in between."""

    def speaks_private_data(self) -> bool:
        """True where the prompts of this step speak customer data."""

    def refuse_unproven(self, contract: ServiceContract) -> StepResult:
        """Give up because a proof that the service requires is missing."""

    def invoke(self, service: str, inputs: Mapping[str, Any]) -> StepResult:
        """Call a service once for this visit to the step."""

    def count_refused_answer(self) -> None:
        """A service refused what was keyed: count a wrong answer at the question that asked for it."""

    def route(self, outcomes: Mapping[str, Target], outcome: str) -> StepResult:
        """Continue at the target of an outcome; an outcome that the flow does not route gives up."""
