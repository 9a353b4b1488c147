"""Dial: connects the caller with telephones, a waiting caller, or a conference."""

from dataclasses import dataclass

from exchange import faults
from exchange.attributes import address, flag, integer, method, words
from exchange.bridge import Bridge
from exchange.callbacks import status_callback_plan
from exchange.channel import HungUp, WebhookTarget
from exchange.dial_attempt import DialAttempt, Party
from exchange.leg import MAX_CALL_SECONDS
from exchange.numbers import is_callable
from exchange.player import Player, VerbResult
from exchange.settings import CLIENT, WITHHELD
from exchange.twiml import Document, Verb
from exchange.verbs.conferring import confer
from exchange.verbs.recording import callback_plan

MAX_PARTIES = 10


@dataclass
class DialOutcome:
    """The data for the Dial's `action`; sid and duration are unknown for a conference."""

    status: str = "canceled"
    sid: str | None = None
    bridge: Bridge | None = None
    recording_url: str | None = None

    def form(self) -> tuple[tuple[str, str], ...]:
        """`DialCallDuration` is left out when the called leg was redirected before it disconnected."""
        form = [("DialCallStatus", self.status), ("DialBridged", "true" if self.bridge else "false")]
        if self.sid is not None:
            form.append(("DialCallSid", self.sid))
        if self.bridge is not None and self.bridge.redirected is None:
            form.append(("DialCallDuration", str(self.bridge.seconds)))
        if self.recording_url is not None:
            form.append(("RecordingUrl", self.recording_url))
        return tuple(form)


def dial(player: Player, verb: Verb, document: Document) -> VerbResult:
    """The `action` follows, or the next verb if there is none; the end of the call is reported, too."""
    outcome, action = DialOutcome(), verb.attributes.get("action")
    target = None if action is None else address(document, action)
    try:
        _connect(player, verb, document, outcome)
    except HungUp:
        if target is not None:
            player.report(WebhookTarget(target, method(verb), outcome.form()))
        raise
    return None if target is None else WebhookTarget(target, method(verb), outcome.form())


def _connect(player: Player, verb: Verb, document: Document, outcome: DialOutcome) -> None:
    noun = next((each for each in verb.nested if each.name in ("Queue", "Conference")), None)
    if noun is None:
        _dial_phones(player, verb, document, outcome)
    elif noun.name == "Queue":
        _dial_queue(player, verb, noun, document, outcome)
    else:
        player.answer()
        outcome.status = "answered"
        if not confer(player, verb, noun, document):
            outcome.status = "failed"


def _dial_phones(player: Player, verb: Verb, document: Document, outcome: DialOutcome) -> None:
    parties, caller_id = _parties(verb, document), _caller_id(player, verb)
    bad = [each.number for each in parties if not (is_callable(each.number) or CLIENT.fullmatch(each.number))]
    outcome.status = "failed"
    if caller_id is None:
        player.leg.warn(faults.DIAL_CALLER_ID, "<Dial callerId> is no number of this account or call")
    elif bad or not 1 <= len(parties) <= MAX_PARTIES:
        player.leg.warn(faults.DIAL_NUMBER, f"<Dial> cannot call {', '.join(bad) or len(parties)}")
    else:
        rounds = [[each] for each in parties] if flag(verb, "sequential", False) else [parties]
        for several in rounds:
            if _ring(player, verb, document, outcome, several, caller_id):
                return


def _ring(
    player: Player, verb: Verb, document: Document, outcome: DialOutcome, parties: list[Party], caller_id: str
) -> bool:
    """True when somebody answered, and talked or was screened out."""
    attempt = DialAttempt(player.players, player.leg, caller_id, integer(verb, "timeout", 30, player.leg.warn, low=1))
    outcome.status = "canceled"
    unanswered = "canceled"
    try:
        attempt.start(parties)
        player.channel.wait_for_signal(None, until=attempt.settled)
        unanswered = "no-answer"
        if attempt.bridge is not None:
            outcome.bridge = attempt.bridge
            _talk(player, verb, document, outcome, attempt.bridge)
    finally:
        attempt.close(unanswered)
        outcome.status = attempt.outcome()
        spoken_to = attempt.winner or attempt.legs[-1]
        outcome.sid = spoken_to.sid
    return outcome.status == "completed"


def _talk(player: Player, verb: Verb, document: Document, outcome: DialOutcome, bridge: Bridge) -> None:
    player.answer()
    recording = None
    how = verb.attributes.get("record", "do-not-record")
    if how.startswith("record-from-"):
        recording = player.board.recordings.start(
            player.leg,
            "DialVerb",
            player.board.base_url,
            channels=2 if how.endswith("-dual") else 1,
            plan=callback_plan(verb, document),
        )
        outcome.recording_url = recording.url
    limit = integer(verb, "timeLimit", MAX_CALL_SECONDS, player.leg.warn, low=1)
    try:
        bridge.talk(player.leg, limit, flag(verb, "hangupOnStar", False))
    finally:
        if recording is not None:
            player.board.recordings.finish(recording)


def _dial_queue(player: Player, verb: Verb, noun: Verb, document: Document, outcome: DialOutcome) -> None:
    """Waits for a caller until the timeout; a queue that does not exist fails at once."""
    queues, leg = player.board.queues, player.leg
    queue = queues.named(noun.text)
    if queue is None:
        leg.warn(faults.SCHEMA, f"there is no queue {noun.text!r} to dial")
        outcome.status = "failed"
        return
    url = noun.attributes.get("url")
    greeting = WebhookTarget(address(document, url), method(noun)) if url else None
    with player.board.lock:
        queue.diallers.append(leg)
    try:
        while outcome.bridge is None:
            player.channel.wait_for_signal(
                integer(verb, "timeout", 30, leg.warn, low=1), until=lambda: bool(queue.members)
            )
            claim = queues.claim_first(queue, leg, greeting)
            if claim is None:
                outcome.status = "no-answer"
                return
            try:
                player.channel.wait_in_conversation(lambda: claim.decided)  # noqa: B023 - done before the loop goes on
                if claim.bridge is not None:
                    outcome.bridge, outcome.status, outcome.sid = claim.bridge, "completed", claim.caller.sid
                    _talk(player, verb, document, outcome, claim.bridge)
            finally:
                claim.drop()
    finally:
        with player.board.lock:
            queue.diallers.remove(leg)


def _parties(verb: Verb, document: Document) -> list[Party]:
    nouns = [each for each in verb.nested if each.name in ("Number", "Client")]
    if not nouns and verb.text:
        return [Party(verb.text.replace(" ", ""))]
    return [_party(noun, document) for noun in nouns]


def _party(noun: Verb, document: Document) -> Party:
    identity = next((each.text for each in noun.nested if each.name == "Identity"), noun.text)
    url, reports = noun.attributes.get("url"), noun.attributes.get("statusCallback")
    return Party(
        number=f"client:{identity}" if noun.name == "Client" else noun.text.replace(" ", ""),
        screening=WebhookTarget(address(document, url), method(noun)) if url else None,
        callback=status_callback_plan(
            address(document, reports) if reports else None,
            method(noun, "statusCallbackMethod"),
            words(noun, "statusCallbackEvent", "completed"),
        ),
    )


def _caller_id(player: Player, verb: Verb) -> str | None:
    """The caller's own number, unless the Dial names another one that this call or account may show."""
    leg, wanted = player.leg, verb.attributes.get("callerId")
    own = (leg.caller, leg.called, player.board.settings.hotline_number)
    if wanted is None:
        return leg.caller
    return wanted if wanted in own or wanted in WITHHELD else None
