"""Pitfalls of YAML: what plain YAML reads wrongly or silently is read as written, or refused with its position."""

from pathlib import Path

import pytest

from ivr.foundation.strictyaml import Text, YamlFault, read_file, read_text
from tests.engine.small_bank import MAIN, faults


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
        ("a: 1\nb: 2\na: 3\n", "3:1 the key 'a' appears here a second time"),
        ("a: &x 1\n", "1:4 anchors (&name) and aliases (*name) are not part of this language"),
        ("a: {b: 1}\nc:\n  <<: {d: 1}\n", "3:3 merge keys (<<) are not part of this language"),
        ("keys:\n  #: repeat\n", "2:3 '#:' is a comment in YAML, so this line does nothing"),
        ("? [a, b]\n: 1\n", "1:3 a key must be a word"),
        ("- a\n- b\n", "1:1 the file is not a mapping"),
        ("", "1:1 the file is not a mapping"),
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
        ("0: menu\n            0: bye", "flows/main.yaml:8:13: yaml: the key '0' appears here a second time. Nothing "
                                        "of this file would run. keep one of the two."),
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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b\n\tc: d\n", "2:1 this is not YAML: a tab; indent with spaces"),
        ("a: 'x\nb: c\n", "1:4 this is not YAML: a quote is opened here and not closed"),
        ('a: "x\nb: "c"\n', "1:4 this is not YAML: a quote is opened here and not closed"),
        ("a: [1, 2\nb: c\n", "1:4 this is not YAML: a [ is opened here and not closed"),
        ("a:\n  b: 1\n c: 2\n", "3:2 this is not YAML: the indentation is off here"),
        ("a: b\n  c: d\n", "2:4 this is not YAML: a second ': ' in one value, or the indentation is off"),
        ("a: @x\n", "1:4 this is not YAML: a text cannot begin with @"),
        ("a: x\nb: \x07\n", "2:4 a character that no file may hold (U+0007)"),
        (f"a: {'x' * (1 << 20)}\n", "1:1 the file is larger than 1 MiB"),
    ],
)
def test_what_is_not_yaml_is_said_in_the_authors_words(text: str, message: str) -> None:
    with pytest.raises(YamlFault) as refused:
        read_text(text)
    assert str(refused.value) == message


QUOTES = "2:12 this is not YAML: inside { } a condition with [..] or quotes needs quotes around it"
SLOT = "this is not YAML: a text that begins with a { needs quotes"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("common:\n  notice: {day|date}，好\n", f"2:11 {SLOT}"),
        ("notice: {day} is the day\nb: c\n", f"1:9 {SLOT}"),
        ('s:\n  - {when: language in ["en"], then: x}\n', QUOTES),
        ("s:\n  - {when: kind in [a, b] and x, then: x}\n", QUOTES),
        ('s:\n  a: {set: {kind: "query" + x}, then: y}\n', QUOTES.replace("2:12", "2:19")),
        ('s: {say: "x" then: y}\n', "1:4 this is not YAML: a { is opened here and not closed"),
        ("s: {say: [x, then: y}\n", "1:10 this is not YAML: a [ is opened here and not closed"),
    ],
)
def test_what_needs_quotes_is_told_so_and_what_is_not_closed_still_is(text: str, message: str) -> None:
    with pytest.raises(YamlFault) as refused:
        read_text(text)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "place", "sign"),
    [
        ("steps:\n  a:\n    prompt：x\n    then: b\n", "3:11", "："),
        ("flow：main\nstart: x\n", "1:5", "："),
        ("start: x\nsteps：\n  a: {say: x}\n", "2:6", "："),
        ("a：b\n", "1:2", "："),
        ("a: {min： 3, max: 5}\n", "1:8", "："),
        ("a: {type：date}\n", "1:9", "："),
        ("a: {min: 3，max: 5}\n", "1:11", "，"),
        ("a: {b: [c，d, e: f}\n", "1:10", "，"),
        ("a:\n  “1”: x\n", "2:3", "“"),
        ("a: ｛exactly: 6｝\n", "1:4", "｛"),
        ("a: b\n＃ said at night\nc: d\n", "2:1", "＃"),
    ],
)
def test_a_full_width_sign_for_one_of_yamls_is_named_at_its_place(text: str, place: str, sign: str) -> None:
    with pytest.raises(YamlFault) as refused:
        read_text(text)
    assert str(refused.value).removeprefix(f"{place} ").removeprefix("this is not YAML: ") == (
        f"a full-width {sign} stands here"
    )
    assert str(refused.value).startswith(place)


@pytest.mark.parametrize(
    "text",
    [
        "a: 您好：请按1，谢谢\n",
        "a: “您好”\n",
        "客户：付款，“好”:\n  - call: x\n",
        'a: {zh-CN: 水费，电费, en: "water，gas"}\n',
    ],
)
def test_full_width_signs_in_a_text_or_a_chinese_name_are_left_alone(text: str) -> None:
    assert list(read_text(text)) == [text.partition(": " if text.startswith("a") else ":\n")[0]]


def test_a_chinese_text_above_a_wrong_line_is_not_blamed() -> None:
    with pytest.raises(YamlFault, match="2:4 this is not YAML: a second ': ' in one value, or the indentation is off"):
        read_text("a: 您好：请\n  b: c\n")


@pytest.mark.parametrize(
    ("flow", "place"),
    [
        (MAIN.replace("start: menu", "start: menu\nvariables: {day: {type: “date”}}"), "3:25: shape main"),
        (MAIN.replace("menu: main.menu\n", "menu: main.menu\n    wait: 6s ＃ a while\n"), "6:14: shape main.menu"),
        (MAIN.replace("say: main.hello", "say: main.hello，main.menu"), "7:30: shape main.say_hello"),
    ],
)
def test_a_full_width_sign_in_a_value_of_a_flow_is_the_cause_that_is_told(flow: str, place: str) -> None:
    found = faults({"main": flow})
    assert [each.partition(": a full-width ")[0] for each in found if "full-width" in each] == [
        f"flows/main.yaml:{place}"
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: " + "[" * 3000 + "]" * 3000 + "\n", "1:53"),
        ("a: " + "{say: x, then: " * 300 + "end" + "}" * 300 + "\n", "1:725"),
        ("".join("  " * level + "a:\n" for level in range(100)), "50:99"),
    ],
)
def test_a_tree_too_deep_to_read_is_one_fault_that_says_what_to_do(text: str, place: str) -> None:
    with pytest.raises(YamlFault) as refused:
        read_text(text)
    assert str(refused.value) == f"{place} more than 50 levels of nesting here"
    assert refused.value.faults[0].remedy == "give the inner steps names, and refer to them by name"


def test_a_tree_as_deep_as_allowed_is_read_linked_and_proven() -> None:
    step = "{say: main.hello, then: " * 46 + "menu" + "}" * 46
    assert faults({"main": MAIN.replace("{say: main.hello, then: menu}", step)}) == []


def test_a_file_that_is_not_utf_8_is_refused_at_its_first_bad_byte(tmp_path: Path) -> None:
    path = tmp_path / "en.yaml"
    path.write_bytes("a: 好\nb: 好".encode() + "再见\n".encode("gb18030"))
    with pytest.raises(YamlFault) as refused:
        read_file(path, "common:")
    assert str(refused.value) == "2:5 the file is not UTF-8: the byte 0xD4 is no character"


def test_a_number_that_is_none_is_said_in_the_authors_words() -> None:
    flow = MAIN.replace("    menu: main.menu", "    menu: main.menu\n    tries: many")
    assert "'tries:' is a whole number, such as 3" in "\n".join(faults({"main": flow}))
