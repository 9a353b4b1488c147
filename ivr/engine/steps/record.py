"""record: record a spoken message after a beep, play it back, and book a callback with it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from ivr.engine import actions
from ivr.engine.contracts import Effect, ServiceContract
from ivr.engine.events import DigitsPressed, Event, FlowReturned, MessageRecorded, ServiceAnswered
from ivr.engine.introspection import Provenance, SpokenPrompt, TypeRequirement
from ivr.engine.question import Question
from ivr.engine.references import Duration, PromptKeys, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.session import Frame, Session
from ivr.engine.step_results import StepResult
from ivr.engine.step_run import StepRun
from ivr.foundation.messages import message

SERVICE = "book_callback"
KEEP, AGAIN, FINISH = "1", "2", "#"
KEPT = "kept"  # trail labels of a message
RECORDED, REDONE = "recorded", "again"
_SAMPLE = "RE" + "0" * 32  # a placeholder recording for checks and transcripts


@register
class RecordStep(Question):
    """`record: message` with `number: number`, confirmed before. Key 1 keeps the message, 2 starts again.

    Keeping a message books a callback to that number. Callers in a queue cannot be recorded there: they continue to
    wait.
    """

    verb: ClassVar[str] = "record"

    record: VariableName = Field(description="the variable that keeps the recording")
    number: VariableName = Field(description="the variable that holds the number to call back, agreed to before")
    prompt: PromptKeys = Field(description="said before the tone")
    keep: PromptKeys = Field(description="said when the message was played back: 1 keeps it, 2 begins again")
    longest: Duration = Field(120, description="how long a message may be, such as 2min", ge=5, le=600)
    outcomes: dict[str, Target] = Field(description="booked, already, limit, invalid -> step")

    def service(self) -> str:
        return SERVICE

    def service_inputs(self) -> dict[str, VariableName]:
        return {"number": self.number, "recording": self.record}

    def enter(self, run: StepRun) -> StepResult:
        if run.session.queued:
            return run.give_up()
        if run.frame.page and self._message(run.frame) is not None:
            return self._offer(run)
        run.set(self.record, None)
        run.say(run.question_prompts(self.prompt))
        run.remember_question()
        return run.wait_for(actions.Record(self.longest, run.ask_settings.wait or 6, FINISH))

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if isinstance(event, MessageRecorded):
            return self._recorded(run, event)
        if isinstance(event, ServiceAnswered):
            if event.outcome in run.contract(SERVICE).refuses:
                run.count_refused_answer()
            return run.route(self.outcomes, event.outcome)
        if isinstance(event, DigitsPressed) and (kept := self._message(run.frame)) is not None:
            return self._decided(run, event.digits, kept)
        return run.miss("no_input")

    def _message(self, frame: Frame) -> Mapping[str, Any] | None:
        return frame.variables.get(str(self.record))

    def _recorded(self, run: StepRun, event: MessageRecorded) -> StepResult:
        if self._message(run.frame) is not None:
            return self._offer(run)  # a duplicate event: keep the message that was played back
        if not event.seconds:
            return run.miss("no_input")
        run.note(RECORDED)
        run.set(self.record, {"sid": event.recording, "url": event.url, "seconds": event.seconds})
        run.frame.page += 1  # counts the messages of this visit
        return self._offer(run)

    def _offer(self, run: StepRun) -> StepResult:
        run.play((self._message(run.frame) or {})["url"])
        run.say(self.keep)
        return run.ask(num_digits=1)

    def _decided(self, run: StepRun, keys: str, kept: Mapping[str, Any]) -> StepResult:
        if keys == KEEP:
            return self._keep(run, kept)
        if keys != AGAIN:
            return run.miss("no_match")
        run.note(REDONE)
        if run.frame.page >= (run.ask_settings.tries or 3):
            return run.give_up()
        run.set(self.record, None)
        return self.enter(run)

    def _keep(self, run: StepRun, kept: Mapping[str, Any]) -> StepResult:
        contract = run.contract(SERVICE)
        run.note(KEPT)
        if not run.is_proven("confirmation") or not run.is_read_back(contract):
            return run.refuse_unproven(contract)
        number = run.frame.variables.get(str(self.number))
        return run.invoke(SERVICE, {"number": number, "recording": kept["sid"]})

    # --- declarations -----------------------------------------------------------------------------------------

    def question(self) -> PromptKeys:
        return self.prompt

    def is_own_key(self, key: str) -> bool:
        return key in (KEEP, AGAIN)

    def completes_entry(self, keys: str) -> bool:
        return keys != FINISH

    def working_keys(self) -> frozenset[str]:
        return frozenset({KEEP, AGAIN, FINISH})

    def keys_to_name(self) -> frozenset[str]:
        return frozenset({KEEP, AGAIN})

    def sample_answers(self) -> Iterator[str]:
        yield from (FINISH, KEEP, AGAIN)

    def event_for_keys(self, keys: str, session: Session, at: datetime) -> Event:
        """The finish key ends a message while one is being recorded."""
        if keys == FINISH and self._message(session.frames[-1]) is None:
            return MessageRecorded(at, _SAMPLE, f"https://recordings.example/{_SAMPLE}", 5)
        return super().event_for_keys(keys, session, at)

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        yield from self.prompts_under("prompt", asked=True)
        yield from self.prompts_under("keep", asked=True)

    def routes(self) -> Mapping[str, Target]:
        return self.outcomes

    def trigger(self, label: str) -> str:
        told = message("service {service} answers {outcome}", service=SERVICE, outcome=label)
        return f"{FINISH}, {KEEP}, {told}"

    def writes(self) -> tuple[VariableName, ...]:
        return (self.record,)

    def assigned_at_exit(self, label: str, contract: ServiceContract | None) -> frozenset[str]:
        return frozenset({str(self.record)} if label in self.outcomes else ())

    def type_requirements(self) -> Iterator[TypeRequirement]:
        yield TypeRequirement(self.record, "choice", message("a recording is a choice"))
        yield TypeRequirement(self.number, "digits", message("a number to call is digits"))

    def provenance_of(self, name: str, what: str, contract: ServiceContract | None) -> Provenance | None:
        return Provenance("recorded at {place}") if name == self.record and what == RECORDED else None

    def effects(self, contract: ServiceContract | None) -> frozenset[Effect]:
        return super().effects(contract) | {"stores_contact"}

    def required_proofs(self, contract: ServiceContract | None, speaks_private_data: bool) -> frozenset[str]:
        return super().required_proofs(contract, speaks_private_data) | {"confirmation"}
