"""docs/core-bank.md names everything that travels, and nothing else."""

import re
from pathlib import Path

from ivr.bank.remote.shapes import INSTRUCTIONS
from tests.fakes.core_server import HANDLERS

TEXT = (Path(__file__).parents[2] / "docs" / "core-bank.md").read_text(encoding="utf-8")


def test_the_page_names_every_question_and_instruction() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == set(HANDLERS)


def test_every_kind_of_order_has_its_word_in_the_protocol() -> None:
    assert {word for word, _ in INSTRUCTIONS.values()} <= set(HANDLERS)
