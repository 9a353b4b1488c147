"""Transcripts of recorded calls: placeholder digits, matching answers, and calls that cannot be written."""

from datetime import UTC, datetime

import pytest

from ivr.engine.transcripts import play_text
from ivr.engine.transcripts.recorded_turns import RecordedTurn
from ivr.engine.transcripts.writing import appended, check_new, written
from ivr.foundation.errors import FlowFileError
from tests.support.seeding import built

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
GREETED = RecordedTurn((("main.welcome", "enter"),), ("main.welcome", "main.welcome"))
MENU = RecordedTurn((("main.welcome", "1"), ("main.welcome/1", "enter"), ("main.menu", "enter")), ("main.menu",))
MISSED = RecordedTurn((("main.menu", "no_input"),), ("ask.silence", "main.menu"))


def test_silence_is_a_row_and_a_call_left_by_its_caller_hangs_up_where_it_stood() -> None:
    _, bundle = built()
    deeds = [("keys", "1"), ("no_input", "")]
    text = written(bundle, "a caller: hesitates", "+8613800138000", AT, [GREETED, MENU, MISSED], deeds)
    assert text.startswith('"a caller: hesitates":\n  - call: {language: zh-CN, from: "+8613800138000"}\n')
    assert text.endswith("  - silence:\n  - hear: [ask.silence, main.menu]\n  - ends_in: main.menu\n  - hang_up:\n")
    assert [result.problem for result in play_text(bundle, "", text)] == [""]


def test_keys_pressed_while_nothing_listened_are_left_out() -> None:
    _, bundle = built()
    text = written(bundle, "a caller", None, AT, [GREETED, MENU], [("keys", "7"), ("keys", "1")])
    assert '"7"' not in text
    assert "from:" not in text


def test_a_finishing_key_behind_an_entry_is_written_as_a_stray_one() -> None:
    _, bundle = built()
    trailed = RecordedTurn((("main.menu", "finishing key"),), ("main.menu",))
    for deeds in ([("keys", "1"), ("keys", "#")], [("keys", "1#")]):  # with something said between, or as one burst
        text = written(bundle, "a caller", None, AT, [GREETED, MENU, trailed], deeds)
        assert "  - stray: hash\n" in text
        assert [result.problem for result in play_text(bundle, "", text)] == [""]


def test_a_call_with_a_turn_that_failed_is_refused_in_words() -> None:
    _, bundle = built()
    failed = RecordedTurn((("agent.start", "enter"), ("", "failed: IvrError")), ("common.system_down",))
    with pytest.raises(FlowFileError, match="a turn of this call failed"):
        written(bundle, "a caller", None, AT, [GREETED, failed], [("keys", "1")])


def test_a_call_that_fits_no_flow_names_the_turn() -> None:
    _, bundle = built()
    other = RecordedTurn((("main.menu", "1"),), ("balance.amount",))
    with pytest.raises(FlowFileError, match=r"cannot be written down from its turn 1 on, at main\.menu"):
        written(bundle, "a caller", None, AT, [GREETED, other], [("keys", "1")])


def test_a_file_keeps_what_it_had_and_a_name_or_a_fault_in_it_is_told() -> None:
    had = "first:\n  - call: {language: en}  # as it was\n  - hear: main.welcome"
    assert (had + appended(had, "second:\n")).startswith(had + "\n\nsecond:")
    check_new(had, "second")
    with pytest.raises(FlowFileError, match="'first' already"):
        check_new(had, "first")
    with pytest.raises(FlowFileError, match="line 2"):
        check_new("first:\n  - dance:\n", "second")
