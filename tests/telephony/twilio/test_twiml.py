"""TwiML: to the letter, as the provider's library would build it, and well-formed whatever is said."""

import random
from collections.abc import Callable, Mapping
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import example, given, note, seed, settings
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from ivr.engine.actions import Gather, Speak, Utterance
from ivr.telephony import fallback
from ivr.telephony.documents import ParticipantOptions
from ivr.telephony.twilio import twiml
from tests.support.selection import examples
from tests.telephony.twilio.twiml_rows import (
    HEAD,
    LINKS,
    LONG,
    RENDERER,
    ROWS,
    VOICES,
    WAIT,
    Row,
    said,
    says,
    shape,
    zh,
)

SEED = random.SystemRandom().randrange(2**32)
KEY = f'<Gather input="dtmf" action="{WAIT}/2" method="POST" timeout="1" numDigits="1" finishOnKey="">'
MUSIC = "https://bank.example/audio/hold.wav?a=1&b=2"


def built(twin: Callable[[VoiceResponse], object]) -> str:
    """What the provider's library makes of it."""
    response = VoiceResponse()
    twin(response)
    return str(response)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.proves)
def test_actions_are_rendered_to_the_letter(row: Row) -> None:
    assert RENDERER.render(row.actions, LINKS) == f"{HEAD}{row.xml}</Response>"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.proves)
def test_the_provider_s_library_builds_the_same_verbs(row: Row) -> None:
    assert shape(fromstring(RENDERER.render(row.actions, LINKS))) == shape(fromstring(built(row.twin)))


def round_xml(response: VoiceResponse, text: str = "", music: str = "", seconds: int = 0) -> None:
    """One round of the wait loop, built with Twilio's library."""
    gather = response.gather(input="dtmf", action=f"{WAIT}/2", method="POST", timeout=1, num_digits=1, finish_on_key="")
    if text:
        says(gather, text)
    if music:
        gather.play(music)
    else:
        gather.pause(length=seconds)
    response.redirect(f"{WAIT}/2", method="POST")


def apologised(response: VoiceResponse) -> None:
    """The document of last resort, built by the provider's library."""
    fallback_words(response, fallback._SORRY)
    response.enqueue("general & co", wait_url="https://bank.example/voice/fallback/wait", wait_url_method="POST")
    fallback_words(response, fallback._LATER)
    response.hangup()


def conferred(response: VoiceResponse) -> None:
    """A Dial into a conference, built with Twilio's library."""
    dial = response.dial(action="https://bank.example/after?a=1&b=2", method="POST")
    dial.conference(
        "talk-7", beep="true", start_conference_on_enter=False, end_conference_on_exit=True, muted=True, coach="CA1",
        participant_label="leader", wait_url="https://bank.example/wait", wait_method="POST",
        status_callback="https://bank.example/news",
        status_callback_event="start end join leave mute hold modify announcement",
    )  # fmt: skip


def seated(response: VoiceResponse) -> None:
    """A Dial into a conference with default options, built with Twilio's library."""
    response.dial(action="https://bank.example/after", method="POST").conference(
        "talk-7", beep="false", start_conference_on_enter=True, end_conference_on_exit=False, muted=False, wait_url="",
        wait_method="POST",
    )  # fmt: skip


LEADER = ParticipantOptions("leader", starts=False, ends=True, muted=True, coaches="CA1", beeps=True)
AFTER, NEWS = "https://bank.example/after?a=1&b=2", "https://bank.example/news"


def fallback_words(response: VoiceResponse, texts: Mapping[str, str]) -> list[object]:
    """A text in each language."""
    return [response.say(text, language=VOICES[tag].say, voice=VOICES[tag].voice) for tag, text in texts.items()]


DOCUMENTS: tuple[tuple[str, str, Callable[[VoiceResponse], object]], ...] = (
    ("Leave: execution continues after the Enqueue or its action", RENDERER.leave_queue(), lambda r: r.leave()),
    ("waitUrl may return Gather with Say and Play: a key is heard all along",
     RENDERER.wait_round((zh("您是下一位。"),), LINKS, 2, MUSIC, 20), lambda r: round_xml(r, "您是下一位。", MUSIC)),
    ("waitUrl: empty is silence, so a Pause keeps the round",
     RENDERER.wait_round((zh("您是下一位。"),), LINKS, 2, "", 20), lambda r: round_xml(r, "您是下一位。", seconds=20)),
    ("when the TwiML runs out the waitUrl is requested again, so each round leads on to one of its own",
     RENDERER.wait_round((), LINKS, 2, MUSIC, 20), lambda r: round_xml(r, music=MUSIC)),
    ("Conference: coach is whisper to that participant only; participantLabel",
     RENDERER.confer("talk-7", LEADER, AFTER, "https://bank.example/wait", NEWS), conferred),
    ("Conference: verbs after a Dial with an action never run; an empty waitUrl is silence",
     RENDERER.confer("talk-7", ParticipantOptions(), "https://bank.example/after"), seated),
    ("Redirect: the rest of the document is unreachable", RENDERER.go_to(AFTER),
     lambda r: r.redirect(AFTER, method="POST")),
    ("fallback: for Mandarin callers always set a static fallback",
     fallback.apology(RENDERER, tuple(VOICES), "https://bank.example", "general & co"), apologised),
    ("fallback: waiting without a database", fallback.hold(RENDERER, tuple(VOICES)),
     lambda r: (fallback_words(r, fallback._HOLD), r.pause(length=fallback.HOLD_SECONDS))),
    ("a call that nobody knows", fallback.gone(RENDERER, tuple(VOICES)),
     lambda r: (fallback_words(r, fallback._GONE), r.hangup())),
    ("callbacks: answer 204 or an empty Response", RENDERER.nothing(), lambda _: None),
)  # fmt: skip


EVERY = {proves: text for proves, text, _ in DOCUMENTS} | {
    row.proves: RENDERER.render(row.actions, LINKS) for row in ROWS
}


@pytest.mark.parametrize(("proves", "text", "twin"), DOCUMENTS, ids=[row[0] for row in DOCUMENTS])
def test_every_other_document_is_what_the_library_builds(
    proves: str, text: str, twin: Callable[[VoiceResponse], object]
) -> None:
    assert shape(fromstring(text)) == shape(fromstring(built(twin))), proves


def test_company_with_music_to_the_letter() -> None:
    music = "<Play>https://bank.example/audio/hold.wav?a=1&amp;b=2</Play>"
    onward = f'<Redirect method="POST">{WAIT}/2</Redirect>'
    document = RENDERER.wait_round((zh("好"),), LINKS, 2, MUSIC, 20)
    assert document == f"{HEAD}{KEY}{said('好')}{music}</Gather>{onward}</Response>"


def test_a_gather_contains_only_say_play_and_pause() -> None:
    inside = {child.tag for text in EVERY.values() for gather in fromstring(text).iter("Gather") for child in gather}
    assert inside == {"Say", "Play", "Pause"}


@pytest.mark.parametrize("proves", EVERY)
def test_a_document_is_a_response_under_64_kilobytes(proves: str) -> None:
    text = EVERY[proves]
    assert fromstring(text).tag == "Response"
    assert len(text.encode()) < 64_000


def test_no_document_has_bytes_before_the_header_or_another_type() -> None:
    assert twiml.CONTENT_TYPE.startswith("text/xml")  # 12300: send text/xml or application/xml
    assert RENDERER.nothing().startswith("<?xml ")  # 12100: bytes before the XML header


def test_long_texts_are_split_and_nothing_is_lost() -> None:
    """Plan for at most about 450-500 Chinese characters per Say."""
    pieces = [say.text or "" for say in fromstring(RENDERER.render((Speak((zh(LONG),)),), LINKS))]
    assert len(LONG) > 900
    assert all(sum(not char.isascii() for char in piece) <= 450 for piece in pieces)
    assert "".join(pieces) == LONG


def test_hints_are_at_most_500_of_100_characters() -> None:
    gather = Gather((), "zh-CN", 6, 1, "", speech=True, hints=tuple(["话" * 120] * 510))
    [hints] = [each.attrib["hints"] for each in fromstring(RENDERER.render((gather,), LINKS)).iter("Gather")]
    assert [len(hint) for hint in hints.split(",")] == [100] * 500


def test_links_never_carry_what_a_caller_keyed() -> None:
    assert (LINKS.action, LINKS.waiting) == ("https://bank.example/voice/turn/7", WAIT)


WORDS = st.text(st.characters() | st.sampled_from("&<>\"'\x00\x0b\ud800\ufffe\r\n\t。，"), max_size=900)


@seed(SEED)
@settings(max_examples=examples(120), deadline=None)
@example("𠮷" * 399, "zh-CN")
@given(WORDS, st.sampled_from(["zh-CN", "en"]))
def test_whatever_is_said_is_well_formed_and_within_the_limits(text: str, language: str) -> None:
    """The URL-encoded text must stay under 4500 characters, and Polly takes 3000 bytes."""
    note(f"seed {SEED}")
    document = RENDERER.render((Speak((Utterance(text, language),)),), LINKS)
    pieces = [say.text or "" for say in fromstring(document.encode())]
    assert all(len(quote(piece, safe="")) < 4500 and len(piece.encode()) < 3000 for piece in pieces)
    legal = "".join(c for c in text if c >= " " or c in "\t\r\n")
    kept = "".join(c for c in legal if not "\ud800" <= c <= "\udfff" and c not in "\x7f\ufffe\uffff")
    assert "".join("".join(pieces).split()) == "".join(kept.split())


@seed(SEED)
@settings(max_examples=examples(60), deadline=None)
@given(st.lists(WORDS, max_size=4))
def test_whatever_is_hinted_is_well_formed(hints: list[str]) -> None:
    note(f"seed {SEED}")
    gather = Gather((), "en", 6, 1, "", speech=True, hints=tuple(hints))
    root = fromstring(RENDERER.render((gather,), LINKS).encode())
    assert [child.tag for child in root] == ["Gather", "Redirect"]
