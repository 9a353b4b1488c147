"""Secrets: a password reaches only the services that accept it."""

import pytest

from tests.engine.small_bank import MAIN, checked


def secret(step: str, variables: str = "", zh: str = "您好。", en: str = "Hello.", **flows: str) -> list[str]:
    """What is said of secrets in a flow that has asked for a password."""
    steps = [
        "ask: {collect: password, prompt: verify.ask, digits: {exactly: 6}, then: x}",
        step if step.startswith("x:") else f"x: {step}",
    ]
    text = MAIN.replace("steps:", f"variables: {{password: {{type: digits, secret: true}}, {variables}}}\nsteps:")
    text = text.replace('"1": say_hello', '"1": ask, "2": say_hello') + "".join(f"  {each}\n" for each in steps)
    menu = {"main.menu": "甲，请按1。乙，请按2。"}, {"main.menu": "For a, press 1. For b, press 2."}
    findings = checked({"main": text, **flows}, {**menu[0], "main.x": zh}, {**menu[1], "main.x": en})
    return [str(each) for each in findings if each.code in ("secret", "undeclared-secret")]


def test_a_secret_may_go_to_a_service_that_takes_it() -> None:
    step = "{service: check_password, with: [password], outcomes: {right: bye, wrong: bye, unavailable: bye}}"
    assert secret(step) == []


@pytest.mark.parametrize(
    "step",
    [
        "{say: main.x, then: bye}", "{end: main.x}", '{menu: main.x, options: {"1": bye}}',
        '{confirm: main.x, "yes": bye, "no": bye}', "{text: main.x, then: bye}",
        '{menu: main.menu, options: {"1": bye}, no_input: main.x}',
    ],
)  # fmt: skip
def test_a_secret_is_never_spoken_or_sent(step: str) -> None:
    found = secret(step, zh="确认{password|digits}，请按1。取消，请按2。", en="{password|digits}, press 1, press 2.")
    assert len(found) == 1
    assert "the prompt 'main.x' speaks the secret 'password'. The secret would be spoken, or kept where" in found[0]
    assert found[0].startswith("flows/main.yaml:12:")


def test_a_secret_goes_to_no_other_service() -> None:
    step = "{service: book_callback, with: {number: password}, outcomes: {booked: bye, invalid: bye}}"
    assert secret(step) == [
        "flows/main.yaml:12:46: secret main.x: the secret 'password' goes to 'book_callback', whose 'number' takes "
        "none. The secret would be spoken, or kept where people read it. let the contract name 'number' among its "
        "secrets, or give it another."
    ]


def test_a_secret_is_no_number_to_call_back() -> None:
    assert (
        "callback: takes the secret 'password'"
        in secret("{callback: password, outcomes: {booked: bye, invalid: bye}}")[0]
    )


INNER = "flow: inner\nstart: s\nvariables: {given: {type: digits%s}}\nsteps:\n  s: {say: main.hello, then: return}\n"


def test_a_secret_stays_one_in_a_subflow() -> None:
    step = "{call: inner, with: {given: password}, then: bye}"
    assert secret(step, inner=INNER % ", secret: true") == []
    assert "becomes 'given' of 'inner', which is not declared secret" in secret(step, inner=INNER % "")[0]


def test_a_secret_of_a_subflow_comes_back_as_one() -> None:
    step = "{call: inner, take: [given], then: bye}"
    found = secret(step, "given: {type: digits}", inner=INNER % ", secret: true")
    assert "comes back into a variable that is not declared secret" in found[0]


@pytest.mark.parametrize("name", ["pin", "new_password", "code", "otp", "sms_code", "password_again"])
def test_a_variable_with_the_name_of_a_secret_is_declared_one(name: str) -> None:
    found = secret("{end: main.hello}", f"{name}: {{type: digits}}")
    assert [f"'{name}' sounds like a secret and is not declared one" in each for each in found] == [True]


@pytest.mark.parametrize("name", ["opinion", "encoder", "amount", "passport"])
def test_a_variable_that_only_looks_so_is_left_alone(name: str) -> None:
    assert secret("{end: main.hello}", f"{name}: {{type: digits}}") == []


@pytest.mark.parametrize(
    ("zh", "en", "asked"),
    [
        ("请输入六位查询密码。", "Please enter it.", True), ("请输入短信验证码。", "Please enter it.", True),
        ("请输入。", "Please enter the code we sent you.", True), ("请输入。", "Please enter your PIN.", True),
        ("您的查询密码是？", "What is it?", True), ("六位数字。", "Your PIN.", True),  # as long, and one of the words
        ("请输入号码。", "Please enter the number.", False),
        ("请输入卡号。忘记密码，请到网点办理。", "Please enter the card number.", False),
    ],
)  # fmt: skip
def test_what_is_asked_for_as_a_secret_is_declared_one(zh: str, en: str, asked: bool) -> None:
    length = "{min: 16, max: 19}" if "卡号" in zh else "{exactly: 6}"
    step = f"{{collect: number, prompt: main.x, digits: {length}, then: bye}}"
    found = secret(step, "number: {type: digits}", zh, en)
    assert len(found) == asked
    assert all("and 'number' is not declared secret" in each for each in found)


def test_a_secret_is_never_chosen_from_a_menu() -> None:
    step = "{menu: main.hello, choices: list, each: main.x, into: password, then: bye}"
    found = secret(step, "list: {type: list}", "{item.name}，请按{key}。", "For {item.name}, press {key}.")
    assert ["a menu keeps its answer in the secret 'password'" in each for each in found][:1] == [True]


PLAIN = "given: {type: digits}"
NEXT = "\n  y: {service: check_password, with: {password: given}, outcomes: {right: bye, wrong: bye, unavailable: bye}}"


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        # what a service takes as a secret
        ("{collect: given, prompt: main.hello, digits: {exactly: 4}, then: y}" + NEXT,
         "'given' is given to 'check_password' as its secret 'password', and is not declared secret"),
        # the prompt of a secret
        ("{collect: given, prompt: verify.ask, digits: {exactly: 4}, then: bye}", "'given' is not declared secret"),
        # asked for by the words of the step before, or of a miss
        ("{say: main.x, then: y}\n  y: {collect: given, prompt: main.hello, digits: {exactly: 4}, then: bye}",
         'the prompt asks "按出您的密码", and \'given\' is not declared secret'),
        ("{collect: given, prompt: main.hello, digits: {exactly: 6}, no_match: main.x, then: bye}",
         'as long as a password or code and speaks of "密码", and \'given\' is not declared secret'),
        # a secret of a subflow, on the way in and out
        ("{call: inner, with: {given: given}, then: bye}", "'given' becomes the secret 'given' of 'inner'"),
    ],
)  # fmt: skip
def test_what_feeds_a_secret_or_is_asked_for_like_one_is_declared_one(step: str, problem: str) -> None:
    found = secret(step, PLAIN, "请按出您的密码。", "Hello.", inner=INNER % ", secret: true")
    assert [problem in each for each in found] == [True]
    assert "undeclared-secret" in found[0]


def test_a_secret_is_declared_one_in_the_subflow_that_it_comes_from() -> None:
    found = secret("{call: inner, take: [given], then: bye}", "given: {type: digits, secret: true}", inner=INNER % "")
    assert ["'given' of 'inner' comes back into a secret, and is not declared one there" in each for each in found] == [
        True
    ]
