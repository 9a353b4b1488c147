"""Dial Conference: takes part in a conference until the participant leaves, is removed, or it ends."""

from exchange import faults
from exchange.attributes import address, choice, flag, integer, method, words
from exchange.callbacks import status_callback_plan
from exchange.channel import HungUp, Key, Redirected, RoomChanged, WebhookTarget
from exchange.clock import steady
from exchange.conferences import BEEPS, MAX_PARTICIPANTS, Conference, Participant
from exchange.faults import TwimlFault
from exchange.grammar import HOLD
from exchange.leg import MAX_CALL_SECONDS, CallbackPlan
from exchange.player import Player
from exchange.twiml import Document, Verb
from exchange.verbs.recording import callback_plan

MAX_LABEL_CHARACTERS = 128


def confer(player: Player, verb: Verb, noun: Verb, document: Document) -> bool:
    """False when the caller could not join: the conference is full, or its label is taken (16025)."""
    leg, conferences = player.leg, player.board.conferences
    who = _participant(player, noun)
    limit = integer(verb, "timeLimit", MAX_CALL_SECONDS, leg.warn, low=1)
    running = conferences.running(noun.text)
    if running is not None and who.label is not None and running.participant(who.label) is not None:
        leg.warn(faults.LABEL_TAKEN, f"participantLabel {who.label!r} is taken")
        return False
    if who.coaches is not None and (running is None or running.participant(who.coaches) is None):
        raise TwimlFault(faults.COACH_ABSENT, f"coach {who.coaches!r} is not in the conference")
    most = integer(noun, "maxParticipants", MAX_PARTICIPANTS, leg.warn, low=2, high=MAX_PARTICIPANTS)
    wait_url = noun.attributes.get("waitUrl", "").strip()
    wait_audio = WebhookTarget(address(document, wait_url), method(noun, "waitMethod")) if wait_url else None
    if noun.attributes.get("record") == "record-from-start":
        player.board.recordings.start(
            leg, "Conference", player.board.base_url, channels=1, plan=callback_plan(noun, document)
        )
    star = flag(verb, "hangupOnStar", False)
    return take_part(player, noun.text, who, most, _plan(noun, document), wait_audio, star, limit)


def take_part(
    player: Player,
    name: str,
    who: Participant,
    most: int = MAX_PARTICIPANTS,
    reports: CallbackPlan | None = None,
    wait_audio: WebhookTarget | None = None,
    hangup_on_star: bool = False,
    limit_seconds: int = MAX_CALL_SECONDS,
) -> bool:
    """Stays in the conference; `wait_audio` is played until it starts. Returns False when it is full."""
    deadline = steady() + limit_seconds
    conferences = player.board.conferences
    conference = conferences.join(name, who, most, reports)
    if conference is None:
        return False
    player.leg.tell("connected", **{"with": name})
    try:
        while who.removed is None:
            try:
                if _one_phase(player, conference, who, wait_audio, hangup_on_star, deadline):
                    break
            except RoomChanged:
                continue
    except (HungUp, Redirected) as interrupt:
        if isinstance(interrupt, Redirected):
            who.removed = who.removed or "participant_updated_via_api"
        raise
    finally:
        player.channel.listen()
        conferences.leave(conference, who)
        player.channel.clear_room_change()
    return True


def _one_phase(
    player: Player,
    conference: Conference,
    who: Participant,
    wait_audio: WebhookTarget | None,
    star: bool,
    deadline: float,
) -> bool:
    """One phase (wait audio, hold, announcement or talk), ended by RoomChanged; True on `*` or at the deadline."""
    if who.announcements:
        _play(player, who.announcements.popleft())
        return False
    source = who.hold_source if who.hold else wait_audio if conference.status == "init" else None
    if source is not None:
        _play(player, source)  # played once: unlike a queue, a conference does not repeat the wait URL
    player.channel.listen(*(("dtmf",) if star else ()))
    left = max(0.0, deadline - steady())
    heard = player.channel.wait_in_conversation(lambda: bool(who.removed or who.announcements), left)
    return steady() >= deadline or (isinstance(heard, Key) and heard.digit == "*")


def _play(player: Player, source: WebhookTarget) -> None:
    try:
        player.run(source, HOLD)
    except TwimlFault as fault:
        player.leg.warn(fault.code, fault.message)


def _participant(player: Player, noun: Verb) -> Participant:
    label = noun.attributes.get("participantLabel", "")[:MAX_LABEL_CHARACTERS]
    beep = choice(noun, "beep", tuple(BEEPS), player.leg.warn, faults.BEEP)
    on_enter, on_exit = BEEPS[beep]
    return Participant(
        player.leg,
        label=label or None,
        muted=flag(noun, "muted", False),
        starts=flag(noun, "startConferenceOnEnter", True),
        ends=flag(noun, "endConferenceOnExit", False),
        coaches=noun.attributes.get("coach") or None,
        beeps_on_enter=on_enter,
        beeps_on_exit=on_exit,
    )


def _plan(noun: Verb, document: Document) -> CallbackPlan | None:
    url = noun.attributes.get("statusCallback")
    if not url:
        return None
    events = words(noun, "statusCallbackEvent", "start end")
    return status_callback_plan(address(document, url), method(noun, "statusCallbackMethod"), events)
