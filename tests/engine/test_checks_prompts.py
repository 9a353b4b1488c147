"""Prompts exist in every language and are used: texts that break it, with the exact findings, and texts that do not."""

from ivr.engine.checks import CODE_KEYS
from tests.engine.small_bank import MAIN, WORDS, checked, said


def test_a_prompt_that_is_missing_in_one_language_is_told_with_the_file_that_lacks_it() -> None:
    findings = checked(en={"main.hello": "", "main.helo": "Hello."})
    assert said(findings, "missing") == [
        "flows/main.yaml:7:20: missing main.say_hello: the prompt 'main.hello' is missing in en. "
        "Callers would hear nothing here. add main.hello to prompts/en.yaml (zh-CN has it, line 5). "
        "And 1 more that follow from it."
    ]
    assert said(findings, "unused") == []  # the misspelt key is the one that follows


def test_a_prompt_that_no_language_has_is_told_once_with_the_one_that_was_meant() -> None:
    flows = {"main": MAIN.replace("say: main.hello", "say: main.helo")}
    assert said(checked(flows), "missing") == [
        "flows/main.yaml:7:20: missing main.say_hello: the prompt 'main.helo' is missing in zh-CN and en. "
        "Callers would hear nothing here. did you mean 'main.hello'? And 2 more that follow from it."
    ]


def test_a_word_that_chooses_two_options_of_a_menu_is_told() -> None:
    options = '{"1": {then: say_hello, words: words.a}, "2": {then: bye, words: words.b}}'
    flows = {"main": MAIN.replace('{"1": say_hello}', options)}
    zh, en = {"words.a": ["余额"], "words.b": ["现金"]}, {"words.a": ["cash", "Money"], "words.b": ["money"]}
    assert [each.split(". ")[0] for each in said(checked(flows, zh, en), "same-word")] == [
        "flows/main.yaml:6:79: same-word main.menu: in en 'money' chooses 1 and 2"
    ]
    assert said(checked(flows, zh, {**en, "words.b": ["bye"]}), "same-word") == []


def test_a_missing_prompt_that_every_question_inherits_is_told_once_where_it_is_written() -> None:
    findings = said(checked(zh={"common.again": ""}), "missing")
    assert len(findings) == 1
    assert findings[0].startswith("flows/defaults.yaml:4:")


def test_what_the_code_speaks_is_there_and_is_not_unused() -> None:
    key = "common.system_down"
    words = {key: "系统繁忙。"}, {key: "We are busy."}
    assert said(checked(*([None, *words]), known=frozenset({key})), "unused") == []
    assert said(checked(None, words[0], known=frozenset({key})), "missing") == [
        "prompts/en.yaml:1:1: missing common.system_down: the prompt 'common.system_down', which the program speaks, "
        "is missing in en. Callers would hear nothing here. add common.system_down to prompts/en.yaml."
    ]
    assert {"common.system_down", "common.too_long", "queue.wait"} <= CODE_KEYS


def test_texts_and_names_belong_to_services_and_stand_in_every_language() -> None:
    both = {"texts.paid": "已缴费", "names.in": "转入"}
    assert checked(None, both, {"texts.paid": "Paid", "names.in": "in"}) == []
    assert len(said(checked(None, both, {"texts.paid": "Paid"}), "missing")) == 1


def test_words_that_choose_an_option_are_there_in_every_language() -> None:
    flows = {"main": MAIN.replace('{"1": say_hello}', '{"1": {then: say_hello, words: words.hello}}')}
    assert checked(flows, {"words.hello": ["问候"]}, {"words.hello": ["greeting"]}) == []
    assert (
        "the list of words 'words.hello' is missing in en"
        in said(checked(flows, {"words.hello": ["问候"]}), "missing")[0]
    )


def test_the_words_of_the_small_bank_are_the_same_keys_in_both_languages() -> None:
    assert WORDS["zh-CN"].keys() == WORDS["en"].keys()
