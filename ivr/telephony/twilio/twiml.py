"""Renders actions as TwiML text; no XML library, for speed (docs/decisions/0002).

Golden tests compare the output with Twilio's documentation and with Twilio's own library.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from ivr.engine.actions import Action, Continue, Enqueue, Gather, Hangup, Poll, Record, Rejoin, Speak, Utterance
from ivr.engine.speech import value_formats
from ivr.telephony.documents import Links, ParticipantOptions

CONTENT_TYPE = "text/xml; charset=utf-8"  # Twilio requires it (error 12300)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
_TAIL = "</Response>"
_SHORT = 375  # characters; of four bytes each they stay under 4,500 bytes URL-encoded
MAX_HINTS, MAX_HINT = 500, 100
# XML 1.0 allows no other control characters, no surrogates, and not U+FFFE or U+FFFF.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Voice:
    """Twilio's language tags, voice and recogniser model for one language."""

    say: str
    voice: str
    hear: str
    model: str = "default"


def escape(text: str) -> str:
    """Text for an element or an attribute: illegal characters dropped, markup escaped."""
    if not text.isprintable():  # rare; the check is faster than the substitution
        text = _ILLEGAL.sub("", text)
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if '"' in text else text


def document(*elements: str) -> str:
    """A whole TwiML document."""
    return f"{_HEAD}{''.join(elements)}{_TAIL}"


NEWS = "start end join leave mute hold modify announcement"
NOWHERE = Links("", 0)  # for documents that refer to no turn and no recording


def _truth(value: bool) -> str:
    return "true" if value else "false"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders actions with the voices of the installation."""

    voices: Mapping[str, Voice]
    content_type: str = CONTENT_TYPE

    def render(self, actions: Sequence[Action], links: Links) -> str:
        """The TwiML of a turn."""
        return document(*(self._action(action, links) for action in actions))

    def wait_round(self, utterances: Sequence[Utterance], links: Links, following: int, hold: str, seconds: int) -> str:
        """One round of the wait loop: a Gather around everything, then a Redirect to the next round."""
        onward = links.round(following)
        rest = f"<Play>{escape(hold)}</Play>" if hold else f'<Pause length="{seconds}"/>'
        said = self.said(utterances, links)
        gather = f'<Gather input="dtmf" action="{onward}" method="POST" timeout="1" numDigits="1" finishOnKey="">'
        return document(f"{gather}{said}{rest}</Gather>", redirect(onward))

    def leave_queue(self) -> str:
        """Leave; the Enqueue's action URL is requested next."""
        return document("<Leave/>")

    def go_to(self, url: str) -> str:
        """Redirect to another document."""
        return document(redirect(escape(url)))

    def pause(self, utterances: Sequence[Utterance], seconds: int) -> str:
        """Say, then Pause."""
        return document(self.said(utterances, NOWHERE), f'<Pause length="{seconds}"/>')

    def last_resort(self, before: Sequence[Utterance], queue: str, wait_url: str, after: Sequence[Utterance]) -> str:
        """An Enqueue without an action URL: the verbs after it follow."""
        return document(
            self.said(before, NOWHERE),
            f'<Enqueue waitUrl="{wait_url}" waitUrlMethod="POST">{escape(queue)}</Enqueue>',
            self.said(after, NOWHERE),
            "<Hangup/>",
        )

    def goodbye(self, utterances: Sequence[Utterance]) -> str:
        """Say, then Hangup."""
        return document(self.said(utterances, NOWHERE), "<Hangup/>")

    def nothing(self) -> str:
        """An empty Response."""
        return document()

    def on_hold(self, utterances: Sequence[Utterance], music: str, seconds: int, again_url: str) -> str:
        """Only what a hold document may hold: Say, Play, Pause, Redirect."""
        rest = f"<Play>{escape(music)}</Play>" if music else f'<Pause length="{seconds}"/>'
        return document(self.said(utterances, NOWHERE), rest, redirect(escape(again_url)))

    def confer(
        self,
        conference: str,
        options: ParticipantOptions,
        after_url: str,
        wait_url: str = "",
        notify_url: str = "",
        before: Sequence[Utterance] = (),
    ) -> str:
        """A Dial with a Conference; the Dial's action URL is requested when the caller leaves it."""
        news = f' statusCallback="{escape(notify_url)}" statusCallbackEvent="{NEWS}"' if notify_url else ""
        label = f' participantLabel="{escape(options.label)}"' if options.label else ""
        coach = f' coach="{escape(options.coaches)}"' if options.coaches is not None else ""
        return document(
            self.said(before, NOWHERE),
            f'<Dial action="{escape(after_url)}" method="POST"><Conference beep="{_truth(options.beeps)}"'
            f' startConferenceOnEnter="{_truth(options.starts)}" endConferenceOnExit="{_truth(options.ends)}"'
            f' muted="{_truth(options.muted)}"{coach}{label} waitUrl="{escape(wait_url)}" waitMethod="POST"{news}>'
            f"{escape(conference)}</Conference></Dial>",
        )

    def _action(self, action: Action, links: Links) -> str:
        match action:
            case Gather():
                return self._gather(action, links)
            case Speak():
                return self.said(action.utterances, links)
            case Record():
                return (
                    f'<Record action="{links.action}" method="POST" timeout="{action.silence_seconds}"'
                    f' maxLength="{action.max_seconds}" finishOnKey="{action.finish_on_key}"/>'
                )
            case Continue():
                return redirect(links.action)
            case Poll():
                return f'<Pause length="{action.seconds}"/>{redirect(links.action)}'
            case Enqueue(still_queued=True):
                return redirect(links.waiting)
            case Enqueue():
                return (
                    f'<Enqueue waitUrl="{links.waiting}" waitUrlMethod="POST"'
                    f' action="{links.after_queue}" method="POST">'
                    f"{escape(action.queue)}</Enqueue>"
                )
            case Rejoin():
                return redirect(links.agent)
            case Hangup():
                return "<Hangup/>"
            case _:
                assert_never(action)

    def _gather(self, gather: Gather, links: Links) -> str:
        digits = f' numDigits="{gather.num_digits}"' if gather.num_digits else ""
        speech = self._speech(gather) if gather.speech else ' input="dtmf"'
        barge = "" if gather.interrupt else ' bargeIn="false"'
        return (
            f'<Gather{speech} action="{links.action}" method="POST" timeout="{gather.wait_seconds}"{digits}'
            f' finishOnKey="{gather.finish_on_key}"{barge}>{self.said(gather.utterances, links)}</Gather>'
            f"{redirect(links.action)}"
        )

    def _speech(self, gather: Gather) -> str:
        voice = self.voices[gather.language]
        model = "" if voice.model == "default" else f' speechModel="{escape(voice.model)}"'
        said = _hints(gather.hints) if gather.hints else ""
        return f' input="dtmf speech" language="{escape(voice.hear)}" speechTimeout="2"{model}{said}'

    def said(self, utterances: Sequence[Utterance], links: Links) -> str:
        """Say and Play elements; consecutive texts of one language become one Say."""
        elements: list[str] = []
        texts: list[str] = []
        language = ""
        for each in utterances:
            if each.recording is not None or each.audio_url or each.language != language:
                self._say(elements, texts, language)
                texts, language = [], each.language
            if each.audio_url:
                elements.append(f"<Play>{escape(each.audio_url)}</Play>")
            elif each.recording is not None:
                elements.append(f"<Play>{links.recording(each.language, each.recording)}</Play>")
            else:
                texts.append(each.text)
        self._say(elements, texts, language)
        return "".join(elements)

    def _say(self, elements: list[str], texts: list[str], language: str) -> None:
        voice = self.voices.get(language) or next(iter(self.voices.values()))
        text = " ".join(texts) if language.isascii() and not language.startswith("zh") else "".join(texts)
        pieces = (text,) if len(text) < _SHORT else value_formats.split_for_say(text, language)
        said = (escape(piece) for piece in pieces)  # a blank Say would be an error (13520)
        elements.extend(f'<Say language="{voice.say}" voice="{voice.voice}">{s}</Say>' for s in said if s.strip())


@lru_cache(1024)  # the hints of a menu are the same for every caller
def _hints(hints: tuple[str, ...]) -> str:
    said = ",".join(hint[:MAX_HINT].replace(",", " ") for hint in hints[:MAX_HINTS])
    return f' hints="{escape(said)}"' if said else ""


def redirect(url: str) -> str:
    """The Redirect after a Gather (on silence, the same URL without digits) or after uninterruptible speech."""
    return f'<Redirect method="POST">{url}</Redirect>'
