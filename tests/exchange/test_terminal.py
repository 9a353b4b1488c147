"""The telephone in the terminal: scripts in both paces, and calls that are never connected."""

import io
import socket

import pytest
from flask import Response

from exchange import terminal
from exchange.terminal_output import describe
from tests.exchange.web_application import CALLER, HOTLINE, RunningExchange, run_exchange

MENU = '<Gather action="/menu" numDigits="1" timeout="1"><Say language="zh-CN">查询请按 1</Say></Gather><Hangup/>'


def play(base: str, *script: str, number: str = CALLER) -> tuple[int, str]:
    """A scripted call: its exit code and what was printed."""
    out = io.StringIO()
    code = terminal.run_terminal(base, number, script=script, out=out, input=io.StringIO())
    return code, out.getvalue()


def test_a_conferences_beep_is_printed_as_something_heard() -> None:
    assert describe({"type": "beep", "at": "2026-11-24T02:40:00.000+00:00"}) == "02:40:00 < [提示音 / beep]\n"


@pytest.mark.parametrize("pace", ["stepped", "real"])
def test_a_script_keys_what_is_asked_and_prints_what_is_said(pace: str) -> None:
    with run_exchange(pace=pace) as running:
        running.app["/voice"] = MENU
        running.app["/menu"] = lambda form: f"<Say>{form['Digits']} 余额</Say><Pause length='0'/><Hangup/>"
        code, printed = play(running.base, "1")
    assert code == 0
    assert [word in printed for word in ("查询请按 1", "> 1", "1 余额", "hung up")] == [True] * 4


def test_words_are_spoken_and_a_text_is_printed(running: RunningExchange) -> None:
    running.client().messages.create(to=CALLER, from_=HOTLINE, body="before the call")

    def answer(form: dict[str, str]) -> str:
        running.client().messages.create(to=CALLER, from_=HOTLINE, body=f"收到：{form['SpeechResult']}")
        return "<Gather/>"

    running.app["/voice"] = '<Gather input="speech" language="cmn-Hans-CN" action="/said"/>'
    running.app["/said"] = answer  # type: ignore[assignment]
    code, printed = play(running.base, "say 查询余额", "hangup")
    assert (code, "收到：查询余额" in printed, "before the call" in printed) == (0, True, False)


def test_after_its_last_line_a_stepped_script_is_silent_until_the_call_ends(running: RunningExchange) -> None:
    running.app["/voice"] = "<Gather/><Gather/><Say>bye</Say>"
    code, printed = play(running.base)
    assert (code, printed.count("no input")) == (0, 2)


def test_a_call_that_does_not_end_is_given_up(running: RunningExchange) -> None:
    running.app["/voice"] = "<Enqueue waitUrl=''>a</Enqueue>"
    code, printed = play(running.base)
    assert (code, "the call did not end" in printed, "you hung up" in printed) == (1, True, True)


def test_a_script_whose_cue_never_comes_is_given_up(running: RunningExchange, monkeypatch: pytest.MonkeyPatch) -> None:
    running.app["/voice"] = "<Enqueue waitUrl=''>a</Enqueue>"
    monkeypatch.setattr(terminal.TerminalCall.follow, "__defaults__", (0.5,))
    code, printed = play(running.base, "1")
    assert (code, "never waited for: 1" in printed) == (1, True)


def test_an_error_on_the_line_is_a_failed_call(running: RunningExchange) -> None:
    running.app["/voice"] = lambda _: Response("", 500)
    code, printed = play(running.base, "1")
    assert (code, "11217" in printed) == (1, True)


def test_a_withheld_number_may_call(running: RunningExchange) -> None:
    running.app["/voice"] = "<Hangup/>"
    assert play(running.base, number="anonymous")[0] == 0


def test_a_number_that_is_none_is_refused_in_both_languages(running: RunningExchange) -> None:
    code, printed = play(running.base, number="12")
    assert (code, "这不是电话号码" in printed, "not a telephone number" in printed) == (1, True, True)


def test_nobody_at_the_address_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    code, printed = play(f"http://127.0.0.1:{port}", "1")
    assert code == 1
    assert f"no hotline answers at http://127.0.0.1:{port}" in printed
    assert "make run" in printed


def test_an_exchange_that_takes_the_connection_and_never_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_session", _hasty)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        code, printed = play(f"http://127.0.0.1:{mute.getsockname()[1]}", "1")
    assert (code, "the exchange does not answer" in printed) == (1, True)


def test_another_server_at_the_address_is_no_exchange(running: RunningExchange) -> None:
    assert play(running.app.base, "1") == (1, "! 无法连接交换机 / no connection to the exchange: JSONDecodeError\n")


def test_a_person_types_and_the_end_of_the_input_hangs_up(running: RunningExchange) -> None:
    running.app["/voice"] = '<Gather action="/menu" numDigits="1"/>'
    running.app["/menu"] = "<Gather/>"
    out = io.StringIO()
    code = terminal.run_terminal(running.base, CALLER, script=None, out=out, input=io.StringIO("?\n1\n"))
    assert (code, "帮助 / help" in out.getvalue(), "> 1" in out.getvalue()) == (0, True, True)
    assert out.getvalue().startswith("  1  1234#      按键"), "what may be typed stands first"
    assert "按键、say 要说的话、wait、hangup、? / keys, say WORDS, wait, hangup, ?  > " in out.getvalue()
    assert running.app.asked("/menu")[0].form["Digits"] == "1"


class _Hasty(terminal.requests.Session):  # type: ignore[name-defined, misc]
    """Loses patience sooner than a person would."""

    def request(self, *args: object, **kwargs: object) -> object:
        return super().request(*args, **kwargs | {"timeout": 0.3})


def _hasty() -> _Hasty:
    return _Hasty()


PASSWORD = '<Gather action="/menu" numDigits="6" timeout="2"><Say language="zh-CN">请输入密码</Say></Gather>'
NEXT = '<Gather action="/next" numDigits="1" finishOnKey="" timeout="1"><Say language="zh-CN">{}</Say></Gather>'


@pytest.mark.parametrize("pace", ["stepped", "real"])
def test_a_finishing_key_behind_a_whole_entry_is_pressed_too(pace: str) -> None:
    with run_exchange(pace=pace) as running:
        running.app["/voice"] = PASSWORD
        running.app["/menu"] = NEXT.format("请选择" * 20)
        running.app["/next"] = lambda form: f"<Say>{form['Digits']} taken</Say>"
        code, printed = play(running.base, "739164#")
    assert (code, "> 739164" in printed, "> #" in printed, "# taken" in printed) == (0, True, True, True)


@pytest.mark.parametrize(("type_ahead", "taken"), [("dropped", None), ("kept", "1")])
def test_a_key_pressed_while_it_speaks_is_dropped_or_kept_for_the_next_question(
    type_ahead: str, taken: str | None
) -> None:
    with run_exchange(pace="real") as running:
        running.app["/voice"] = "<Say>您好请稍等</Say>" + NEXT.format("请选择") + "<Hangup/>"
        running.app["/next"] = "<Hangup/>"
        out = io.StringIO()
        call = terminal.TerminalCall(running.base, CALLER, out, type_ahead)
        assert terminal.converse(call, ["early 1"], io.StringIO()) == 0
        asked = running.app.asked("/next")
    assert [hit.form.get("Digits") for hit in asked] == ([taken] if taken else [])
