"""The flows of the product as callers speak to them: a person everywhere, and every label at its own menu."""

from collections.abc import Iterator

import pytest

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks.simulation import AT
from ivr.engine.events import SpeechHeard
from ivr.engine.runtime.machine import open_session
from ivr.engine.runtime.run import Run
from ivr.engine.runtime.spoken_choice import OWN, choice
from ivr.engine.session import Frame
from ivr.engine.steps.confirm import Confirm
from ivr.engine.steps.menu import Menu
from tests.test_flows import product

ITEMS = [{"last4": "4458", "name": "李强"}, {"last4": "4321", "name": "王芳"}]
PERSON = {
    "zh-CN": (
        "真人", "接线员", "座席", "坐席", "人工客服", "人工服务", "人工", "投诉", "找人", "转人工", "我要找真人",

        "帮我转接线员", "我要投诉你们", "不，我要人工", "别的不要，人工", "仁工", "做席", "有人吗", "客服小姐",
    ),
    "en": (
        "representative", "customer service", "operator", "agent", "a person", "speak to someone", "complaint",
        "I want to speak to a representative", "customer service please", "I have a complaint", "a real person",
        "get me a human being", "can I talk to somebody", "no, an agent", "why can't I speak to someone",
    ),
}  # fmt: skip
NOBODY = {"zh-CN": ("不要人工", "不用转人工", "别找人"), "en": ("not an agent", "I don't want an operator")}


def questions() -> Iterator[Step]:
    """Every question of the flows that hears words."""
    for flow in product().flows.values():
        yield from (step for step in flow.steps.values() if isinstance(step.node, Menu | Confirm))


PLACES = {step.qualified_name: step for step in questions()}


def at(step: Step, language: str) -> Run:
    """A call that stands at a question."""
    bundle: Bundle = product()
    session = open_session(bundle, "call", AT, language)
    items = {str(step.node.choices): ITEMS} if isinstance(step.node, Menu) and step.node.choices else {}
    session.frames = [Frame(step.flow, step.name, items)]
    return Run(bundle, session, AT)


def heard(step: Step, language: str, text: str) -> str | None:
    """The key that words choose at a question."""
    run = at(step, language)
    found = choice(run, text)
    if found is not None and not found.startswith(OWN):
        return found
    assert isinstance(step.node, Menu | Confirm)
    return step.node.matched_key(run, SpeechHeard(AT, text, 1.0))


@pytest.mark.parametrize("place", PLACES)
def test_a_person_is_reached_by_words_at_every_question(place: str) -> None:
    for language, words in PERSON.items():
        step = PLACES[place]
        assert {said: heard(step, language, said) for said in words} == dict.fromkeys(words, "0")
        assert [said for said in NOBODY[language] if heard(step, language, said) == "0"] == []


LABELS = [
    ("callback.offer", "zh-CN", "更换号码", "2"), ("callback.read_back", "zh-CN", "更换号码", "2"),
    ("callback.offer", "en", "another number", "2"), ("callback.offer", "en", "I agree", "1"),
    ("card_loss.sure", "en", "Report it lost", "1"), ("card_loss.sure", "zh-CN", "确认挂失", "1"),
    ("transfer.read_back", "en", "Confirm the transfer", "1"), ("transfer.read_back", "zh-CN", "确认转帐", "1"),
    ("transfer.repeated", "en", "transfer it again", "1"), ("transfer.repeated", "zh-CN", "继续转账", "1"),
    ("transfer.repeated", "en", "again", "9"), ("transfer.repeated", "zh-CN", "重复", "9"),
    ("bills.read_back", "en", "confirm the payment", "1"), ("bills.read_back", "zh-CN", "确认交费", "1"),
    ("identify.offer", "zh-CN", "使用其他银行卡或身份证", "8"),
    ("identify.offer", "en", "another bank card or an identity card", "8"),
    ("identify.offer", "zh-CN", "尾号4458的银行卡", "1"), ("identify.offer", "en", "my card ending in 4321", "2"),
    ("card_loss.offer", "zh-CN", "挂失其他银行卡", "8"), ("card_loss.offer", "en", "report another card", "8"),
    ("card_loss.offer", "zh-CN", "四四五八", "1"), ("card_loss.how", "zh-CN", "按身份证号挂失", "2"),
    ("card_loss.how", "en", "by my identity card number", "2"),
    ("transfer.wait_for_code", "zh-CN", "取消办理", "1"), ("transfer.wait_for_code", "zh-CN", "取消", "1"),
    ("passwords.wait_for_code", "en", "cancel", "1"), ("passwords.wait_for_code", "zh-CN", "取消办理", "1"),
    ("transfer.to", "zh-CN", "转给李强", "1"), ("transfer.to", "zh-CN", "李强", "1"),
    ("transfer.to", "zh-CN", "里强", "1"),
    ("transfer.to", "en", "李强, card ending in four four five eight", "1"), ("transfer.to", "en", "4321", "2"),
    ("main.welcome", "zh-CN", "普通话服务", "1"), ("main.welcome", "zh-CN", "English please", "2"),
    ("main.menu", "en", "report a lost card", None), ("main.menu", "en", "hear this again", "9"),
    ("main.menu", "en", "cancel my transfer", ""), ("main.menu", "zh-CN", "取消挂失", ""),
]  # fmt: skip


@pytest.mark.parametrize(("place", "language", "said", "key"), LABELS)
def test_what_is_announced_is_heard(place: str, language: str, said: str, key: str | None) -> None:
    found = heard(PLACES[place], language, said)
    assert found == (key or None) if key is not None else found is not None


def test_what_each_yes_does() -> None:
    effects = {".".join(place): effect for place, effect in product().effects.items()}
    assert effects == {
        "bills.read_back": "money", "transfer.read_back": "money", "transfer.repeated": "menu",
        "card_loss.sure": "security", "callback.offer": "contact", "callback.read_back": "contact",
        "queue_offer.offer": "contact", "queue_offer.read_back": "contact",
    }  # fmt: skip
    least = product().least_confidence
    assert least.menu < least.contact < least.security < least.money
