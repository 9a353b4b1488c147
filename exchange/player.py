"""Executes TwiML on one call leg: fetches a document, runs its verbs, follows their results."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from exchange import clock, faults
from exchange.attributes import flag
from exchange.channel import HungUp, InlineTwiml, Redirected, WebhookTarget
from exchange.faults import TwimlFault
from exchange.grammar import MAIN, admit
from exchange.leg import Leg
from exchange.parameters import standard
from exchange.speech import speaking_seconds
from exchange.switchboard import Switchboard
from exchange.twiml import Document, Verb, parse
from exchange.webhook import WebhookClient

APOLOGY = "We are sorry. This call cannot go on because the application made an error. Goodbye."
SILENT_DOCUMENTS = 20
"""After so many consecutive documents without audio or a wait, each further one is throttled."""

_log = logging.getLogger(__name__)


class QueueExit(Enum):
    """`<Leave>` was executed: the call leaves its queue."""

    QUEUE = "queue"


VerbResult = WebhookTarget | QueueExit | None
"""The result of a verb: another document, leaving the queue, or None for the next verb."""

Perform = Callable[["Player", Verb, Document], VerbResult]


class Player:
    """Executes documents in one leg's thread."""

    def __init__(self, players: "Players", leg: Leg) -> None:
        self.players = players
        self.board = board = players.board
        self.leg = leg
        self.channel = leg.channel
        self.client = WebhookClient(board.settings.auth_token)
        self.waiting = False

    def converse(self, source: WebhookTarget | InlineTwiml) -> None:
        """Runs documents until one ends without a successor; faults go to the fallback URL. Raises HungUp."""
        following: WebhookTarget | InlineTwiml | Document = source
        fault: TwimlFault | None = None
        fallback_wait_count = -1
        while True:
            try:
                if fault is not None:
                    following, fallback_wait_count = (
                        self._fallback_document(fault, again=fallback_wait_count == self.channel.wait_count),
                        self.channel.wait_count,
                    )
                    fault = None
                self.run(following)
                self.leg.hang_up("hotline", "document ended")
                return
            except Redirected as redirected:
                following, fault = redirected.source, None
            except TwimlFault as raised:
                fault = raised

    def run(
        self, source: WebhookTarget | InlineTwiml | Document, allowed: frozenset[str] = MAIN, looping: bool = False
    ) -> QueueExit | None:
        """Runs a document and those it leads to. `looping`: a wait loop, which is throttled and may be audio."""
        outer, self.waiting = self.waiting, looping
        try:
            return self._follow(source, allowed, looping)
        finally:
            self.waiting = outer

    def _follow(
        self, source: WebhookTarget | InlineTwiml | Document, allowed: frozenset[str], looping: bool
    ) -> QueueExit | None:
        silent = 0
        while True:
            waits, started = self.channel.wait_count, clock.steady()
            document = self._load(source, allowed, looping)
            step = self._perform(document)
            if not isinstance(step, WebhookTarget):
                return step
            source = step
            silent = silent + 1 if self.channel.wait_count == waits else 0
            if looping or silent >= SILENT_DOCUMENTS:
                self.channel.throttle(waits, started)

    def report(self, target: WebhookTarget) -> None:
        """Requests a URL and ignores the response, such as an `action` after the caller hung up."""
        try:
            self.client.fetch(target.url, target.method, self._form(target))
        except TwimlFault as fault:
            self.leg.warn(fault.code, fault.message)

    def close(self) -> None:
        self.client.close()

    def _form(self, target: WebhookTarget) -> list[tuple[str, str]]:
        said = {name for name, _ in target.form}
        usual = standard(self.leg, self.board.settings.account_sid)
        return [field for field in usual if field[0] not in said] + list(target.form)

    def _load(self, source: WebhookTarget | InlineTwiml | Document, allowed: frozenset[str], audio: bool) -> Document:
        document = source if isinstance(source, Document) else self._fetch(source, audio)
        document, notices = admit(document, allowed)
        for notice in notices:
            self.leg.warn(notice.code, notice.message)
        return document

    def _fetch(self, source: WebhookTarget | InlineTwiml, audio: bool) -> Document:
        if isinstance(source, InlineTwiml):
            return parse(source.twiml.encode())
        self.channel.check()
        answer = self.client.fetch(source.url, source.method, self._form(source))
        self.channel.check()
        if audio and answer.content_type.startswith("audio/"):
            return Document((Verb("Play", {}, (source.url,)),), source.url, source.method)
        if answer.content_type not in ("text/xml", "application/xml"):
            raise TwimlFault(faults.CONTENT_TYPE, f"content type {answer.content_type!r} is not XML", source.url)
        return parse(answer.body, source.url, source.method)

    def _perform(self, document: Document) -> VerbResult:
        for verb in document.verbs:
            self.channel.check()
            if not _leaves_ringing(verb):
                self.answer()
            step = self.players.verbs[verb.name](self, verb, document)
            if step is not None:
                return step
        self.answer()
        return None

    def answer(self) -> None:
        """Answers an inbound call that is still ringing."""
        if self.leg.status == "ringing":
            self.leg.move("in-progress")

    def _fallback_document(self, fault: TwimlFault, again: bool) -> Document:
        """The fallback's document. Without one, or if it failed before any wait (`again`), the call ends."""
        self.leg.tell("error", code=fault.code, message=fault.message)
        fallback = self.leg.fallback
        if fallback is not None and not again:
            form = (("ErrorCode", str(fault.code)), ("ErrorUrl", fault.url))
            try:
                return self._fetch(WebhookTarget(fallback.url, fallback.method, form), audio=False)
            except TwimlFault as second:
                self.leg.tell("error", code=second.code, message=second.message)
        self.answer()
        self.leg.tell("say", text=APOLOGY, language="en-US", voice="", seconds=speaking_seconds(APOLOGY))
        self.channel.play_audio(speaking_seconds(APOLOGY))
        self.leg.hang_up("exchange", "application error")
        raise HungUp


def _leaves_ringing(verb: Verb) -> bool:
    """True for a first verb that leaves an inbound call unanswered: Reject, and Dial with answerOnBridge."""
    return verb.name == "Reject" or (verb.name == "Dial" and flag(verb, "answerOnBridge", False))


@dataclass(frozen=True)
class Players:
    """The players of one exchange: its state, and the function for each verb."""

    board: Switchboard
    verbs: Mapping[str, Perform]

    def launch(self, leg: Leg, work: Callable[[Player], None]) -> None:
        """Starts the leg's thread; a leg beyond the exchange's capacity is busy at once."""
        if not self.board.admit(leg):
            leg.hang_up("exchange", "busy", status="busy", sip_code="486")
            self.board.callbacks.report(leg, "completed")
            leg.finished.set()
            return
        threading.Thread(target=self._run_leg, args=(leg, work), name=f"leg-{leg.sid}", daemon=True).start()

    def _run_leg(self, leg: Leg, work: Callable[[Player], None]) -> None:
        player = Player(self, leg)
        try:
            work(player)
        except HungUp:
            _log.debug("call leg %s is over: %s", leg.sid, leg.status)  # the normal end of a call
        except Exception:  # noqa: BLE001 - a fault of ours must not leave the phone hanging in silence
            _log.exception("a call leg's thread failed")
            leg.hang_up("exchange", "internal error", status="failed", sip_code="500")
        finally:
            leg.hang_up("exchange", "nothing left to do")
            player.close()
            self.board.recordings.close_all(leg)
            self.board.callbacks.report(leg, "completed")
            with self.board.lock:
                self.board.live.discard(leg)
            leg.finished.set()
