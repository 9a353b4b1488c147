"""The exchange as a program: what it refuses, where it listens, and what its phones may do."""

import re
import subprocess
import sys

import pytest
import requests

from exchange import DemoNumber, Exchange, ExchangeSettings
from exchange.__main__ import main
from tests.exchange.web_application import AGENT, CALLER, HOTLINE, SID, TOKEN, PhoneCall, RunningExchange, run_exchange

VOICE = "http://127.0.0.1:9/voice"


@pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_it_refuses_to_start_beside_the_credentials_of_a_real_account(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--voice-url", VOICE], {name: "AC" + "f" * 32})
    assert (refused.value.code, name in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.com"])
def test_it_listens_on_loopback_only(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--voice-url", VOICE, "--host", host], {})
    assert (refused.value.code, "not this machine" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize(
    "arguments", [[], ["--voice-url", VOICE, "--hotline", "95588"], ["--voice-url", VOICE, "--account-sid", "AC1"]]
)
def test_it_says_what_is_missing(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments, {})
    assert (refused.value.code, bool(capsys.readouterr().err)) == (2, True)


def test_it_runs_alone_and_serves_a_call_from_another_process(running: RunningExchange) -> None:
    running.app["/voice"] = "<Say>alone</Say>"
    command = [sys.executable, "-m", "exchange", "--voice-url", f"{running.app.base}/voice", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:[1-9][0-9]*", process.stdout.readline())
            assert address is not None
            api = f"{address[0]}/phone/api"
            answer = requests.post(f"{api}/calls", json={"from": CALLER}, timeout=30)
            call = PhoneCall(api, answer.json()["call"])
            call.over()
            assert call.said() == ["alone"]
        finally:
            process.terminate()
            process.wait(10)


@pytest.mark.parametrize(
    ("account_sid", "token", "number"), [("AC1", "x", HOTLINE), (SID, "", HOTLINE), (SID, TOKEN, "95588")]
)
def test_settings_that_cannot_work_are_refused(account_sid: str, token: str, number: str) -> None:
    with pytest.raises(ValueError, match=r"account_sid|auth_token|hotline_number"):
        ExchangeSettings(account_sid=account_sid, auth_token=token, hotline_number=number, voice_url=VOICE)


def test_the_phone_page_is_told_the_hotline_and_the_demonstration_numbers() -> None:
    with run_exchange(demo_numbers=(DemoNumber(CALLER, "王芳", "卡号", "card"),)) as running:
        assert requests.get(f"{running.api}/hotline", timeout=30).json() == {
            "hotline": HOTLINE,
            "pace": "stepped",
            "demo_numbers": [{"number": CALLER, "name": "王芳", "hint_zh": "卡号", "hint_en": "card"}],
        }


@pytest.mark.parametrize("path", ["/phone/api/hotline", "/2010-04-01/Accounts/AC/Calls.json"])
def test_a_foreign_name_that_resolves_to_this_machine_is_refused(running: RunningExchange, path: str) -> None:
    answer = requests.get(f"{running.base}{path}", headers={"Host": "evil.example"}, timeout=30)
    assert answer.status_code == 403


def test_the_phone_api_refuses_in_both_languages(running: RunningExchange) -> None:
    answer = requests.post(f"{running.api}/calls", json={"from": CALLER, "to": "+8610086"}, timeout=30)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_number")
    assert set(answer.json()["error"]) == {"code", "message_zh", "message_en"}


def test_a_form_that_another_sites_page_could_send_dials_nothing(running: RunningExchange) -> None:
    answer = requests.post(f"{running.api}/calls", data={"from": CALLER}, timeout=30)
    assert (answer.status_code, running.app.hits) == (400, [])


def test_actions_that_come_too_late_are_refused(running: RunningExchange) -> None:
    running.app["/voice"] = "<Hangup/>"
    call = running.call()
    call.over()
    for action, body in (("keys", {"digits": "1"}), ("hangup", {}), ("silence", {}), ("speech", {"text": "x"})):
        assert call.do(action, **body).status_code == 409
    assert call.do("answer").json()["error"]["code"] == "not_ringing"


@pytest.mark.parametrize(
    ("action", "body"),
    [("keys", {"digits": "12a"}), ("keys", {"digits": ""}), ("speech", {"text": " "}),
     ("speech", {"text": "x", "confidence": 2}), ("keys", {})],
)  # fmt: skip
def test_actions_that_make_no_sense_are_refused(running: RunningExchange, action: str, body: dict[str, object]) -> None:
    running.app["/voice"] = "<Gather/>"
    call = running.call()
    call.hear("listening")
    assert call.do(action, **body).status_code == 400
    call.hang_up()


def test_a_full_exchange_is_busy() -> None:
    with run_exchange(legs=1) as running:
        running.app["/voice"] = "<Gather/>"
        first = running.call()
        first.hear("listening")
        assert running.call("+8613912345678").over()["state"] == "busy"
        first.hang_up()


def test_closing_hangs_up_what_is_live() -> None:
    with run_exchange(more_urls=True) as running:
        running.app["/voice"] = "<Gather/>"
        call = running.call()
        call.hear("listening")
        running.exchange.close()
        assert call.over()["reason"] == "closing"
        assert len(running.app.await_hits("/status")) == 1


def test_two_exchanges_live_side_by_side(running: RunningExchange) -> None:
    other = Exchange(ExchangeSettings(account_sid=SID, auth_token=TOKEN, hotline_number=HOTLINE, voice_url=VOICE))
    running.register(AGENT)
    assert running.inbox(AGENT) == []
    other.close()
