"""The duration of speech, and the `<Say>` elements that Twilio refuses to speak."""

import re
from urllib.parse import quote

from exchange import faults
from exchange.grammar import TwimlWarning
from exchange.twiml import Verb

CHINESE_PER_SECOND = 4.5
WORDS_PER_SECOND = 2.6
URL_ENCODED_LIMIT = 4500

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_DIGIT = re.compile(r"[0-9]")
_BREAK = re.compile(r"([0-9.]+)(ms|s)")

_CHINESE_TAGS = ("zh", "cmn")


def speaking_seconds(text: str) -> float:
    """Seconds that an unhurried voice needs; a digit counts like one Chinese character."""
    syllables = len(_CHINESE.findall(text)) + len(_DIGIT.findall(text))
    return round(syllables / CHINESE_PER_SECOND + len(_WORD.findall(text)) / WORDS_PER_SECOND, 2)


def pauses_seconds(verb: Verb) -> float:
    """Seconds of silence from SSML `<break time>` inside a Say."""
    total = 0.0
    for part in verb.nested:
        match = _BREAK.fullmatch(part.attributes.get("time", "")) if part.name == "break" else None
        if match:
            total += float(match[1]) / (1000 if match[2] == "ms" else 1)
        total += pauses_seconds(part)
    return total


def say_refusal(text: str, voice: str, language: str) -> TwimlWarning | None:
    """Why this Say is not spoken; None when it is."""
    if not text:
        return TwimlWarning(faults.SAY_EMPTY, "<Say> without text")
    limit = 3000 if voice.startswith("Polly.") else 5000 if voice.startswith("Google.") else 4096
    if len(text.encode()) > limit or len(quote(text)) >= URL_ENCODED_LIMIT:
        return TwimlWarning(faults.SAY_TOO_LONG, f"<Say> of {len(text)} characters is too long for its voice")
    if not _speaks(voice, language):
        return TwimlWarning(faults.LANGUAGE, f"voice {voice!r} does not speak {language!r}")
    return None


def _speaks(voice: str, language: str) -> bool:
    """True for a pair that Twilio lists; an unset voice or language is Twilio's default and fits."""
    if not voice or not language or voice == "alice":
        return True
    chinese = language.startswith(_CHINESE_TAGS)
    if voice.startswith("Polly.Zhiyu"):
        return language == "cmn-CN"
    if voice.startswith("Google."):
        return voice.split(".")[1].startswith(language + "-")
    return not chinese


def recognises(language: str, model: str) -> bool:
    """True when speech recognition supports the language tag with this model."""
    if not language.startswith(("zh", "cmn", "yue")):
        return True
    if model.startswith("deepgram") or model == "numbers_and_commands":
        return language in ("zh", "zh-CN", "zh-TW")
    if model in ("phone_call", "experimental_conversations", "experimental_utterances"):
        return False
    return language in ("zh", "cmn-Hans-CN", "zh-TW", "cmn-Hant-TW", "yue-Hant-HK")
