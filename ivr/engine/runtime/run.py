"""One advance of one call: the working copy of the session, and what steps may do with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ivr.engine.actions import Action, Continue, Gather, Invoke, Speak, Utterance
from ivr.engine.bundle import Bundle, Flow, Step
from ivr.engine.contracts import LASTING, ServiceContract
from ivr.engine.events import Grant
from ivr.engine.node import Goto, Instead, Move, Node, Question, Wait
from ivr.engine.prompts import Prompts
from ivr.engine.reading_back import ReadBack, covers, read_back
from ivr.engine.references import PromptKey, Target
from ivr.engine.runtime import stray
from ivr.engine.session import HISTORY, PATH, Frame, Session

NOT_TAKEN = "common.too_long"  # what was just keyed was not carried out


class Run:
    """What a step sees: its bundle, its frame, the time; what it says and asks is collected here."""

    __slots__ = ("actions", "at", "bundle", "extra", "invoked", "moment", "onward", "session", "spoken", "trail")

    def __init__(self, bundle: Bundle, session: Session, moment: datetime) -> None:
        self.bundle = bundle
        self.session = session
        self.moment = moment
        self.at = moment.timestamp()
        self.actions: list[Action] = []
        self.spoken: list[Utterance] = []
        self.trail: list[tuple[str, str]] = []
        self.extra: dict[str, Any] = {}
        self.invoked: Invoke | None = None
        self.onward: Target | None = None  # where the next question leads instead: too many answers were refused

    # --- where the call stands -------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The innermost flow of the call."""
        return self.session.frames[-1]

    @property
    def flow(self) -> Flow:
        """The flow of the frame."""
        return self.bundle.flows[self.frame.flow]

    @property
    def step(self) -> Step:
        """The step of the frame."""
        frame = self.session.frames[-1]
        return self.bundle.flows[frame.flow].steps[frame.step]

    @property
    def prompts(self) -> Prompts:
        """The prompts in the caller's language."""
        return self.bundle.prompts[self.session.language]

    def scope(self, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Every name that a condition or a prompt can use here."""
        session = self.session
        return {
            "language": session.language,
            "identified": session.customer is not None,
            "caller_known": session.caller is not None,
            "now": self.moment.astimezone(self.bundle.zone).isoformat(timespec="seconds"),
            **self.bundle.constants,
            **self.frame.variables,
            **(extra or {}),
        }

    def set(self, name: str, value: Any) -> None:
        """Set a variable of the flow; a yes that named it named another value, even where both are equal."""
        self.frame.variables[name] = value
        bound = self.bound
        if bound is not None and bound.depth == len(self.session.frames) and name in bound.values:
            del self.session.grants["confirmation"]

    def holds(self, name: str) -> bool:
        """True while the caller has proven `name`."""
        return self.session.holds(name, self.at)

    def bind(self, prompts: Sequence[str]) -> None:
        """The caller said yes to these prompts: to what they name, as it is now."""
        services, depth = self.bundle.services, len(self.session.frames)
        said = read_back(prompts, self.prompts, self.flow, services, self.frame.variables, depth)
        self.session.grants["confirmation"] = Grant("confirmation", once=True, read_back=said)

    def is_read_back(self, contract: ServiceContract) -> bool:
        """True where the last yes named all that the service of this step is about to do."""
        return covers(self.bound, len(self.session.frames), contract, self.step.node.given())

    @property
    def bound(self) -> ReadBack | None:
        """What the last yes was said to, while it stands."""
        grant = self.session.grants.get("confirmation")
        return grant.read_back if grant is not None else None

    def note(self, what: str) -> None:
        """One entry of the trail: the step and what happened there, never what was keyed as data."""
        frame = self.frame
        self.trail.append((f"{frame.flow}.{frame.step}", what))
        if intent := self.bundle.flows[frame.flow].intent:
            self.session.intent = intent

    def walked(self, flow: str) -> None:
        """Remember for the agent which flows the caller went through."""
        path = self.session.path
        if not path or path[-1] != flow:
            path.append(flow)
            del path[:-PATH]

    # --- speaking and asking ---------------------------------------------------------------------------------

    def say(self, keys: Sequence[str], extra: Mapping[str, Any] | None = None, languages: Sequence[str] = ()) -> None:
        """Say prompts before whatever is asked next, in the caller's language or in each of several."""
        scope: Mapping[str, Any] | None = None
        for language in languages or (self.session.language,):
            prompts = self.bundle.prompts[language]
            for key in keys:
                if (fixed := prompts.fixed.get(key)) is not None:
                    self.spoken.append(fixed)
                    continue
                scope = self.scope(extra) if scope is None else scope
                self.spoken.extend(prompts.utterances(key, scope))

    def flush(self) -> None:
        """Turn what is still to be said into an action that cannot be interrupted."""
        if self.spoken:
            self.actions.append(Speak(tuple(self.spoken)))
            self.spoken = []

    def ask(
        self,
        num_digits: int | None = None,
        finish_on_key: str = "",
        hints: Sequence[str] | None = None,
        interrupt: bool | None = None,
    ) -> Move:
        """End the turn with a question; `hints` are what may be said, None where speech is not heard.

        `interrupt` is for a question that decides itself whether a key stops it.
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
        self.session.asked, self.session.phase = self.at, ""
        self.remember()
        return Wait()

    def read_out(self) -> Move:
        """Say everything whole, and come back when it is over: no key is taken before."""
        self.flush()
        self.actions.append(Continue())
        self.session.asked, self.session.phase = self.at, stray.FACTS
        self.remember()
        return Wait()

    def remember(self) -> None:
        """Keep this question for whoever goes back."""
        here = (len(self.session.frames), self.frame.flow, self.frame.step)
        if not self.session.history or self.session.history[-1] != here:
            self.session.history.append(here)
            del self.session.history[:-HISTORY]

    def miss(self, kind: str, onward: Target | None = None, said: PromptKey | None = None) -> Move:
        """Count a silence ("no_input") or a wrong answer ("no_match"); give up, or go onward, or ask again.

        `said` takes the place of what the question says after a miss.
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
        return self._again(said or entry)

    def _again(self, entry: Instead | PromptKey | None) -> Move:
        node = self.step.node
        if isinstance(entry, Instead) and isinstance(node, Question):
            self.extra["instead"] = (entry.instead,)
        elif entry is not None and not isinstance(entry, Instead):
            self.say((entry,), languages=node.spoken_in() if isinstance(node, Question) else ())
        move = node.enter(self)
        self.extra.pop("instead", None)
        return move

    def again(self) -> Move:
        """Say the question once more, on the caller's wish; it counts in the total of the call, so that it ends."""
        self.session.misses += 1
        if self.session.misses >= self.bundle.limits.misses:
            return self.give_up()
        return self.step.node.enter(self)

    def question(self, node: Question) -> Sequence[str]:
        """The prompts to ask with: the step's own, or what a miss put in their place."""
        instead: Sequence[str] | None = self.extra.get("instead")
        return instead if instead is not None else node.question()

    def give_up(self) -> Move:
        """The caller cannot or will not answer: on to whoever helps then."""
        target = self.step.ask.give_up or self.bundle.exit
        self.note("give_up")
        return Goto(target)

    def last_confirmation(self) -> Target | None:
        """The question whose yes led right here, to be asked again; None where more was asked since."""
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
        yes = getattr(node, "yes", None) if "yes" in node.grants else None
        return isinstance(yes, Target) and (yes.flow, yes.step) == (self.frame.flow, self.frame.step)

    def close_gate(self, contract: ServiceContract) -> Move:
        """What a service needs was not proven: the caller hears that nothing was done, where that could be believed."""
        self.note("gate closed")
        if contract.effects & LASTING or "confirmation" in contract.needs:
            self.say((NOT_TAKEN,))
        return self.give_up()

    # --- services --------------------------------------------------------------------------------------------

    def invoke(self, service: str, inputs: Mapping[str, Any]) -> Move:
        """Ask a service once for this visit to the step."""
        return Invoke(service, inputs, f"{self.session.call}:{self.session.visit}", self.step.node.given())

    def values(self, names: Mapping[str, str]) -> dict[str, Any]:
        """input name -> value, from a mapping of input name -> variable name."""
        scope = self.scope()
        return {given: scope.get(name) for given, name in names.items()}

    def route(self, outcomes: Mapping[str, Target], outcome: str) -> Move:
        """The target of an outcome; one that the flow does not route gives up rather than drops the call."""
        self.note(outcome)
        target = outcomes.get(outcome)
        return Goto(target) if target is not None else self.give_up()
