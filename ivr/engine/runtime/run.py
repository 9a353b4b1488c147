"""One advance of one call: a working copy of the session, and the operations of steps on it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ivr.engine import phases
from ivr.engine.actions import Action, Continue, Gather, Invoke, Speak, Utterance
from ivr.engine.ask_settings import ReplacingPrompt
from ivr.engine.bundle import Bundle
from ivr.engine.contracts import LASTING, ServiceContract
from ivr.engine.events import Grant, ReadBack
from ivr.engine.node import Node
from ivr.engine.read_back import covers, read_back
from ivr.engine.references import PromptKey, Target
from ivr.engine.runtime.call_context import CallContext
from ivr.engine.session import HISTORY, PATH, Session
from ivr.engine.step_results import Goto, StepResult, Wait

NOT_DONE_PROMPT = "common.too_long"  # tells the caller that nothing was done


class Run(CallContext):
    """The runtime side of `StepRun`: gives access to the call and collects the actions of the turn."""

    __slots__ = ("actions", "extra", "invoked", "onward", "spoken", "trail")

    def __init__(self, bundle: Bundle, session: Session, now: datetime) -> None:
        super().__init__(bundle, session, now)
        self.actions: list[Action] = []
        self.spoken: list[Utterance] = []
        self.trail: list[tuple[str, str]] = []
        self.extra: dict[str, Any] = {}
        self.invoked: Invoke | None = None
        self.onward: Target | None = None  # replaces the next question after too many refused answers

    def set(self, name: str, value: Any) -> None:
        """Assign a variable of the flow. This revokes a yes that named the variable, even if the value is equal."""
        self.frame.variables[name] = value
        bound = self.last_read_back
        if bound is not None and bound.depth == len(self.session.frames) and name in bound.values:
            del self.session.grants["confirmation"]

    def bind_confirmation(self, prompts: Sequence[str]) -> None:
        """The caller said yes to these prompts: bind the current values of what they name."""
        services, depth = self.bundle.services, len(self.session.frames)
        said = read_back(prompts, self.prompts, self.flow, services, self.frame.variables, depth)
        self.session.grants["confirmation"] = Grant("confirmation", single_use=True, read_back=said)

    def is_read_back(self, contract: ServiceContract) -> bool:
        """True where the last yes named everything that the service of this step is about to do."""
        return covers(self.last_read_back, len(self.session.frames), contract, self.step.node.service_inputs())

    @property
    def last_read_back(self) -> ReadBack | None:
        """What the last yes is bound to, while it is valid."""
        grant = self.session.grants.get("confirmation")
        return grant.read_back if grant is not None else None

    def returned(self, name: str) -> Any:
        """A variable of the subflow that has just returned to this step."""
        return self.extra.get("returned", {}).get(name)

    def note(self, what: str) -> None:
        """Add a trail entry: the step and what happened there, never keyed data."""
        frame = self.frame
        self.trail.append((f"{frame.flow}.{frame.step}", what))
        if intent := self.bundle.flows[frame.flow].intent:
            self.session.intent = intent

    def record_path(self, flow: str) -> None:
        """Record the flow in the path that the agent sees."""
        path = self.session.path
        if not path or path[-1] != flow:
            path.append(flow)
            del path[:-PATH]

    # --- speaking and asking ---------------------------------------------------------------------------------

    def say(self, keys: Sequence[str], extra: Mapping[str, Any] | None = None, languages: Sequence[str] = ()) -> None:
        """Say prompts before the next question, in the caller's language or in each of several."""
        scope: Mapping[str, Any] | None = None
        for language in languages or (self.session.language,):
            prompts = self.bundle.prompts[language]
            for key in keys:
                if (fixed := prompts.fixed.get(key)) is not None:
                    self.spoken.append(fixed)
                    continue
                scope = self.scope(extra) if scope is None else scope
                self.spoken.extend(prompts.utterances(key, scope))

    def play(self, address: str) -> None:
        """Play a recording of the caller before the next question."""
        self.spoken.append(Utterance("", self.session.language, audio_url=address))

    def flush(self) -> None:
        """Turn the pending utterances into an action that cannot be interrupted."""
        if self.spoken:
            self.actions.append(Speak(tuple(self.spoken)))
            self.spoken = []

    def ask(
        self,
        num_digits: int | None = None,
        finish_on_key: str = "",
        hints: Sequence[str] | None = None,
        interrupt: bool | None = None,
    ) -> StepResult:
        """End the turn with a question. `hints` are the expected words; None where speech is not accepted.

        `interrupt` overrides the ask settings.
        """
        ask = self.step.ask
        stops = bool(ask.interrupt) if interrupt is None else interrupt
        if not stops:
            self.flush()
        gather = Gather(
            tuple(self.spoken), self.session.language, ask.wait or 6, num_digits, finish_on_key,
            hints is not None, tuple(hints or ()), stops,
        )  # fmt: skip
        self.actions.append(gather)
        self.spoken = []
        self.session.asked_timestamp, self.session.phase = self.timestamp, ""
        self.remember_question()
        return Wait()

    def read_out(self) -> StepResult:
        """Say everything without interruption and continue when it has ended; no key is accepted before."""
        self.flush()
        self.actions.append(Continue())
        self.session.asked_timestamp, self.session.phase = self.timestamp, phases.FACTS
        self.remember_question()
        return Wait()

    def wait_for(self, action: Action) -> StepResult:
        """Say everything without interruption and end the turn with this action."""
        self.flush()
        self.actions.append(action)
        return Wait()

    def remember_question(self) -> None:
        """Record this question in the history for `back`."""
        here = (len(self.session.frames), self.frame.flow, self.frame.step)
        if not self.session.history or self.session.history[-1] != here:
            self.session.history.append(here)
            del self.session.history[:-HISTORY]

    def miss(self, kind: str, onward: Target | None = None, said: PromptKey | None = None) -> StepResult:
        """Count a silence ("no_input") or a wrong answer ("no_match"). Then give up, continue at `onward`, or ask
        again.

        `said` replaces the prompt that is said after a miss.
        """
        frame, ask = self.frame, self.step.ask
        count = getattr(frame, kind) + 1
        setattr(frame, kind, count)
        self.session.misses += 1
        self.note(kind)
        if count >= (ask.tries or 3) or self.session.misses >= self.bundle.limits.misses:
            return self.give_up()
        if onward is not None:
            return Goto(onward)
        prompts = (ask.no_input if kind == "no_input" else ask.no_match) or ()
        entry = prompts[min(count, len(prompts)) - 1] if prompts else None
        return self._ask_again(said or entry)

    def _ask_again(self, entry: ReplacingPrompt | PromptKey | None) -> StepResult:
        node = self.step.node
        if isinstance(entry, ReplacingPrompt):
            self.extra["instead"] = (entry.instead,)
        elif entry is not None:
            self.say((entry,), languages=node.question_languages())
        move = node.enter(self)
        self.extra.pop("instead", None)
        return move

    def repeat_question(self) -> StepResult:
        """Repeat the question on request. Counts in the call's total of misses, so that it cannot go on for ever."""
        self.session.misses += 1
        if self.session.misses >= self.bundle.limits.misses:
            return self.give_up()
        return self.step.node.enter(self)

    def question_prompts(self, question: Sequence[str]) -> Sequence[str]:
        """The prompts of the question, or those that replace it after a miss."""
        instead: Sequence[str] | None = self.extra.get("instead")
        return instead if instead is not None else question

    def give_up(self) -> StepResult:
        """Leave for the `give_up` target: the caller cannot or will not answer."""
        target = self.step.ask.give_up or self.bundle.exit
        self.note("give_up")
        return Goto(target)

    def last_confirmation(self) -> Target | None:
        """The question whose yes led directly here, to be asked again; None where another question came in between."""
        if not self.session.history:
            return None
        depth, flow, step = self.session.history[-1]
        is_here = (depth, flow) == (len(self.session.frames), self.frame.flow)
        if not is_here or not self._led_here(self.flow.steps[step].node):
            return None
        target = Target(step)
        target.flow, target.step = flow, step
        return target

    def _led_here(self, node: Node) -> bool:
        yes = node.yes_target()
        return yes is not None and (yes.flow, yes.step) == self.step_id

    def refuse_unproven(self, contract: ServiceContract) -> StepResult:
        """Give up because a required proof is missing. Tell the caller that nothing was done where they might believe
        it.
        """
        self.note("gate closed")
        if contract.effects & LASTING or "confirmation" in contract.needs:
            self.say((NOT_DONE_PROMPT,))
        return self.give_up()

    # --- services --------------------------------------------------------------------------------------------

    def invoke(self, service: str, inputs: Mapping[str, Any]) -> StepResult:
        """Call a service once for this visit to the step."""
        return Invoke(service, inputs, f"{self.session.call_id}:{self.session.visit}", self.step.node.service_inputs())

    def count_refused_answer(self) -> None:
        """A service refused what was keyed: count a wrong answer at the question that asked for it.

        The prompt of the outcome is still said; after too many refusals the next question is skipped.
        """
        session = self.session
        session.misses += 1
        depth, flow, name = session.history[-1] if session.history else (0, "", "")
        frame = session.frames[depth - 1] if 0 < depth <= len(session.frames) else None
        step, count = self.step, 0
        if frame is not None and frame.flow == flow:
            step = self.bundle.flows[flow].steps[name]
            count = frame.refused[name] = frame.refused.get(name, 0) + 1
        if count >= (step.ask.tries or 3) or session.misses >= self.bundle.limits.misses:
            self.onward = step.ask.give_up or self.bundle.exit

    def route(self, outcomes: Mapping[str, Target], outcome: str) -> StepResult:
        """Continue at the target of an outcome; an outcome that the flow does not route gives up instead of dropping
        the call.
        """
        self.note(outcome)
        target = outcomes.get(outcome)
        return Goto(target) if target is not None else self.give_up()
