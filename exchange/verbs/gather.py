"""Gather: collects keys or one spoken sentence."""

from dataclasses import dataclass

from exchange import faults
from exchange.attributes import Warn, address, choice, flag, integer, method, words
from exchange.channel import Key, Spoken, WebhookTarget
from exchange.player import Player, VerbResult
from exchange.speech import recognises
from exchange.twiml import Document, Verb
from exchange.verbs.audio import perform_nested


@dataclass(frozen=True)
class _Plan:
    inputs: frozenset[str]
    num_digits: int | None
    finish_on_key: str
    timeout: int
    barge_in: bool


@dataclass(frozen=True)
class _Taken:
    """What was collected, and the key that finished it ('' for none)."""

    digits: str = ""
    spoken: Spoken | None = None
    finished_on: str = ""


def gather(player: Player, verb: Verb, document: Document) -> VerbResult:
    """The next document if there was input (or `actionOnEmptyResult`), otherwise the next verb."""
    plan = _plan(verb, player.leg.warn)
    language, model = verb.attributes.get("language", "en-US"), verb.attributes.get("speechModel", "default")
    if "speech" in plan.inputs and not recognises(language, model):
        player.leg.warn(faults.LANGUAGE, f"<Gather> cannot hear {language!r} with model {model!r}; it failed")
        return None
    player.channel.listen(*plan.inputs, barge_in=plan.barge_in)
    try:
        taken = _collect(player, verb, document, plan)
    finally:
        player.channel.listen()
    form = _form(player, taken)
    if form is None:
        player.leg.tell("no_input")
        if not flag(verb, "actionOnEmptyResult", False):
            return None
        form = (("Digits", ""),)
    return WebhookTarget(address(document, verb.attributes.get("action", "")), method(verb), form)


def _plan(verb: Verb, warn: Warn) -> _Plan:
    finish = verb.attributes.get("finishOnKey", "#")
    if len(finish) > 1 or finish not in "0123456789*#":
        warn(faults.SCHEMA, f"finishOnKey={finish!r} is not one key")
        finish = "#"
    auto = verb.attributes.get("timeout") == "auto"
    return _Plan(
        inputs=words(verb, "input", "dtmf") & {"dtmf", "speech"} or frozenset({"dtmf"}),
        num_digits=integer(verb, "numDigits", 0, warn, low=1) or None,
        finish_on_key=finish,
        timeout=5 if auto else integer(verb, "timeout", 5, warn),
        barge_in=choice(verb, "bargeIn", ("true", "false"), warn, faults.BARGE_IN) == "true",
    )


def _collect(player: Player, verb: Verb, document: Document, plan: _Plan) -> _Taken:
    heard = _prompt(player, verb, document)
    if heard is None:
        player.leg.tell(
            "listening",
            input=sorted(plan.inputs),
            num_digits=plan.num_digits,
            finish_on_key=plan.finish_on_key,
            timeout=plan.timeout,
        )
        heard = player.channel.wait_for_signal(plan.timeout)
    digits = ""
    while heard is not None:
        if isinstance(heard, Spoken):
            if not digits:  # the first kind of input wins
                return _Taken(spoken=heard)
        elif heard.digit == plan.finish_on_key:
            if digits:  # the finish key does not end an empty Gather
                return _Taken(digits, finished_on=heard.digit)
        else:
            digits += heard.digit
            if len(digits) == plan.num_digits:
                return _Taken(digits)
        heard = player.channel.wait_for_signal(plan.timeout)
    return _Taken(digits)


def _prompt(player: Player, verb: Verb, document: Document) -> Key | Spoken | None:
    """The signal that stopped the prompt.

    A prompt with `bargeIn="false"` is played whole. Keys pressed meanwhile are still input, since a Gather accepts keys
    from its beginning (Twilio's documentation does not say what happens to them).
    """
    for nested in verb.nested:
        heard = perform_nested(player, nested, document)
        if heard is not None:
            return heard
    return player.channel.buffered_signal()


def _form(player: Player, taken: _Taken) -> tuple[tuple[str, str], ...] | None:
    if taken.spoken is not None:
        player.leg.tell("heard", text=taken.spoken.text)
        confidence = taken.spoken.confidence
        known = () if confidence is None else (("Confidence", f"{confidence:.4f}"),)
        return (("SpeechResult", taken.spoken.text), *known)
    if taken.digits:
        return (("Digits", taken.digits), ("FinishedOnKey", taken.finished_on), ("msg", "Gather End"))
    return None
