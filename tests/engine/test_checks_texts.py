"""Texts as they are heard: forbidden contents, each with a similar text that is allowed; agents and billers."""

import pytest

from tests.engine.small_bank import MAIN, checked, said

EN = {"main.hello": "Hello."}


def about(text: str, language: str = "zh-CN", key: str = "main.hello") -> list[str]:
    """The codes of what is found in a text."""
    words = {key: text}
    findings = checked(None, words if language == "zh-CN" else None, words if language == "en" else None)
    return [f"{each.code} {each.file}:{each.line}" for each in findings]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("您好，TODO", "unfinished-text"), ("营业时间待定。", "unfinished-text"), ("Lorem ipsum", "unfinished-text"),
        ("FIXME 您好。", "unfinished-text"), ("您好，please hold。", "other-language"), ("Goodbye.", "other-language"),
        ("您好。" * 80, "too-long"), ("您的号码以＃结束。", "key-sign"), ("共有５项。", "key-sign"),
        ("以*代替。", "key-sign"),
    ],
)  # fmt: skip
def test_a_mandarin_text_that_cannot_be_spoken_so_is_told_at_its_line(text: str, code: str) -> None:
    assert f"{code} prompts/zh-CN.yaml:5" in about(text)


@pytest.mark.parametrize(
    "text", ["您好。", "支持Visa卡和Apple Pay。", "请使用手机APP办理。", "末位是字母X。", "您好。" * 40, "共有5项。"]
)
def test_names_figures_and_texts_of_a_usual_length_are_fine(text: str) -> None:
    assert about(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hello, 您好。", "other-language"), ("Hello, TBD.", "unfinished-text"), ("Hello. " * 90, "too-long"),
        ("Finish with #.", "key-sign"),
    ],
)  # fmt: skip
def test_so_is_an_english_one(text: str, code: str) -> None:
    assert f"{code} prompts/en.yaml:5" in about(text, "en")


def test_a_language_may_be_called_by_its_own_name_where_one_is_chosen() -> None:
    main = MAIN.replace("menu: main.menu", "menu: main.menu\n    languages: [zh-CN, en]").replace(
        '{"1": say_hello}', '{"1": {then: say_hello, words: main.words}, "2": say_hello}'
    )
    zh = {"main.menu": "普通话，请按1。人工服务，请按0。", "main.words": ["中文"]}
    en = {"main.menu": "中文。 For English, press 2. For an agent, press 0.", "main.words": ["Chinese"]}
    assert checked({"main": main}, zh, en) == []
    assert [
        each.code for each in checked({"main": main}, zh, {**en, "main.words": ["Mandarin"], "main.menu": "中国。 2"})
    ]


MENU = "问好，请按1。告别，请按2。人工服务，请按0。"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (MENU, []), (MENU.replace("告别，请按2", "请按2，告别"), ["key-first"]),
        (MENU.replace("告别，请按2", "请按2"), ["key-alone"]),
        ("请按1。请按2，缴费。人工服务，请按0。", ["key-alone", "key-first"]),
        (MENU.replace("告别", "问好"), ["same-label"]), (MENU.replace("2", "２"), ["key-sign"]),
        (MENU.replace("按2", "按*"), ["key-sign", "option-unnamed"]),
    ],
)  # fmt: skip
def test_each_key_has_its_own_words_before_it(text: str, codes: list[str]) -> None:
    main = MAIN.replace('{"1": say_hello}', '{"1": say_hello, "2": bye}')
    en = "For a greeting, press 1. To leave, press 2. For an agent, press 0."
    findings = checked({"main": main}, {"main.menu": text}, {"main.menu": en})
    assert sorted({each.code for each in findings}) == codes
    assert {(each.file, each.line, each.place.partition(".")[0]) for each in findings} <= {
        ("prompts/zh-CN.yaml", 4, "main")
    }


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_first_menu_names_the_agent_in_every_language(language: str) -> None:
    bare = {"zh-CN": {"main.menu": "问好，请按1。"}, "en": {"main.menu": "For a greeting, press 1."}}[language]
    [told] = said(
        checked(None, bare if language == "zh-CN" else None, bare if language == "en" else None), "agent-unnamed"
    )
    assert told.startswith(
        f"prompts/{language}.yaml:4:12: agent-unnamed main.menu: 'main.menu' in {language} does not name 0"
    )


def test_the_menu_behind_a_choice_of_language_names_the_agent_too() -> None:
    first = '  first: {menu: main.first, languages: [zh-CN, en], options: {"1": menu, "2": menu}}\nsteps:'
    main = MAIN.replace("start: menu", "start: first").replace("steps:\n", "steps:\n" + first.removesuffix("steps:"))
    zh = {"main.first": "中文，请按1。人工服务，请按0。", "main.menu": "问好，请按1。"}
    en = {"main.first": "For English, press 2. For an agent, press 0."}
    assert [each.place for each in checked({"main": main}, zh, en)] == ["main.menu"]


PAY = (
    "flow: pay\nstart: which\nvariables: {what: {type: text}}\nsteps:\n  which: {menu: pay.which, options: "
    '{"1": {set: {what: \'"gas"\'}, then: look}, "2": {set: {what: \'"water"\'}, then: look}}}\n'
    "  look: {service: owed, with: {biller: what}, outcomes: {found: main.bye}}\n"
)


def test_a_biller_that_no_menu_offers_is_told() -> None:
    main = MAIN.replace("say_hello: {say: main.hello, then: menu}", "say_hello: {say: main.hello, then: pay}")
    words = {"pay.which": "燃气费，请按1。水费，请按2。"}, {"pay.which": "For gas, press 1. For water, press 2."}
    flows = {"main": main, "pay": PAY}
    assert checked(flows, *words) == []
    assert [str(each).split(". ")[0] for each in checked(flows, *words, billers=["gas", "water", "rent"])] == [
        "config.yaml:1:1: billers billers.rent: no menu offers the biller 'rent'"
    ]
