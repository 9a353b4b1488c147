"""Gather, row by row, each with the sentence of Twilio's documentation that it tests."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Response

from exchange import media
from tests.exchange.web_application import PhoneCall, RunningExchange, run_exchange

LENGTHY = "字" * 90
PhoneAction = Callable[[PhoneCall], object]


@dataclass(frozen=True)
class Row:
    """What the hotline sends, what the phone does, and which fields reach /menu (None: it is not asked)."""

    proves: str
    twiml: str
    actions: tuple[PhoneAction, ...]
    digits: str | None
    speech: str | None = None


def keys(digits: str) -> PhoneAction:
    return lambda call: call.press(digits)


def words(text: str) -> PhoneAction:
    return lambda call: call.say(text)


def unheard(text: str, code: str) -> PhoneAction:
    """Words that nothing listens for; the phone is told so."""

    def action(call: PhoneCall) -> None:
        answer = call.do("speech", text=text)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, code)

    return action


def silence(call: PhoneCall) -> object:
    return call.silence()


ROWS = (
    Row("Gather without input falls through to the next verb", '<Gather action="/menu"/>', (silence,), None),
    Row("Pressing only the finish key counts as no input", '<Gather action="/menu"/>', (keys("#"), silence), None),
    Row("actionOnEmptyResult: call action even without input",
        '<Gather action="/menu" actionOnEmptyResult="true"/>', (silence,), ""),
    Row("numDigits submits at once when reached", '<Gather action="/menu" numDigits="4"/>', (keys("1234"),), "1234"),
    Row("Keys beyond numDigits are not part of the input",
        '<Gather action="/menu" numDigits="2"/>', (keys("1234"),), "12"),
    Row("The finish key is removed from Digits", '<Gather action="/menu"/>', (keys("62#"),), "62"),
    Row("finishOnKey may be another key", '<Gather action="/menu" finishOnKey="*"/>', (keys("6#2*"),), "6#2"),
    Row("finishOnKey='' means none", '<Gather action="/menu" finishOnKey="" numDigits="3"/>', (keys("#*#"),), "#*#"),
    Row("Digits may contain *", '<Gather action="/menu"/>', (keys("1*2#"),), "1*2"),
    Row("The timer between digits submits what was keyed", '<Gather action="/menu"/>', (keys("12"), silence), "12"),
    Row("input is dtmf by default: speech is not heard",
        '<Gather action="/menu"/>', (unheard("余额", "keys_only"), silence), None),
    Row("input speech: SpeechResult", '<Gather action="/menu" input="speech" language="cmn-Hans-CN"/>',
        (words("查询余额"),), None, "查询余额"),
    Row("With both, the first one detected wins: speech",
        '<Gather action="/menu" input="dtmf speech" language="cmn-Hans-CN"/>', (words("余额"),), None, "余额"),
    Row("With both, the first one detected wins: keys",
        '<Gather action="/menu" input="dtmf speech" language="cmn-Hans-CN"/>',
        (keys("1"), words("余额"), keys("2#")), "12"),
    Row("A tag the engine does not know makes the gather fail",
        '<Gather action="/menu" input="speech" language="zh-CN"/>', (), None),
    Row("deepgram_nova-2 itself uses zh-CN",
        '<Gather action="/menu" input="speech" language="zh-CN" speechModel="deepgram_nova-2"/>',
        (words("余额"),), None, "余额"),
    Row("phone_call is not listed for Mandarin",
        '<Gather action="/menu" input="speech" language="cmn-Hans-CN" speechModel="phone_call"/>', (), None),
    Row("Key presses stop the nested audio",
        '<Gather action="/menu" numDigits="1"><Play loop="0">/tone</Play></Gather>', (keys("5"),), "5"),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.proves)
def test_gather_does_what_the_documentation_says(running: RunningExchange, row: Row) -> None:
    running.app["/tone"] = lambda _: _wav()
    running.app["/voice"] = f"{row.twiml}<Redirect>/fell-through</Redirect>"
    running.app["/fell-through"] = running.app["/menu"] = "<Say>done</Say>"
    call = running.call()
    for action in row.actions:
        action(call)
    call.over()
    forms = [hit.form for hit in running.app.asked("/menu")]
    assert len(forms) + len(running.app.asked("/fell-through")) == 1
    if row.digits is None and row.speech is None:
        assert forms == []
    else:
        assert (forms[0].get("Digits"), forms[0].get("SpeechResult")) == (row.digits, row.speech)


def test_gather_without_action_posts_back_to_the_current_document(running: RunningExchange) -> None:
    running.app["/voice"] = lambda form: "<Hangup/>" if form.get("Digits") else "<Gather/>"
    running.call().press("1#").over()
    assert [hit.form.get("Digits") for hit in running.app.asked("/voice")] == [None, "1"]


def test_gather_may_contain_only_say_play_and_pause(running: RunningExchange) -> None:
    running.app["/voice"] = "<Gather><Redirect>/x</Redirect><Say>hello</Say></Gather>"
    call = running.call()
    call.hear("listening")
    assert (call.said(), call.warned(), running.app.asked("/x")) == (["hello"], [12200], [])
    call.hang_up()


def test_confidence_may_be_missing(running: RunningExchange) -> None:
    running.app["/voice"] = '<Gather input="speech" action="/menu"/>'
    running.app["/menu"] = lambda form: '<Gather input="speech" action="/menu"/>' if "Confidence" in form else ""
    call = running.call().say("yes", 0.25)
    call.say("no", None).over()
    assert [hit.form.get("Confidence") for hit in running.app.asked("/menu")] == ["0.2500", None]


def test_keys_pressed_while_nothing_listens_are_lost(running: RunningExchange) -> None:
    running.app["/voice"] = '<Play loop="0">/tone</Play><Gather action="/menu"/>'
    running.app["/tone"] = lambda _: _wav()
    call = running.call().press("7")
    call.silence().silence().over()
    assert running.app.asked("/menu") == []


def test_without_barge_in_keys_do_not_cut_the_prompt_and_are_input_when_it_has_ended(running: RunningExchange) -> None:
    prompt = '<Play loop="0">/tone</Play><Say>whole</Say>'
    running.app["/voice"] = f'<Gather action="/menu" bargeIn="false" numDigits="2">{prompt}</Gather>'
    running.app["/tone"] = lambda _: _wav()
    running.app["/menu"] = "<Say>done</Say>"
    call = running.call().press("1")
    call.press("2")
    assert (call.said(), running.app.asked("/menu")) == ([], [])
    call.silence().over()
    assert (call.said(), running.app.asked("/menu")[0].form["Digits"]) == (["whole", "done"], "12")
    assert call.events("listening") == []


@pytest.mark.parametrize(
    ("attribute", "first", "said"),
    [("", LENGTHY, [LENGTHY, "done"]), (' bargeIn="false"', "您好", ["您好", "请按键", "done"])],
)
def test_in_real_time_a_key_cuts_the_prompt_unless_barge_in_is_off(attribute: str, first: str, said: list[str]) -> None:
    with run_exchange(pace="real") as running:
        prompts = f"<Say>{first}</Say><Say>请按键</Say>"
        running.app["/voice"] = f'<Gather action="/menu" numDigits="1"{attribute}>{prompts}</Gather>'
        running.app["/menu"] = "<Say>done</Say>"
        call = running.call()
        call.hear("say")
        call.press("5").over()
        assert (call.said(), running.app.asked("/menu")[0].form["Digits"]) == (said, "5")


def test_without_barge_in_speech_is_kept_and_the_first_input_wins(running: RunningExchange) -> None:
    attributes = 'action="/menu" input="dtmf speech" language="cmn-Hans-CN" bargeIn="false"'
    running.app["/voice"] = f'<Gather {attributes}><Play loop="0">/tone</Play></Gather>'
    running.app["/tone"] = lambda _: _wav()
    call = running.call().say("余额")
    call.press("1").silence().over()
    form = running.app.asked("/menu")[0].form
    assert (form["SpeechResult"], "Digits" in form) == ("余额", False)


def test_a_caller_may_hang_up_in_a_prompt_that_no_key_cuts(running: RunningExchange) -> None:
    running.app["/voice"] = '<Gather action="/menu" bargeIn="false"><Play loop="0">/tone</Play></Gather>'
    running.app["/tone"] = lambda _: _wav()
    assert running.call().press("1").hang_up().over()["state"] == "completed"
    assert running.app.asked("/menu") == []


def test_a_barge_in_that_is_neither_true_nor_false_is_a_warning_and_keys_cut_the_prompt(
    running: RunningExchange,
) -> None:
    running.app["/voice"] = (
        '<Gather action="/menu" bargeIn="no" numDigits="1"><Play loop="0">/tone</Play><Say>never</Say></Gather>'
    )
    running.app["/tone"] = lambda _: _wav()
    call = running.call().press("1")
    call.over()
    assert (call.warned(), call.said(), running.app.asked("/menu")[0].form["Digits"]) == ([13332], [], "1")


def _wav() -> Response:
    return Response(media.silence(1, 1), content_type="audio/wav")


def test_words_said_where_nothing_listens_are_refused_as_such(running: RunningExchange) -> None:
    running.app["/voice"] = '<Say loop="0">请稍候</Say>'
    call = running.call()
    call.hear("say")
    unheard("喂", "not_listening")(call)
    call.hang_up()


def test_kept_keys_wait_for_the_next_gather_and_cut_nothing_else() -> None:
    with run_exchange(type_ahead="kept") as running:
        running.app["/voice"] = '<Play loop="0">/tone</Play><Say>whole</Say><Gather action="/menu" numDigits="2"/>'
        running.app["/tone"] = lambda _: _wav()
        running.app["/menu"] = "<Say>done</Say>"
        call = running.call().press("12")
        assert (call.said(), running.app.asked("/menu")) == ([], [])
        call.silence().over()
        assert (call.said(), running.app.asked("/menu")[0].form["Digits"]) == (["whole", "done"], "12")


def test_keys_beyond_an_entry_are_kept_for_the_next_and_a_lone_finishing_key_ends_none() -> None:
    with run_exchange(type_ahead="kept") as running:
        running.app["/voice"] = '<Gather action="/menu" numDigits="2"/>'
        running.app["/menu"] = '<Gather action="/more"/>'
        running.app["/more"] = "<Say>done</Say>"
        running.call().press("12#34#").over()
        assert [hit.form["Digits"] for page in ("/menu", "/more") for hit in running.app.asked(page)] == ["12", "34"]


def test_who_hangs_up_with_a_kept_key_does_not_wait_for_it() -> None:
    with run_exchange(type_ahead="kept") as running:
        running.app["/voice"] = '<Play loop="0">/tone</Play>'
        running.app["/tone"] = lambda _: _wav()
        assert running.call().press("1").hang_up().over()["state"] == "completed"
