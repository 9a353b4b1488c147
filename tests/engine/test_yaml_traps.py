"""YAML's traps: what plain YAML reads wrongly or in silence is read as written, or refused with its place."""

import pytest

from ivr.strictyaml import Text, YamlFault, read_text
from tests.engine.house import MAIN, faults


@pytest.mark.parametrize(
    "written", ["17:00", "0123", "NO", "yes", "null", "~", "1e3", "0x10", "1_000", "2026-11-24", ".5"]
)
def test_a_scalar_is_what_was_written(written: str) -> None:
    value = read_text(f"key: {written}\n")["key"]
    assert value == written
    assert isinstance(value, Text)
    assert (value.line, value.column) == (1, 6)


def test_on_is_a_key_like_any_other() -> None:
    assert list(read_text("on: 1\noff: 2\nno: 3\n")) == ["on", "off", "no"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1 the key 'a' stands here a second time"),
        ("a: &x 1\n", "1:4 anchors (&name) and aliases (*name) are not part of this language"),
        ("a: {b: 1}\nc:\n  <<: {d: 1}\n", "3:3 merge keys (<<) are not part of this language"),
        ("keys:\n  #: repeat\n", "2:3 '#:' is a comment in YAML, so this line does nothing"),
        ("? [a, b]\n: 1\n", "1:3 a key must be a word"),
        ("- a\n- b\n", "1:1 the file holds no mapping"),
        ("", "1:1 the file holds no mapping"),
    ],
)
def test_what_would_be_lost_in_silence_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(YamlFault) as refused:
        read_text(text)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("*: back", "flows/main.yaml:7:13: yaml: this is not YAML: "),
        ("#: back", "flows/main.yaml:7:13: yaml: '#:' is a comment in YAML, so this line does nothing. Nothing of this "
                    "file would run. write the key as hash: (and the star key as star:)."),
        ("0: menu\n            0: bye", "flows/main.yaml:8:13: yaml: the key '0' stands here a second time. Nothing of "
                                        "this file would run. keep one of the two."),
    ],
)  # fmt: skip
def test_the_keys_of_a_telephone_that_yaml_swallows_are_pointed_out_in_a_flow(key: str, message: str) -> None:
    flow = MAIN.replace('options: {"1": say_hello}', f"options:\n            {key}")
    found = faults({"main": flow})
    assert message in "\n".join(found)


def test_star_and_hash_are_the_words_for_those_keys() -> None:
    assert faults({"main": MAIN.replace('{"1": say_hello}', "{star: say_hello, hash: menu}")}) == []


def test_all_faults_of_a_file_are_told_in_the_order_of_its_lines() -> None:
    with pytest.raises(YamlFault) as refused:
        read_text("a: 1\na: 2\n#: x\nb: &c 3\n")
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [(2, 1), (3, 1), (4, 4)]


def test_a_text_in_quotes_and_in_lines_is_the_text() -> None:
    tree = read_text('a: "1: {2}"\nb: >-\n  one\n  two\n')
    assert tree == {"a": "1: {2}", "b": "one two"}
