"""Calls and texts through the port: what every provider's adapter does, whatever the provider calls it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.engine.actions import Gather, Hangup, Record, Speak, Utterance
from ivr.engine.events import DigitsPressed, MessageRecorded, NothingHeard
from ivr.foundation.errors import ProviderError
from ivr.telephony.documents import Links
from ivr.telephony.notifications import CallNotification, RecordingNotification
from ivr.telephony.provider import Ring, Softphone
from tests.telephony.contract.world import NUMBER, OTHER, World, eventually

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def says(world: World, text: str, *, asks: bool = True) -> str:
    """A document that says a text; then it waits for keys, which go to turn 1, or ends the call."""
    said = (Utterance(text, "zh-CN"),)
    links = Links(world.pages.base, 1)
    if asks:
        return world.provider.documents.render((Gather(said, "zh-CN", 5, 1, ""),), links)
    return world.provider.documents.render((Speak(said), Hangup()), links)


def test_a_call_comes_in_is_asked_and_keys_an_answer(world: World) -> None:
    world.pages["/voice"] = says(world, "请按键")
    world.pages["/voice/turn/1"] = says(world, "再见", asks=False)
    telephone = world.dial(NUMBER)
    telephone.press("7")
    eventually(telephone.heard, ["请按键", "再见"])
    [begin], [answer] = world.pages.forms("/voice"), world.pages.forms("/voice/turn/1")
    assert (begin.call, begin.caller, begin.is_final, begin.queue_exit) == (telephone.call, NUMBER, False, None)
    assert begin.answer(AT) == NothingHeard(AT)
    assert answer.answer(AT) == DigitsPressed(AT, "7")
    eventually(lambda: [(each.call, each.is_final) for each in world.pages.forms("/status")][-1:], [(begin.call, True)])
    assert world.pages.refused == []


def test_words_are_heard_with_the_recogniser_s_confidence(world: World) -> None:
    asked = Gather((Utterance("请说", "zh-CN"),), "zh-CN", 5, 1, "", speech=True)
    world.pages["/voice"] = world.provider.documents.render((asked,), Links(world.pages.base, 1))
    telephone = world.dial()
    eventually(telephone.heard, ["请说"])
    telephone.say("查询余额")
    eventually(lambda: [each.speech for each in world.pages.forms("/voice/turn/1")], ["查询余额"])
    confidence = world.pages.forms("/voice/turn/1")[0].confidence
    assert confidence is not None
    assert 0.8 < confidence <= 1


def test_a_message_is_taken_and_can_be_heard(world: World) -> None:
    links = Links(world.pages.base, 1)
    world.pages["/voice"] = world.provider.documents.render((Record(60, 5),), links)
    world.dial().leave_message("请给我回电话")
    eventually(lambda: len(world.pages.forms("/voice/turn/1")), 1)
    left = world.pages.forms("/voice/turn/1")[0].answer(AT)
    assert isinstance(left, MessageRecorded)
    assert left.seconds > 0
    eventually(lambda: (world.provider.recordings.media(left.recording) or b"")[:4], b"RIFF")


@pytest.mark.parametrize("to", [OTHER, "desk:agent_7"])
def test_a_call_that_is_placed_rings_talks_and_ends(world: World, to: str) -> None:
    calls, before = world.provider.calls, datetime.now(UTC) - timedelta(seconds=5)
    world.pages["/agent"] = says(world, "您好")
    whom = Softphone("agent_7") if to.startswith("desk:") else to
    world.holds(to)
    call = calls.place(Ring(whom, notify_url=world.pages.url("/news")), world.pages.url("/agent"))
    eventually(lambda: calls.status(call), "ringing")
    telephone = world.picks_up(to)
    eventually(telephone.heard, ["您好"])
    assert (calls.status(call), telephone.call, calls.is_over(call)) == ("talking", call, False)
    assert list(calls.placed(whom, before)) == [call]
    assert calls.hang_up(call) == "done"
    eventually(lambda: calls.status(call), "ended")
    assert (calls.hang_up(call), calls.redirect(call, world.pages.url("/agent"))) == ("gone", "gone")
    assert calls.is_over(call)
    eventually(lambda: {CallNotification(call, "talking"), CallNotification(call, "ended")} <= told(world))


def told(world: World) -> set[object]:
    """The notifications so far, without sequence numbers, since their order is not guaranteed."""
    return {
        each if isinstance(each, RecordingNotification) else replace(each, sequence=None)
        for each in list(world.pages.news)
    }


def test_ringing_is_stopped_and_nobody_s_telephone_is_not_answered(world: World) -> None:
    calls = world.provider.calls
    world.holds(OTHER)
    call = calls.place(Ring(OTHER), world.pages.url("/agent"))
    eventually(lambda: calls.status(call), "ringing")
    assert calls.hang_up(call) == "done"
    eventually(lambda: calls.status(call), "cancelled")
    lost = calls.place(Ring(NUMBER), world.pages.url("/agent"))
    eventually(lambda: calls.is_over(lost))
    assert calls.status(lost) in ("no_answer", "failed")


def test_a_talking_call_is_moved_wherever_it_is(world: World) -> None:
    world.pages["/voice"] = says(world, "请按键")
    world.pages["/elsewhere"] = says(world, "已转接", asks=False)
    telephone = world.dial()
    eventually(telephone.heard, ["请按键"])
    assert world.provider.calls.redirect(telephone.call, world.pages.url("/elsewhere")) == "done"
    eventually(telephone.heard, ["请按键", "已转接"])


def test_what_the_provider_does_not_know_is_gone(world: World) -> None:
    world.pages["/voice"] = says(world, "再见", asks=False)
    stranger = world.dial().call[:-2] + "00"
    calls = world.provider.calls
    assert (calls.status(stranger), calls.is_over(stranger)) == (None, True)
    assert (calls.redirect(stranger, world.pages.url("/voice")), calls.hang_up(stranger)) == ("gone", "gone")


def test_a_number_that_nobody_can_have_is_refused_and_nothing_rings(world: World) -> None:
    with pytest.raises(ProviderError) as called:
        world.provider.calls.place(Ring("12"), world.pages.url("/voice"))
    with pytest.raises(ProviderError) as texted:
        world.provider.texts.send("12", "您好")
    assert (called.value.kind, texted.value.kind) == ("refused", "refused")


def test_a_text_is_sent_found_by_its_words_and_delivered(world: World) -> None:
    texts, before = world.provider.texts, datetime.now(UTC) - timedelta(seconds=5)
    text = texts.send(OTHER, "验证码 123456")
    assert texts.find(OTHER, "验证码 123456", before) == text
    assert texts.find(OTHER, "验证码 654321", before) is None
    assert texts.find(NUMBER, "验证码 123456", before) is None
    eventually(lambda: texts.status(text) in ("sent", "delivered"))
    assert texts.status(text[:-2] + "00") is None
