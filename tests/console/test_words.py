"""Every word of the pages is there in both languages, once; nothing is left over, no page mixes the two."""

import re
from pathlib import Path

import pytest

from ivr.centre.staff.demo import DEMO_STAFF
from ivr.console.pages.export import HEADS
from ivr.console.pages.home import HOMES
from ivr.console.pages.staff import DONE
from ivr.console.shell import NAVIGATION
from ivr.console.words import desk, english, floor, journal
from ivr.console.words.english import ENGLISH
from ivr.console.words.names import DEEDS, LEVELS, ROLES, STATES
from ivr.console.words.refusals import REFUSALS
from tests.support.console import Console

CONSOLE = Path(__file__).parents[2] / "ivr" / "console"
ASKED = re.compile(r"""\b(?:_|say)\(\s*["']([^"']+)["']""")
TOLD = re.compile(r'^  \d{3}: \("([^"]+)", "([^"]+)"\)', re.MULTILINE)
DESK = (
    desk.REASONS, desk.INTENTS, desk.FLOWS, desk.HAPPENED, desk.PROVEN, desk.ENDED_BY, desk.IDLE_WORDS,
    desk.TONGUES, desk.REVEAL_REASONS, desk.LOSS, desk.FACTS, desk.THIRD,
)  # fmt: skip
DESK_MARKS = (desk.AGENT_STATES, desk.LEVELS, desk.TALK_STATES)
CHINESE = re.compile(r"[\u4e00-\u9fff]")

FLOOR = (floor.DEFINITIONS, floor.ALARMS, floor.PARTIES, floor.MODES, floor.ANNOUNCEMENTS)


def used() -> set[str]:
    """The words that templates and modules ask for by name, and those that stand in tables."""
    texts = [path.read_text(encoding="utf-8") for path in [*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.py")]]
    found = {words for text in texts for words in ASKED.findall(text)}
    found |= {words for text in texts for pair in TOLD.findall(text) for words in pair}
    found |= {entry.words for entry in NAVIGATION} | {shown.sees for shown in DEMO_STAFF}
    found |= {words for home in HOMES.values() for words in (home.title, home.about, *sum(home.to_come, ()))}
    found |= {*DONE.values(), *ROLES.values(), *LEVELS.values(), *DEEDS.values(), *REFUSALS.values()}
    found |= {words for table in DESK for words in table.values()}
    found |= {words for table in FLOOR for words in table.values()}
    found |= {word for table in DESK_MARKS for word, _ in table.values()}
    found |= {*journal.RULES.values(), *journal.LEGS.values(), *journal.LEG_STATES.values(), *journal.KINDS.values()}
    found |= {*journal.ENDED_BY.values(), *journal.TAPES.values(), *journal.SHEETS.values()}
    found |= {*journal.HAPPENED.values(), *journal.CAUSES.values(), *HEADS}
    shaped = (STATES, journal.OUTCOMES, journal.OFFERS)
    return found | {word for table in shaped for word, _ in table.values()}


def test_every_word_has_its_english_and_no_english_is_left_over() -> None:
    assert used() - set(ENGLISH) == set()
    assert set(ENGLISH) - used() == set()


def test_no_word_stands_in_two_catalogues() -> None:
    catalogues = [vars(module)["WORDS"] for name, module in vars(english).items() if hasattr(module, "WORDS")]
    assert sum(map(len, catalogues)) == len(ENGLISH)


def test_facts_stand_in_both_languages() -> None:
    slots = re.compile(r"\{(\w+)\}")
    assert [zh for zh, en in ENGLISH.items() if set(slots.findall(zh)) != set(slots.findall(en))] == []


@pytest.mark.parametrize("user_name", ["agent1", "tech1", "hr1", "audit1", "branch1"])
def test_an_english_page_says_of_each_chinese_word_that_it_is_chinese(shared_console: Console, user_name: str) -> None:
    person = shared_console.person(user_name)
    paths = {"tech1": ["staff", "staff/import", "staff/branch1"], "hr1": ["staff/agent1"], "audit1": ["audit"]}
    for path in ["", "account", "account/password", "account/second-factor", "no/page", *paths.get(user_name, [])]:
        page = person.get(f"/console/{path}?lang=en").text
        assert '<html lang="en">' in page
        own = re.sub(r'<(span|pre)[^>]* lang="zh-CN"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
        assert CHINESE.findall(own) == [], path


def test_the_choice_of_a_language_lasts(shared_console: Console) -> None:
    person = shared_console.person()
    assert '<html lang="zh-CN">' in person.get("/console/sign-in").text
    assert '<html lang="en">' in person.get("/console/sign-in?lang=en").text
    assert '<html lang="en">' in person.get("/console/sign-in").text
    assert '<html lang="en">' in person.get("/console/sign-in?lang=xx").text
