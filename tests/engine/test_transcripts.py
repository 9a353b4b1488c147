"""Transcripts are played as written, and a difference is reported with its line."""

import pytest

from ivr.engine.diagram import mermaid
from ivr.engine.transcripts import Coverage, play_text
from tests.engine.small_bank import MAIN, small_bundle

HEAD = "variables: {balance: {type: money}, accounts: {type: list}, account: {type: choice}}\nsteps:"
MORE = """
  look: {service: find_balance, outcomes: {found: tell, unavailable: to_agent}}
  tell: {branch: [{when: balance > 100, then: rich}], else: bye}
  rich: {say: main.hello, then: menu}
"""
FLOWS = {"main": MAIN.replace("steps:", HEAD).replace('"1": say_hello', '"1": say_hello, "2": look') + MORE}


def play(rows: str) -> list[tuple[int, str]]:
    """(line, problem) of each call in a transcript."""
    return [(result.line, result.problem) for result in play_text(small_bundle(FLOWS), "flows/main.test.yaml", rows)]


def call(*rows: str) -> str:
    """A transcript of one call."""
    return "a call:\n" + "".join(f"  - {row}\n" for row in rows)


OPEN = "call: {language: zh-CN}"


def test_a_call_that_goes_as_written() -> None:
    rows = call(
        'call: {language: en, hour: "2026-11-24 10:00", from: "+8613800138000"}', "hear: main.menu", 'press: "1"',
        "hear: [main.hello, main.menu]", "silence: 2", "hear: common.again", 'press: "2"', "hear: verify.ask",
        'press: "123456"', "service: {find_balance: found, balance: 100.01}", "hear: main.hello", "ends_in: main.menu",
        "silence:", "silence:", "silence:", "ends_in: queue", "queue: timeout", "hear: common.bye", "ends_in: hang_up",
    )  # fmt: skip
    assert [problem for _, problem in play(rows)] == [""]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("hear: main.hello", "'main.hello' was not heard; heard: main.menu"),
        ("hear: main.helo", "'main.helo' was not heard (did you mean 'main.hello'?); heard: main.menu"),
        ("ends_in: hang_up", "the call stands at main.menu, not at hang_up"),
        ("service: {find_balance: found}", "nothing asked the service 'find_balance' here"),
        ("service: {find_balanse: found}", "there is no service 'find_balanse'; did you mean 'find_balance'?"),
        ("service: {find_balance: fond}", "'find_balance' never answers 'fond'; did you mean 'found'?"),
        ("service: {find_balance: found, balanc: 1}", "'find_balance' finds no 'balanc' then; did you mean 'balance'?"),
        ("service: {find_balance: found, balance: much}", "'much' is not of type money; amounts are written in yuan"),
        ("queue: timeout", "nobody is in a queue here, or this is not one of its results"),
        ("service: {find_balance: found, balance: [1]}", "'['1']' is not of type money; amounts are written in yuan"),
        ('press: "x1"', "'x1' cannot be pressed on a telephone; keys are 0 to 9, star and hash"),
        ("press:", "'' cannot be pressed on a telephone"),
        ("press: [1]", "a list or keys cannot be pressed on a telephone"),
        ("silence: two", "'two' is not a number of silences; write  - silence: 2"),
        ("silence: 0", "'0' is not a number of silences"),
        ("hang_up: yes", "hang_up has no value; write  - hang_up:"),
        ("say:", "write one text, such as  - say: 缴费"),
        ("unsure:", "write one text, such as  - unsure: 确认"),
        ("queue: [timeout]", "write one text, such as  - queue: answered"),
        ("hear: {main: menu}", "write a prompt or a list of them"),
        ("hear: []", "write a prompt or a list of them"),
        ("ends_in: [main.menu]", "write one text, such as  - ends_in: main.menu"),
        ("pres: 1", "'pres' is not a keyword of transcripts; did you mean 'press'?"),
    ],
)  # fmt: skip
def test_what_is_not_as_written_is_told_with_its_line(row: str, problem: str) -> None:
    (line, said), *more = play(call(OPEN, row))
    assert (line, more) == (3, [])
    assert said.startswith(problem)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ('a call:\n  - press: "1"\n', "a call begins with  - call: {language: zh-CN}"),
        ("a call: yes\n", "'a call' is a list of rows"),
        ("a call:\n  - call: {langage: en}\n", "'langage' is unknown under call:; did you mean 'language'?"),
        ("a call:\n  - call: {start: main.men}\n", "there is no step 'main.men'; did you mean 'main.menu'?"),
        ("a call:\n  - call: {proven: [quey]}\n", "'quey' is not a proof; did you mean 'query'?"),
        ("a call:\n  - call: {proven: query}\n", "proven: is a list, such as  proven: [query]; known are: ide"),
        ("a call:\n  - call: {identified: yes}\n", "'yes' is neither true nor false; write  identified: true"),
        ('a call:\n  - call: {from: "138x"}\n', "'138x' is not a calling number; write  from: "),
        ("a call:\n  - call: {language: [en]}\n", "write one text, such as  language: en"),
        ("a call:\n  - call: {hour: noon}\n", "'noon' is not a time; write 2026-11-24 10:00"),
        ("a call:\n  - call: {language: de}\n", "the language 'de' is not configured"),
        ("a: [\n", "this is not YAML"),
    ],
)
def test_a_transcript_that_cannot_be_read_says_why(rows: str, problem: str) -> None:
    assert play(rows)[0][1].startswith(problem)


def test_a_wrong_word_in_an_opening_of_many_lines_is_told_with_its_own_line() -> None:
    assert [line for line, _ in play("a call:\n  - call:\n      language: en\n      proven: [quey]\n")] == [4]


def test_an_empty_transcript_says_how_one_begins() -> None:
    assert play("")[0][1] == "the file is not a mapping; begin with a key, such as  a call of the name you like:"


def test_a_call_that_is_over_takes_no_more_keys() -> None:
    over = (3, "the call is over already")
    assert play(call("call: {start: main.bye, language: en}", 'press: "1"')) == [over]


def test_a_call_that_names_no_language_is_played_in_each() -> None:
    results = play_text(small_bundle(FLOWS), "x", call("call: {start: main.menu}", 'press: "1"', "hear: main.hello"))
    assert [(result.name, result.problem) for result in results] == [("a call (zh-CN)", ""), ("a call (en)", "")]
    assert [[what for _, what in result.trail if what.startswith("in ")] for result in results] == [
        ["in zh-CN"] * 3,
        ["in en"] * 3,
    ]


def test_a_caller_hangs_up_and_the_call_is_over() -> None:
    rows = call(OPEN, "hang_up:", "ends_in: hang_up", "silence:")
    [result] = play_text(small_bundle(FLOWS), "x", rows)
    assert (result.line, result.problem) == (5, "the call is over already")
    assert result.trail[-1] == ("main.menu", "hang_up")


def test_a_fact_may_bear_the_name_of_its_service() -> None:
    way = ("call: {language: en, start: main.look, proven: [query]}",)
    for answer in ("{find_balance: found, balance: 100.01}", "{find_balance: {found: {balance: 100.01}}}"):
        assert play(call(*way, f"service: {answer}", "hear: main.hello")) == [(2, "")]
    for wrong in ("{find_balance: {}}", "{find_balance: {found: 2}}", "{find_balance: [found]}"):
        [(line, problem)] = play(call(*way, f"service: {wrong}"))
        assert line == 3
        assert problem.startswith("write  service: {find_bill: found}")


def test_what_is_proven_for_one_use_is_used_up() -> None:
    paid = "  paid: {service: pay, with: [amount], outcomes: {paid: menu, no_funds: menu, unavailable: menu}}\n"
    sure = '  sum: {set: {amount: "100"}, then: sure}\n  sure: {confirm: main.sure, "yes": paid, "no": menu}\n'
    text = FLOWS["main"].replace("balance: {", "amount: {type: money}, balance: {").replace('"2": look', '"2": paid')
    words = {"main.sure": "{amount|money}。是，请按1。否，请按2。"}
    opened = "call: {language: en, start: main.sum, identified: true}"
    rows = call(opened, 'press: "1"', 'press: "2"', "ends_in: queue")
    [result] = play_text(small_bundle({"main": text + sure + paid}, words, words), "x", rows)
    assert result.problem == ""
    assert [what for place, what in result.trail if place == "main.paid" and what in ("paid", "gate closed")] == [
        "paid",
        "gate closed",
    ]


def test_every_call_of_a_file_is_played_whatever_became_of_the_one_before() -> None:
    two = call(OPEN, "ends_in: hang_up") + call(OPEN, "ends_in: main.menu").replace("a call", "another")
    assert [bool(problem) for _, problem in play(two)] == [True, False]


COLUMNS = ("flow", "steps", "zh-CN", "en", "answers", "silence", "wrong", "key", "giving", "up", "back", "agent",
           "hang-up", "outcomes")  # fmt: skip


def covered(*rows: str) -> Coverage:
    """What one call covers."""
    bundle = small_bundle(FLOWS)
    coverage = Coverage(bundle)
    for result in play_text(bundle, "x", call(*rows)) if rows else ():
        assert result.problem == ""
        coverage.add(result.trail)
    return coverage


def test_coverage_counts_what_can_happen_against_what_was_shown() -> None:
    empty = covered().table(["main"]).splitlines()
    assert empty[0].split() == list(COLUMNS)
    assert " ".join(empty[1].split()) == "main 0/7 0/7 0/7 0/2 0/1 0/1 0/1 0/1 0/1 0/2 0/8"
    full = covered(OPEN, 'press: "1"', 'press: "5"', "silence: 3", "queue: timeout", "ends_in: hang_up")
    [_, row] = full.table(["main"]).splitlines()
    assert " ".join(row.split()) == "main 4/7 4/7 0/7 1/2 1/1 1/1 1/1 0/1 0/1 0/2 1/8"


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        (('press: "0"',), ("main.menu", "key 0")),
        (("press: star",), ("main.menu", "key *")),
        (('press: "1"', "press: star"), ("main.menu", "key *")),
        (("hang_up:",), ("main.menu", "hang_up")),
        (('press: "0"', "hang_up:"), ("main.to_agent", "hang_up")),
    ],
)
def test_back_the_agent_and_the_hang_up_are_counted_where_they_happen(
    rows: tuple[str, ...], shown: tuple[str, str]
) -> None:
    assert shown in covered().missing("main")
    assert shown not in covered(OPEN, *rows).missing("main")


def test_an_agent_who_comes_because_nobody_answered_was_not_asked_for() -> None:
    assert ("main.menu", "key 0") in covered(OPEN, "silence: 3", "ends_in: queue").missing("main")


def test_inside_a_number_0_is_a_digit_and_no_agent() -> None:
    wanted = [what for place, what in covered().missing("verify") if place == "verify.ask"]
    assert wanted == ["enter", "in zh-CN", "in en", "collected", "no_input", "no_match", "give_up", "key *", "hang_up"]


def test_more_than_one_flow_is_summed_up() -> None:
    rows = covered(OPEN).table(["main", "verify"]).splitlines()
    assert [row.split()[:4] for row in rows[1:]] == [
        ["main", "1/7", "1/7", "0/7"],
        ["verify", "0/2", "0/2", "0/2"],
        ["all", "1/9", "1/9", "0/9"],
    ]


def test_a_flow_is_drawn_with_its_questions_its_exits_and_its_subflows() -> None:
    picture = mermaid(small_bundle(FLOWS), "main")
    assert picture.startswith("flowchart TD\n")
    assert '    main__menu{"menu<br>menu main.menu"}' in picture
    assert '    main__menu -->|"2"| main__look' in picture
    assert "    main__look -.-> to_verify" in picture
    assert '    main__to_agent -->|"answered"| to_end' in picture
    assert '    to_verify(["verify"])' in picture
