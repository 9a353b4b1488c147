"""Say, Play and Pause: audio for the caller, which accepted keys or speech stop."""

from exchange import faults
from exchange.attributes import address, integer
from exchange.channel import Key, Spoken
from exchange.faults import TwimlFault
from exchange.media import MEDIA_BYTES, Sound, measure
from exchange.player import Player
from exchange.speech import pauses_seconds, say_refusal, speaking_seconds
from exchange.twiml import Document, Verb

ENDLESS = 1000
"""Number of repetitions for `loop="0"`."""

Heard = Key | Spoken | None


def say(player: Player, verb: Verb, _document: Document) -> None:
    speak(player, verb)


def play(player: Player, verb: Verb, document: Document) -> None:
    play_file(player, verb, document)


def pause(player: Player, verb: Verb, _document: Document) -> None:
    """In a wait loop the stepped pace stops here until the phone acts."""
    play_pause(player, verb)
    if player.waiting and player.channel.stepped:
        player.channel.wait_for_signal(None)


def perform_nested(player: Player, verb: Verb, document: Document) -> Heard:
    """Runs a Say, Play or Pause nested in a Gather; returns the signal that stopped it."""
    if verb.name == "Say":
        return speak(player, verb)
    return play_file(player, verb, document) if verb.name == "Play" else play_pause(player, verb)


def speak(player: Player, verb: Verb) -> Heard:
    voice, language = verb.attributes.get("voice", ""), verb.attributes.get("language", "")
    refused = say_refusal(verb.text, voice, language)
    if refused is not None:
        player.leg.warn(refused.code, refused.message)
        return None
    seconds = round(speaking_seconds(verb.text) + pauses_seconds(verb), 2)
    spoken = {"text": verb.text, "language": language or "en-US", "voice": voice, "seconds": seconds}
    return _repeat(player, verb, "say", spoken, seconds)


def play_file(player: Player, verb: Verb, document: Document) -> Heard:
    tones = verb.attributes.get("digits")
    if tones is not None and not verb.text:
        seconds = 0.5 * len(tones)
        return _repeat(player, verb, "play", {"url": "", "seconds": seconds, "text": None}, seconds)
    url = address(document, verb.text)
    try:
        sound = _fetch(player, url)
    except TwimlFault as fault:
        player.leg.warn(fault.code, f"Play: {fault.message}")
        return None
    return _repeat(player, verb, "play", {"url": url, "seconds": sound.seconds, "text": sound.text}, sound.seconds)


def play_pause(player: Player, verb: Verb) -> Heard:
    seconds = integer(verb, "length", 1, player.leg.warn)
    player.leg.tell("pause", seconds=seconds)
    return player.channel.play_audio(seconds)


def _fetch(player: Player, url: str) -> Sound:
    answer = player.client.fetch(_own(player, url), "GET", limit=MEDIA_BYTES)
    if not answer.content_type.startswith("audio/"):
        raise TwimlFault(faults.CONTENT_TYPE, f"content type {answer.content_type!r} is no sound", url)
    return measure(answer.body)


def _own(player: Player, url: str) -> str:
    """Adds credentials to the URL of the account's own recordings."""
    settings, base = player.board.settings, player.board.base_url
    if not base or not url.startswith(f"{base}/2010-04-01/Accounts/{settings.account_sid}/Recordings/"):
        return url
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{settings.account_sid}:{settings.auth_token}@{rest}"


def _repeat(player: Player, verb: Verb, kind: str, details: dict[str, object], seconds: float) -> Heard:
    times = integer(verb, "loop", 1, player.leg.warn) or ENDLESS
    if times == ENDLESS and player.channel.stepped:
        player.leg.tell(kind, **details)
        return player.channel.play_endless_audio()
    for _ in range(times):
        player.leg.tell(kind, **details)
        heard = player.channel.play_audio(seconds)
        if heard is not None:
            return heard
    return None
