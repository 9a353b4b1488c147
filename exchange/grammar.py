"""The verbs, attributes and nestings of TwiML. Anything unknown gives a warning (12200) and is removed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from exchange import faults
from exchange.twiml import Document, Verb


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "Say": _words("voice language loop"),
    "Play": _words("loop digits"),
    "Pause": _words("length"),
    "Gather": _words(
        "input action method actionOnEmptyResult timeout finishOnKey numDigits speechTimeout speechModel language "
        "hints profanityFilter partialResultCallback partialResultCallbackMethod enhanced bargeIn maxSpeechTime debug"
    ),
    "Redirect": _words("method"),
    "Enqueue": _words("action method waitUrl waitUrlMethod workflowSid maxQueueSize"),
    "Leave": frozenset(),
    "Dial": _words(
        "action method timeout timeLimit callerId answerOnBridge hangupOnStar record recordingStatusCallback "
        "recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack trim sequential ringTone referUrl "
        "referMethod callReason"
    ),
    "Number": _words(
        "url method sendDigits statusCallback statusCallbackEvent statusCallbackMethod byoc machineDetection "
        "machineDetectionTimeout machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold "
        "machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod"
    ),
    "Client": _words("url method statusCallback statusCallbackEvent statusCallbackMethod"),
    "Identity": frozenset(),
    "Parameter": _words("name value"),
    "Queue": _words("url method reservationSid postWorkActivitySid"),
    "Conference": _words(
        "muted beep startConferenceOnEnter endConferenceOnExit participantLabel waitUrl waitMethod maxParticipants "
        "coach record region trim statusCallback statusCallbackEvent statusCallbackMethod recordingStatusCallback "
        "recordingStatusCallbackMethod recordingStatusCallbackEvent eventCallbackUrl jitterBufferSize"
    ),
    "Record": _words(
        "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback "
        "recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback"
    ),
    "Hangup": frozenset(),
    "Reject": _words("reason"),
    "Start": _words("action method"),
    "Stop": frozenset(),
}
"""Attributes by element."""

NESTING: Mapping[str, frozenset[str]] = {
    "Gather": _words("Say Play Pause"),
    "Dial": _words("Number Client Queue Conference"),
    "Client": _words("Identity Parameter"),
}
"""Elements that may contain others. The contents of Say (SSML) and of Start and Stop (not executed) are not checked."""

OPAQUE = _words("Say Start Stop")

MAIN = _words("Say Play Pause Gather Redirect Enqueue Dial Record Hangup Reject Start Stop")
QUEUE_WAIT = _words("Say Play Pause Gather Redirect Leave Hangup")
BEFORE_DEQUEUE = _words("Say Play Pause Redirect")
SCREENING = _words("Say Play Gather Hangup")
HOLD = _words("Say Play Pause Redirect")


@dataclass(frozen=True)
class TwimlWarning:
    """A warning about a document; the call continues."""

    code: int
    message: str


def admit(document: Document, allowed: frozenset[str] = MAIN) -> tuple[Document, list[TwimlWarning]]:
    """The document without what is not allowed in this context, and a warning for each removal."""
    notices: list[TwimlWarning] = []
    verbs = tuple(_clean(verb, notices) for verb in document.verbs if _known(verb, allowed, "Response", notices))
    return replace(document, verbs=verbs), notices


def _known(verb: Verb, allowed: frozenset[str], parent: str, notices: list[TwimlWarning]) -> bool:
    if verb.name in allowed:
        return True
    reason = "is not allowed here" if verb.name in ATTRIBUTES else "is unknown"
    notices.append(TwimlWarning(faults.SCHEMA, f"<{verb.name}> in <{parent}> {reason} and was ignored"))
    return False


def _clean(verb: Verb, notices: list[TwimlWarning]) -> Verb:
    known = ATTRIBUTES[verb.name]
    notices.extend(
        TwimlWarning(faults.SCHEMA, f"attribute {name} of <{verb.name}> is unknown and was ignored")
        for name in verb.attributes
        if name not in known
    )
    attributes = {name: value for name, value in verb.attributes.items() if name in known}
    if verb.name in OPAQUE:
        return Verb(verb.name, attributes, verb.content)
    allowed = NESTING.get(verb.name, frozenset())
    content = tuple(
        _clean(part, notices) if isinstance(part, Verb) else part
        for part in verb.content
        if not isinstance(part, Verb) or _known(part, allowed, verb.name, notices)
    )
    return Verb(verb.name, attributes, content)
