"""Enqueue: the caller waits in a queue until somebody answers, or they leave (twilio.md, 2.3 and 6.5)."""

from exchange import faults
from exchange.attributes import address, method, whole
from exchange.bridge import Claim
from exchange.faults import TwimlFault
from exchange.grammar import BEFORE_DEQUEUE, QUEUE_WAIT
from exchange.line import HungUp, Redirected, Stirred, Target
from exchange.moments import steady
from exchange.player import Left, Player, Step
from exchange.queues import DEFAULT_SIZE, LARGEST_SIZE, NAME_CHARACTERS, Member
from exchange.twiml import Document, Verb

Form = tuple[tuple[str, str], ...]


def enqueue(player: Player, verb: Verb, document: Document) -> Step:
    """Waits; then the `action`, or without one the next verb."""
    name, queues = verb.text, player.board.queues
    if not name or len(name) > NAME_CHARACTERS:
        player.leg.warn(faults.SCHEMA, f"<Enqueue> names a queue of 1 to {NAME_CHARACTERS} characters")
        return _afterwards(verb, document, (("QueueResult", "error"),))
    size = whole(verb, "maxQueueSize", DEFAULT_SIZE, player.leg.warn, low=1, high=LARGEST_SIZE)
    member = queues.join(queues.open(name, size), player.leg)
    if member is None:
        return _afterwards(verb, document, (("QueueResult", "queue-full"),))
    player.leg.tell("queued", queue=name)
    return _until_out(player, verb, document, member)


def _until_out(player: Player, verb: Verb, document: Document, member: Member) -> Step:
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
        player.line.calm()
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


def _afterwards(verb: Verb, document: Document, form: Form) -> Target | None:
    action = verb.attributes.get("action")
    return None if action is None else Target(address(document, action), method(verb), form)


def _form(member: Member, result: str) -> Form:
    return ("QueueResult", result), ("QueueSid", member.queue.sid), ("QueueTime", str(member.seconds))


def _wait(player: Player, verb: Verb, document: Document, member: Member) -> str:
    """leave, or bridged after the conversation has ended."""
    wait_url = verb.attributes.get("waitUrl", "").strip()
    url = address(document, wait_url) if wait_url else None
    while True:
        waits, started = player.line.waits, steady()
        try:
            if url is None:
                player.line.timer(None)
            elif _round(player, verb, url, member) is Left.QUEUE:
                return "leave"
            player.line.breathe(waits, started)
        except Stirred:
            if member.claim is not None:
                return _be_answered(player, member, member.claim)


def _round(player: Player, verb: Verb, url: str, member: Member) -> Left | None:
    """One round of company; when its TwiML runs out it is asked for again."""
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
    return player.run(Target(url, method(verb, "waitUrlMethod"), form), QUEUE_WAIT, looping=True)


def _be_answered(player: Player, member: Member, claim: Claim) -> str:
    player.leg.tell("left_queue", result="bridged")
    if claim.greeting is not None:
        form = (
            ("QueueSid", member.queue.sid),
            ("QueueTime", str(member.seconds)),
            ("DequeingCallSid", claim.dialler.sid),  # Twilio's spelling
        )
        greeting = Target(claim.greeting.url, claim.greeting.method, form)
        try:
            player.run(greeting, BEFORE_DEQUEUE)
        except TwimlFault as fault:
            player.leg.warn(fault.code, f"<Queue>: {fault.message}")
    bridge = claim.connect()
    if bridge is None:
        return "bridging-in-process"
    bridge.talk(player.leg)
    return "bridged"
