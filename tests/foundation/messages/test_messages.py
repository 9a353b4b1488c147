"""Every message of the program exists in English and Chinese, with the same fields; none is unused."""

import ast
import string
from pathlib import Path

import pytest

from ivr.foundation.messages import LANGUAGES, all_of, any_of, in_language, language_of, message, sentences
from ivr.foundation.messages.zh_cn import _MODULES, TEXTS

ROOT = Path(__file__).parents[3] / "ivr"


def _templates() -> dict[str, str]:
    """Template -> where it is used; a template that is put together while the program runs is a fault of its place."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
                template, place = node.args[0], f"{path.relative_to(ROOT)}:{node.lineno}"
                assert isinstance(template, ast.Constant), f"{place}: a template stands there word for word"
                found.setdefault(str(template.value), place)
    return found


TEMPLATES = _templates()


def fields(template: str) -> list[str]:
    """The fields of a template, without what is asked of them."""
    return sorted({name for _, name, _, _ in string.Formatter().parse(template) if name is not None})


def has_words(template: str) -> bool:
    """Whether there is anything to translate beside the fields."""
    return any(character.isalpha() for text, *_ in string.Formatter().parse(template) for character in text)


def test_every_message_has_its_chinese() -> None:
    lacking = {place: text for text, place in TEMPLATES.items() if has_words(text) and text not in TEXTS}
    assert lacking == {}


def test_no_translation_is_left_over_or_written_twice() -> None:
    assert TEXTS.keys() - TEMPLATES.keys() == set()
    assert len(TEXTS) == sum(len(module.TEXTS) for module in _MODULES)


@pytest.mark.parametrize("module", _MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_translation_names_the_same_fields(module: object) -> None:
    texts: dict[str, str] = vars(module)["TEXTS"]
    assert {english: fields(chinese) for english, chinese in texts.items()} == {each: fields(each) for each in texts}


def test_a_field_that_is_a_message_is_translated_with_it() -> None:
    meant = message("did you mean {names}?", names=any_of(["'a'", "'b'"]))
    told = message("there is no flow '{name}'; {remedy}", name="c", remedy=meant)
    assert str(told) == "there is no flow 'c'; did you mean 'a' or 'b'?"
    assert in_language(told, "zh-CN") == "没有流程“c”；是不是想写'a'或'b'？"
    assert in_language(all_of(["zh-CN", "en"]), "zh-CN") == "zh-CN、en"
    assert in_language("main.menu", "zh-CN") == "main.menu"


def test_sentences_end_as_their_language_ends_them() -> None:
    said = (message("'{key}' is not a weekday, weekday range or date", key="x"), "", message("rename one"))
    assert sentences(said, "en") == "'x' is not a weekday, weekday range or date. rename one."
    assert sentences(said, "zh-CN") == "“x”不是星期、星期区间或日期。请改其中一个的名称。"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"), ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh-CN"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"), ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"), ({}, "en"),
    ],
)  # fmt: skip
def test_the_locale_says_which_language(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language
    assert language in LANGUAGES
