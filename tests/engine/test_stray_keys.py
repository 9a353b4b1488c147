"""Stray keys: a key before its question is not an answer, and a # after a complete entry belongs to that entry."""

from datetime import timedelta

import pytest

from ivr.engine.actions import Continue, Gather, Speak
from ivr.engine.events import DigitsPressed, Event, Input, NothingHeard, QueueLeft, ServiceWorking, SpeechHeard
from ivr.engine.session import dump, load
from tests.engine.played_call import AT, PlayedCall
from tests.engine.small_bank import DEFAULTS, MAIN, small_bundle

ZH = {"main.facts": "付给李强一百元。", "main.keys": "同意，请按1。取消，请按2。", "main.four": "请输入四位数字。",
      "main.more": "请输入号码。", "ask.too_early": "请听完。", "common.too_long": "转接人工。"}  # fmt: skip
STEPS = """
  four: {collect: number, prompt: main.four, digits: {exactly: 4}, then: sure}
  next_four: {collect: number, prompt: main.four, digits: {exactly: 4}, then: more}
  more: {collect: number, prompt: main.more, digits: {max: 9}, then: bye}
  to_menu: {collect: number, prompt: main.four, digits: {exactly: 4}, then: menu}
  slow: {collect: number, prompt: main.four, digits: {exactly: 4}, then: ping}
  ping: {service: ping, outcomes: {up: menu, down: bye}}
  sure: {confirm: [main.facts, main.keys], "yes": bye, "no": menu}
"""


def line(start: str) -> PlayedCall:
    """A call that begins at one of these steps; # hangs up in every menu."""
    text = MAIN.replace("steps:", "variables: {number: {type: digits}}\nsteps:").replace(
        "start: menu", f"start: {start}"
    )
    defaults = DEFAULTS.replace("star: back", "star: back, hash: main.bye")
    return PlayedCall(small_bundle({"main": text + STEPS.lstrip("\n")}, ZH, ZH, defaults=defaults), read_out=True)


def after(call: PlayedCall, seconds: float, deed: str) -> PlayedCall:
    """Keys, "" for nothing or words in quotes, so many seconds after what was served last."""
    call.at = max(call.at, AT) + timedelta(seconds=seconds)
    event: Event = DigitsPressed(call.at, deed)
    if not deed or deed.startswith('"'):
        event = SpeechHeard(call.at, deed.strip('"')) if deed else NothingHeard(call.at)
    return call.take(event)


def notes(call: PlayedCall) -> list[str]:
    """What the last turn noted."""
    return [what for _, what in call.turn.trail]


def at_keys(facts_seconds: float = 4.0) -> PlayedCall:
    """A confirm whose facts took so many seconds; its keys are asked for now."""
    return after(line("sure"), facts_seconds, "")


def test_facts_are_said_outside_of_any_gather_and_keys_are_asked_for_afterwards() -> None:
    call = line("sure")
    assert [type(action) for action in call.turn.actions] == [Speak, Continue]
    assert call.keys == ["main.facts"]
    [gather] = after(call, 4.0, "").turn.actions
    assert isinstance(gather, Gather)
    assert (call.keys, gather.interrupt, gather.num_digits) == (["main.keys"], True, 1)


@pytest.mark.parametrize("deed", ["1", "2", "0", "9", "#", '"是的"'])
def test_what_comes_with_the_end_of_the_facts_answers_nothing(deed: str) -> None:
    call = after(line("sure"), 4.0, deed)
    assert (call.step, call.keys, call.session.misses, call.session.grants) == ("sure", ["main.keys"], 0, {})


@pytest.mark.parametrize("deed", ["1", "2", "3", "9", '"是的"'])
def test_an_answer_before_anybody_could_hear_the_question_is_no_answer_and_a_miss(deed: str) -> None:
    call = after(at_keys(), 0.4, deed)
    assert (call.step, call.keys, call.session.grants) == ("sure", ["ask.too_early", "main.facts"], {})
    assert call.session.frames[-1].no_match == 1


@pytest.mark.parametrize("deed", ["1", '"是的"'])
def test_an_answer_after_that_counts(deed: str) -> None:
    assert after(at_keys(), 0.5, deed).session.ended


def test_a_client_that_plays_no_speech_gives_no_evidence_and_its_keys_count() -> None:
    assert after(at_keys(facts_seconds=0.9), 0.0, "1").session.ended


def test_typing_ahead_without_end_comes_to_a_person() -> None:
    call = at_keys()
    for _ in range(2):
        after(after(call, 0.1, "1"), 4.0, "")
    after(call, 0.1, "1")
    assert call.step == "to_agent"


def test_a_person_and_the_way_back_may_be_typed_ahead() -> None:
    assert after(at_keys(), 0.1, "0").step == "to_agent"
    call = after(after(line("menu"), 3.0, "1"), 3.0, "*")
    assert call.step == "menu"


def test_a_finishing_key_that_was_typed_ahead_asks_for_the_keys_once_more() -> None:
    call = after(at_keys(), 0.1, "#")
    assert (call.keys, call.session.misses, notes(call)) == (["main.keys"], 0, ["finishing key"])
    assert after(call, 0.1, "1").keys == ["ask.too_early", "main.facts"], "the # made the next key count"


@pytest.mark.parametrize("seconds", [0.2, 2.0])
def test_a_finishing_key_behind_a_whole_entry_belongs_to_it_once(seconds: float) -> None:
    call = after(after(line("to_menu"), 5.0, "1234"), seconds, "#")
    assert (call.step, call.keys, call.session.misses, notes(call)) == ("menu", ["main.menu"], 0, ["finishing key"])
    assert after(call, 0.2, "#").session.ended, "the second one is a key of the menu"


def test_a_key_that_comes_later_is_a_key_of_the_menu() -> None:
    assert after(after(line("to_menu"), 5.0, "1234"), 2.1, "#").session.ended


def test_a_finishing_key_that_a_provider_kept_while_the_bank_worked_belongs_to_the_entry_too() -> None:
    call = after(line("slow"), 5.0, "1234")
    call.take(ServiceWorking(call.at))
    after(call, 5.0, "")
    call.answer("up")
    call.session.asked_timestamp = call.at.timestamp()
    assert notes(after(call, 0.2, "#")) == ["finishing key"]


def test_an_entry_that_was_finished_by_its_own_key_has_no_other() -> None:
    call = after(line("to_menu"), 5.0, "12")
    assert call.step == "to_menu"
    assert call.session.entry_timestamp == 0.0


@pytest.mark.parametrize(
    ("entry_seconds", "seconds", "misses"), [(5.0, 0.3, 0), (5.0, 1.0, 1), (0.2, 0.3, 1), (0.5, 0.9, 0)]
)
def test_an_empty_entry_right_behind_a_whole_one_is_no_silence(
    entry_seconds: float, seconds: float, misses: int
) -> None:
    call = after(after(line("next_four"), entry_seconds, "1234"), seconds, "")
    assert (call.step, call.session.misses) == ("more", misses)
    after(call, 0.3, "")
    assert call.session.misses == misses + 1, "once"


def test_the_key_that_leaves_a_queue_may_be_followed_by_a_finishing_key() -> None:
    call = line("to_menu")
    call.take(QueueLeft(AT, "callback"))
    assert call.session.entry_timestamp == AT.timestamp()


def test_what_tells_stray_keys_is_kept_between_turns() -> None:
    session = at_keys().session
    session.entry_timestamp, session.entry_seconds, session.frames[-1].refused = 5.5, 0.25, {"sure": 2}
    assert load(dump(session)) == session == session.copy()
    assert isinstance(NothingHeard(AT), Input)
