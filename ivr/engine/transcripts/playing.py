"""Plays a transcript with the real engine: prompts are named, not spoken, and services return what is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ivr.engine.actions import Action, Enqueue, Gather, Speak
from ivr.engine.bundle import Bundle
from ivr.engine.checks.gates import SINGLE_USE
from ivr.engine.checks.simulation import named_prompts
from ivr.engine.events import (
    QUEUE_RESULTS,
    CallStarted,
    Event,
    Grant,
    HungUp,
    NothingHeard,
    QueueLeft,
    SpeechHeard,
)
from ivr.engine.findings import OptionalMessage, suggestion
from ivr.engine.references import Target
from ivr.engine.runtime.machine import advance, heard_out, open_session
from ivr.engine.session import Session
from ivr.engine.transcripts.behaviours import HANG_UP, Behaviour, shown
from ivr.engine.transcripts.key_input import pressed_keys
from ivr.engine.transcripts.reading import (
    Row,
    Transcript,
    TranscriptFault,
    TranscriptTurn,
    call_row_values,
    read_transcripts,
)
from ivr.engine.transcripts.stubs import Stub, answer, stub_of
from ivr.foundation.messages import message

MAX_SERVICE_CALLS = 500  # maximum number of service calls in one turn
PAUSE = timedelta(seconds=3)  # simulated time before each caller action
AT_ONCE = timedelta(seconds=0.2)  # simulated time before a stray key
Trail = tuple[Behaviour, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one call. `problem` is empty when it passed; otherwise `line` is the row that failed."""

    file: str
    name: str
    line: int
    problem: OptionalMessage
    trail: Trail


def play_text(bundle: Bundle, file: str, text: str) -> list[Result]:
    """Play every call of a transcript file, in each language unless it names one."""
    try:
        transcripts = read_transcripts(text)
    except TranscriptFault as fault:
        return [Result(file, "", fault.line, fault.problem, ())]
    silent = replace(bundle, prompts=named_prompts(bundle))
    return [_play(silent, file, call, language) for each in transcripts for call, language in _calls(bundle, each)]


def _calls(bundle: Bundle, transcript: Transcript) -> Iterator[tuple[Transcript, str]]:
    words = transcript.turns[0].action.value
    if isinstance(words, Mapping) and "language" in words:
        yield transcript, str(words["language"])
    else:
        yield from ((replace(transcript, name=f"{transcript.name} ({each})"), each) for each in bundle.languages)


def _play(bundle: Bundle, file: str, transcript: Transcript, language: str) -> Result:
    call = _Call(bundle, language)
    line = transcript.line
    problem: OptionalMessage = ""
    try:
        for turn in transcript.turns:
            line = turn.action.line
            call.take(turn)
    except TranscriptFault as fault:
        line, problem = fault.line, fault.problem
    except (LookupError, TypeError, ValueError) as error:
        problem = message("the call breaks: {value}", value=error.args[0] if error.args else type(error).__name__)
    return Result(file, transcript.name, line, problem, tuple(call.trail))


@dataclass(slots=True)
class _Call:
    bundle: Bundle
    language: str
    session: Session | None = None
    at: datetime = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    heard: list[str] = field(default_factory=list)
    trail: list[Behaviour] = field(default_factory=list)
    queued: bool = False
    _actions: list[Action] = field(default_factory=list)

    def take(self, turn: TranscriptTurn) -> None:
        """Play one caller action and check what must be heard after it."""
        stubs = [stub_of(self.bundle, row) for row in turn.services]
        self.heard.clear()
        self.at += AT_ONCE if turn.action.word == "stray" else PAUSE
        for event in self._events(turn.action):
            self._advance(event, stubs, turn.action)
        if stubs:
            raise TranscriptFault(
                stubs[0].line, message("nothing asked the service '{service}' here", service=stubs[0].service)
            )
        for row in turn.checks:
            self._check(row)

    def _events(self, row: Row) -> Iterator[Event]:
        value = row.value
        if row.word == "call":
            yield self._open(row)
        elif self.session is None or self.session.ended:
            raise TranscriptFault(row.line, message("the call is over already"))
        elif row.word in ("press", "stray"):
            yield pressed_keys(self.bundle, self.session, _keys(str(value)), self.at)
        elif row.word in ("say", "unsure"):
            yield SpeechHeard(self.at, str(value), 1.0 if row.word == "say" else 0.0)
        elif row.word == "silence":
            for _ in range(int(value or 1)):
                yield NothingHeard(self.at)
                self.at += PAUSE
        elif row.word == HANG_UP:
            yield HungUp(self.at)
        else:
            if value not in QUEUE_RESULTS or not (self.queued or self.session.queued):
                raise TranscriptFault(
                    row.line,
                    message(
                        "nobody is in a queue here, or this is not one of its results: {near}",
                        near=suggestion(value, QUEUE_RESULTS),
                    ),
                )
            yield QueueLeft(self.at, str(value))

    def _open(self, row: Row) -> Event:
        words = call_row_values(row)
        language, spoken_here = self.language, self.bundle.languages
        if language not in spoken_here:
            raise TranscriptFault(
                row.line,
                message(
                    "the language '{language}' is not configured; {near}",
                    language=language,
                    near=suggestion(language, spoken_here),
                ),
            )
        if "hour" in words:
            self.at = _hour(self.bundle, row, str(words["hour"]))
        self.session = open_session(self.bundle, "transcript", self.at, language)
        self.session.customer_id = "1" if words.get("identified") == "true" or words.get("proven") else None
        self.session.grants = {
            str(name): Grant(str(name), single_use=name in SINGLE_USE) for name in words.get("proven", ())
        }
        if "start" in words:
            self.bundle = replace(self.bundle, entry=_start(self.bundle, row, str(words["start"])))
        return CallStarted(self.at, str(words["from"]) if "from" in words else None)

    def _advance(self, event: Event, stubs: list[Stub], row: Row) -> None:
        for _ in range(MAX_SERVICE_CALLS):
            assert self.session is not None  # noqa: S101 - a call begins with its opening
            turn = heard_out(self.bundle, advance(self.bundle, self.session, event), event.at + PAUSE)
            self.at = max(self.at, datetime.fromtimestamp(turn.session.asked_timestamp, self.at.tzinfo))
            self.trail += shown(self.bundle, self.session, event, turn)
            self.session = turn.session
            self._hear(turn.actions)
            if turn.invoke is None:
                return
            event = answer(self.bundle, turn.invoke, stubs, self.at)
        raise TranscriptFault(
            row.line,
            message("more than {most} services were asked without a word to the caller", most=MAX_SERVICE_CALLS),
        )

    def _hear(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            self.queued = isinstance(action, Enqueue)
            if isinstance(action, Speak | Gather):
                self.heard += [utterance.key for utterance in action.utterances]

    def _check(self, row: Row) -> None:
        if row.word == "hear":
            wanted = [row.value] if isinstance(row.value, str) else list(row.value)
            rest = iter(self.heard)
            missed = next((key for key in wanted if key not in rest), None)
            if missed is not None:
                known = self.bundle.prompts[self.bundle.languages[0]].prompts
                hint = "" if missed in known else message(" ({near})", near=suggestion(missed, known))
                raise TranscriptFault(
                    row.line,
                    message(
                        "'{missed}' was not heard{hint}; heard: {value}",
                        missed=missed,
                        hint=hint,
                        value=", ".join(self.heard) or message("nothing"),
                    ),
                )
        elif self._end() != row.value:
            raise TranscriptFault(
                row.line, message("the call stands at {end}, not at {value}", end=self._end(), value=row.value)
            )

    def _end(self) -> str:
        assert self.session is not None  # noqa: S101 - a call begins with its opening
        if self.session.ended:
            return "hang_up"
        frame = self.session.frames[-1]
        return "queue" if self.queued else f"{frame.flow}.{frame.step}"


def _hour(bundle: Bundle, row: Row, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=bundle.zone)
    except ValueError as error:
        raise TranscriptFault(row.line, message("'{text}' is not a time; write 2026-11-24 10:00", text=text)) from error


def _start(bundle: Bundle, row: Row, text: str) -> Target:
    flow, _, step = text.partition(".")
    if flow not in bundle.flows or (step and step not in bundle.flows[flow].steps):
        places = [f"{f.name}.{name}" for f in bundle.flows.values() for name in f.steps]
        raise TranscriptFault(
            row.line, message("there is no step '{text}'; {near}", text=text, near=suggestion(text, places))
        )
    target = Target(text)
    target.flow, target.step = flow, step or bundle.flows[flow].start
    return target


def _keys(written: str) -> str:
    """Keys as they arrive: the provider removes the # that ends a number; a lone # is a key."""
    keys = written.replace("star", "*").replace("hash", "#").replace(" ", "")
    return keys[:-1] if len(keys) > 1 and keys.endswith("#") else keys
