"""Parts of a prompt that YAML would silently drop are refused with their position: a comment, a slot, a list."""

import pytest

from ivr.engine.findings import FlowFaults
from ivr.engine.sources import Sources, build
from tests.engine.small_bank import MAIN, SERVICES, faults, sources


def said_of(lines: str) -> list[str]:
    """The faults of prompts/en.yaml with lines put in front."""
    given = sources()
    prompts = {**given.prompts, "en.yaml": lines + given.prompts["en.yaml"]}
    try:
        build(Sources(given.flows, prompts, given.rules), SERVICES)
    except FlowFaults as refused:
        return [str(finding) for finding in refused.findings]
    return []


@pytest.mark.parametrize(
    ("lines", "place", "heard"),
    [
        ("x: finish with # now.\n", "1:16: prompt x", "Callers would hear 'finish with' and nothing more"),
        ("a:\n  x: #1 bank\n", "2:6: prompt a.x", "Callers would hear nothing"),
        ("x: one\n  two   # three\n", "2:9: prompt x", "Callers would hear 'one two' and nothing more"),
        ("x: [yes # no\n  , yeah]\n", "1:9: prompt x", "Callers would hear 'yes' and nothing more"),
        ("x:\n  - yes\n  - of course # polite\n", "3:15: prompt x", "Callers would hear 'of course' and nothing more"),
    ],
)
def test_a_comment_behind_an_unquoted_text_is_refused_with_what_callers_would_hear(
    lines: str, place: str, heard: str
) -> None:
    remedy = "put the text in quotes."
    assert said_of(lines) == [f"prompts/en.yaml:{place}: from this # on, the text is a comment. {heard}. {remedy}"]


@pytest.mark.parametrize(
    "lines",
    [
        "# a line of its own\nx: hello\n",
        "a:   # of a section\n  x: hello\n",
        "x: 'finish with # now.'\n",
        'x: "finish with # now."   # quoted\n',
        "x: finish with#now.\n",
        "x: >-\n  finish with # now.\n",
        "x: [yes, no]   # a list is closed already\n",
    ],
)
def test_what_cuts_no_text_stays_as_it_is(lines: str) -> None:
    assert said_of(lines) == []


def test_a_flow_may_be_explained_at_the_end_of_its_lines() -> None:
    assert faults({"main": MAIN.replace("start: menu", "start: menu   # the first question")}) == []


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        (
            "notice: {day|date}\n",
            "1:9: prompt notice: a text that begins with a { needs quotes. Callers would hear it wrong. write "
            '"{day|date}".',
        ),
        (
            "a:\n  notice: {day}\n",
            "2:11: prompt a.notice: a text that begins with a { needs quotes. Callers would hear it wrong. write "
            '"{day}".',
        ),
        (
            "notice: today is ｛day｝\n",
            "1:9: prompt notice: a full-width ｛ stands here. Callers would hear it wrong. a slot is written {amount} "
            "or {amount|money}.",
        ),
        (
            "x: []\n",
            "1:4: prompt x: the list of words is empty. Callers who say it would not be understood. write what may be "
            "said, or delete the key.",
        ),
        (
            "x: [yes, {no: way}]\n",
            "1:10: prompt x: a list of words holds texts, not keys or lists, and none that is empty. Callers who say "
            "it would not be understood. write one word or sentence in each place; a prompt is not a list.",
        ),
        ("x: {amount|mony} is due\n", "1:4: yaml: this is not YAML: a text that begins with a { needs quotes."),
        ("x: '{amount|mony} is due'\n", "1:4: prompt x: there is no format 'mony'."),
    ],
)
def test_what_is_no_text_is_told_at_the_prompt_with_what_to_write(lines: str, finding: str) -> None:
    said = said_of(lines)
    assert len(said) == 1
    assert said[0].startswith(f"prompts/en.yaml:{finding}")


def test_sections_in_braces_hold_prompts_like_any_other() -> None:
    assert said_of("a: {x: hello, y: good morning}\nb: {z: hello}\n") == []
