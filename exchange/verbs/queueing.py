"""Enqueue: the caller waits in a queue until somebody answers, or the caller leaves."""

from exchange import faults
from exchange.attributes import address, integer, method
from exchange.bridge import Claim
from exchange.channel import HungUp, Redirected, RoomChanged, WebhookTarget
from exchange.clock import steady
from exchange.faults import TwimlFault
from exchange.grammar import BEFORE_DEQUEUE, QUEUE_WAIT
from exchange.player import Player, QueueExit, VerbResult
from exchange.queues import DEFAULT_QUEUE_SIZE, MAX_NAME_CHARACTERS, MAX_QUEUE_SIZE, Member
from exchange.twiml import Document, Verb

Form = tuple[tuple[str, str], ...]


def enqueue(player: Player, verb: Verb, document: Document) -> VerbResult:
    """Waits; then the `action`, or the next verb if there is none."""
    name, queues = verb.text, player.board.queues
    if not name or len(name) > MAX_NAME_CHARACTERS:
        player.leg.warn(faults.SCHEMA, f"<Enqueue> names a queue of 1 to {MAX_NAME_CHARACTERS} characters")
        return _afterwards(verb, document, (("QueueResult", "error"),))
    size = integer(verb, "maxQueueSize", DEFAULT_QUEUE_SIZE, player.leg.warn, low=1, high=MAX_QUEUE_SIZE)
    member = queues.join(queues.open(name, size), player.leg)
    if member is None:
        return _afterwards(verb, document, (("QueueResult", "queue-full"),))
    player.leg.tell("queued", queue=name)
    return _until_out(player, verb, document, member)


def _until_out(player: Player, verb: Verb, document: Document, member: Member) -> VerbResult:
    result = "error"
    try:
        result = _wait(player, verb, document, member)
    except (HungUp, Redirected) as interrupt:
        result = _interrupted(member, hung_up=isinstance(interrupt, HungUp))
        player.board.queues.take_out(member)
        step = _afterwards(verb, document, _form(member, result))
        if step is not None:
            player.report(step)
        raise
    finally:
        player.board.queues.take_out(member)
        player.channel.clear_room_change()
        if member.claim is not None:
            member.claim.drop()
        else:
            player.leg.tell("left_queue", result=result)
    return _afterwards(verb, document, _form(member, result))


def _interrupted(member: Member, hung_up: bool) -> str:
    bridged = member.claim is not None and member.claim.bridge is not None
    if hung_up:
        return "bridged" if bridged else "hangup"
    return "redirected-from-bridged" if bridged else "redirected"


def _afterwards(verb: Verb, document: Document, form: Form) -> WebhookTarget | None:
    action = verb.attributes.get("action")
    return None if action is None else WebhookTarget(address(document, action), method(verb), form)


def _form(member: Member, result: str) -> Form:
    return ("QueueResult", result), ("QueueSid", member.queue.sid), ("QueueTime", str(member.seconds))


def _wait(player: Player, verb: Verb, document: Document, member: Member) -> str:
    """ "leave", or "bridged" after the conversation has ended."""
    wait_url = verb.attributes.get("waitUrl", "").strip()
    url = address(document, wait_url) if wait_url else None
    while True:
        waits, started = player.channel.wait_count, steady()
        try:
            if url is None:
                player.channel.wait_for_signal(None)
            elif _play_wait_document(player, verb, url, member) is QueueExit.QUEUE:
                return "leave"
            player.channel.throttle(waits, started)
        except RoomChanged:
            if member.claim is not None:
                return _connect_to_dialler(player, member, member.claim)


def _play_wait_document(player: Player, verb: Verb, url: str, member: Member) -> QueueExit | None:
    """Plays the wait URL's document once; it is requested again when it ends."""
    with player.board.lock:
        queue = member.queue
        form = (
            ("QueueSid", queue.sid),
            ("QueuePosition", str(queue.position(member))),
            ("QueueTime", str(member.seconds)),
            ("AvgQueueTime", str(queue.average_seconds)),
            ("CurrentQueueSize", str(len(queue.members))),
            ("MaxQueueSize", str(queue.max_size)),
        )
    return player.run(WebhookTarget(url, method(verb, "waitUrlMethod"), form), QUEUE_WAIT, looping=True)


def _connect_to_dialler(player: Player, member: Member, claim: Claim) -> str:
    player.leg.tell("left_queue", result="bridged")
    if claim.greeting is not None:
        form = (
            ("QueueSid", member.queue.sid),
            ("QueueTime", str(member.seconds)),
            ("DequeingCallSid", claim.dialler.sid),  # Twilio's spelling
        )
        greeting = WebhookTarget(claim.greeting.url, claim.greeting.method, form)
        try:
            player.run(greeting, BEFORE_DEQUEUE)
        except TwimlFault as fault:
            player.leg.warn(fault.code, f"<Queue>: {fault.message}")
    bridge = claim.connect()
    if bridge is None:
        return "bridging-in-process"
    bridge.talk(player.leg)
    return "bridged"
