"""Voicemail on the exchange: a message is played back, taken again, kept, and waits as a callback with it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from exchange import Exchange, ExchangeSettings
from ivr.calls.publishing import bundles as published
from ivr.calls.services.registry import catalogue
from ivr.db import Database
from ivr.engine import checks
from ivr.engine.sources import Sources, build
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.exchange.web_application import PhoneCall, RunningExchange, WebApplication
from tests.support.hotline import ACCOUNT, TOKEN, WANG, Clock, Hotline, open_hotline
from tests.support.seeding import built
from tests.support.serving import Served

NUMBER = "+862160195588"
FLOW = """
flow: voicemail
start: start
variables:
  number: {type: digits}
  message: {type: choice}
steps:
  start:
    service: callback_number
    outcomes: {known: agree, unknown: {say: voicemail.no_number, then: main.menu}}
  agree: {confirm: [voicemail.agree, voicemail.agree_keys], "yes": speak, "no": main.menu}
  speak:
    record: message
    number: number
    prompt: voicemail.speak
    keep: voicemail.keep
    longest: 1min
    outcomes: {booked: kept, already: kept, limit: {say: voicemail.no_number, then: main.menu}, invalid: main.menu}
  kept: {end: voicemail.kept}
"""
TEXTS = {
    "zh-CN": ("修改密码，请按5。", "留言，请按6。", {
        "no_number": "无法登记回电。", "agree": "我们将给{number|phone}回电，并保存您的留言。",
        "agree_keys": "同意，请按1。不同意，请按2。", "speak": "请在提示音后留言，说完请按井号键。",
        "keep": "保存留言，请按1。重新留言，请按2。", "kept": "您的留言已保存。再见。",
    }),
    "en": ("press 5.", " To leave a message, press 6.", {
        "no_number": "We cannot call you back.", "agree": "We will call {number|phone} and keep your message.",
        "agree_keys": "To agree, press 1. To refuse, press 2.",
        "speak": "Please leave your message after the tone. When you are done, press pound.",
        "keep": "To keep this message, press 1. To start over, press 2.", "kept": "Your message is kept. Goodbye.",
    }),
}  # fmt: skip


def with_voicemail(own: Sources) -> Sources:
    """The product, and a sixth option of its main menu that leads to a voicemail."""
    last = '      "5": {then: passwords.start, words: words.passwords}\n'
    main = own.flows["main.yaml"].replace(last, f'{last}      "6": voicemail.start\n', 1)
    prompts = dict(own.prompts)
    for language, (before, more, words) in TEXTS.items():
        text = prompts[f"{language}.yaml"].replace(before, before + more, 1)
        prompts[f"{language}.yaml"] = text + "\nvoicemail:\n" + "".join(f"  {k}: {v!r}\n" for k, v in words.items())
    return replace(own, flows={**own.flows, "main.yaml": main, "voicemail.yaml": FLOW}, prompts=prompts)


@pytest.fixture
def house(seeded: Database, settings: Settings, keyring: Keyring) -> Iterator[tuple[Hotline, RunningExchange]]:
    """The product with a voicemail, and the exchange that calls it; on both databases."""
    inner: list[Any] = []
    door = Served(lambda environ, start: inner[0](environ, start))  # type: ignore[arg-type] # its port is signed
    public = f"http://127.0.0.1:{door.port}"
    hotline = open_hotline(seeded, settings, keyring, Clock(), public_url=public)
    with seeded.begin() as connection:
        published.publish(connection, keyring, with_voicemail(built()[0]), hotline.clock(), "tests")
    inner.append(hotline.app)
    exchange = Exchange(
        ExchangeSettings(
            ACCOUNT, TOKEN, NUMBER, f"{public}/voice", f"{public}/voice/status", f"{public}/voice/fallback", "stepped"
        )
    )
    app = Flask("tests.journeys.voicemail")
    app.register_blueprint(exchange.blueprint())
    served = Served(app)
    yield hotline, RunningExchange(f"http://127.0.0.1:{served.port}", WebApplication(), exchange)
    exchange.close()
    served.close()
    hotline.close()
    door.close()


def said(call: PhoneCall, words: str, times: int = 1) -> None:
    """Wait until the hotline has said these words so often."""
    for number in range(1, 60):
        times -= words in call.hear("say", number)["text"]
        if not times:
            return


def spoken(call: PhoneCall, words: str, number: int) -> dict[str, Any]:
    """Leave the `number`-th message; answers what was played back."""
    call.hear("recording", 2 * number - 1)
    call.say(words).press("#")
    said(call, "保存留言，请按1", number)
    return call.hear("play", 2 * number)  # a tone comes before each


def test_the_flow_is_proven() -> None:
    assert [str(fault) for fault in checks.check(build(with_voicemail(built()[0]), catalogue()))] == []


def test_a_message_is_played_back_taken_again_and_kept_as_a_callback(house: tuple[Hotline, RunningExchange]) -> None:
    hotline, office = house
    call = office.call(WANG)
    said(call, "普通话，请按1")
    call.press("1")
    said(call, "留言，请按6")
    call.press("6")
    said(call, "同意，请按1")
    call.press("1")
    first = spoken(call, "我的卡丢了，请回电话", 1)
    assert hotline.one("select count(*) from callbacks") == 0
    call.press("2")
    second = spoken(call, "我的卡丢了，请尽快给我回电话，我在外地，谢谢", 2)
    assert (first["url"] != second["url"], second["seconds"] > first["seconds"]) == (True, True)
    call.press("1")
    said(call, "您的留言已保存")
    call.over()
    assert call.warned() == []
    [(state, queue, number, recording)] = hotline.ask("select state, queue, number, recording from callbacks")
    opened = hotline.keyring.open_text(f"callbacks.recording|{call.sid}", bytes(recording))
    assert (state, queue, second["url"].rpartition("/")[2]) == ("requested", "general", opened)
    assert hotline.keyring.open_text(f"callbacks.number|{call.sid}", bytes(number)) == WANG


def test_who_hangs_up_while_speaking_is_owed_nothing(house: tuple[Hotline, RunningExchange]) -> None:
    hotline, office = house
    call = office.call(WANG)
    for words, key in (("普通话，请按1", "1"), ("留言，请按6", "6"), ("同意，请按1", "1")):
        said(call, words)
        call.press(key)
    call.hear("recording")
    call.say("喂").hang_up().over()
    assert hotline.one("select count(*) from callbacks") == 0
