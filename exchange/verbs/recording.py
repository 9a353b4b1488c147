"""Record: records a message until a key, silence, or the maximum length."""

from exchange import faults
from exchange.attributes import Warn, address, flag, integer, method, words
from exchange.callbacks import status_callback_plan
from exchange.channel import HungUp, Key, WebhookTarget
from exchange.clock import steady
from exchange.leg import CallbackPlan
from exchange.player import Player
from exchange.recordings import Recording
from exchange.speech import speaking_seconds
from exchange.twiml import Document, Verb

ANY_KEY = "1234567890*#"
MAX_MESSAGE_SECONDS = 3600


def record(player: Player, verb: Verb, document: Document) -> WebhookTarget:
    """The `action` follows, or the current document again; verbs after Record never run."""
    target = address(document, verb.attributes.get("action", ""))
    if flag(verb, "playBeep", True):
        player.leg.tell("play", url="", seconds=1.0, text="beep")
        player.channel.play_audio(1.0)
    recording = player.board.recordings.start(
        player.leg, "RecordVerb", player.board.base_url, plan=callback_plan(verb, document)
    )
    message = _Message(player, verb)
    ended_by = "hangup"
    try:
        ended_by = message.take()
    except HungUp:
        _finish(player, recording, message)
        player.report(WebhookTarget(target, method(verb), _form(recording, ended_by)))
        raise
    finally:
        player.channel.listen()
        _finish(player, recording, message)
    return WebhookTarget(target, method(verb), _form(recording, ended_by))


def callback_plan(verb: Verb, document: Document) -> CallbackPlan | None:
    """The plan for `recordingStatusCallback`; completed by default."""
    url = verb.attributes.get("recordingStatusCallback")
    if not url:
        return None
    events = words(verb, "recordingStatusCallbackEvent", "completed")
    return status_callback_plan(address(document, url), method(verb, "recordingStatusCallbackMethod"), events)


class _Message:
    """What the caller says. In the stepped pace its duration is that of the words, since no time passes.

    Trimmed (the default), it lasts from the first word to the end of the last.
    """

    def __init__(self, player: Player, verb: Verb) -> None:
        self._player = player
        self._finish_on = _finishing_keys(verb, player.leg.warn)
        self._silence = integer(verb, "timeout", 5, player.leg.warn)
        self._longest = integer(verb, "maxLength", MAX_MESSAGE_SECONDS, player.leg.warn, low=1)
        self._trims = verb.attributes.get("trim", "trim-silence") == "trim-silence"
        self._started = steady()
        self._first_word = self._last_word = 0.0
        self.spoken = 0.0

    @property
    def seconds(self) -> float | None:
        if self._player.channel.stepped:
            return self.spoken
        return min(self._last_word, steady()) - self._first_word if self._trims else None

    def take(self) -> str:
        """The key that ended it, or '' for silence or the maximum length."""
        line = self._player.channel
        line.listen("dtmf", "speech")
        while True:
            heard = line.wait_for_signal(self._wait_seconds())
            if heard is None:
                return ""
            if isinstance(heard, Key):
                if heard.digit in self._finish_on:
                    return heard.digit
                continue
            self._player.leg.tell("heard", text=heard.text)
            self._hear(speaking_seconds(heard.text))
            if self.spoken >= self._longest:
                self.spoken = float(self._longest)
                return ""

    def _hear(self, seconds: float) -> None:
        now = steady()
        self._first_word = self._first_word or now
        self._last_word = max(self._last_word, now) + seconds
        self.spoken += seconds

    def _wait_seconds(self) -> float:
        left = max(0.0, self._longest - (steady() - self._started))
        return min(left, self._silence) if self._silence else left


def _finishing_keys(verb: Verb, warn: Warn) -> str:
    keys = verb.attributes.get("finishOnKey", ANY_KEY)
    if set(keys) <= set(ANY_KEY):
        return keys
    warn(faults.SCHEMA, f"finishOnKey={keys!r} of <Record> names what is no key")
    return ANY_KEY


def _finish(player: Player, recording: Recording, message: _Message) -> None:
    player.board.recordings.finish(recording, message.seconds)


def _form(recording: Recording, ended_by: str) -> tuple[tuple[str, str], ...]:
    return (
        ("RecordingUrl", recording.url),
        ("RecordingSid", recording.sid),
        ("RecordingDuration", str(recording.seconds)),
        ("Digits", ended_by),
    )
