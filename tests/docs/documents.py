"""The project's documents as tests read them: fenced blocks, links, headings, words in backticks."""

import itertools
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
OURS = (README, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CELL = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block without its indentation, and the line it begins at."""

    language: str
    text: str
    line: int


def blocks(document: str, language: str | None = None) -> list[Block]:
    """The fenced blocks of a language, or all of them."""
    found = [
        Block(match["language"], textwrap.dedent(match["text"]), document.count("\n", 0, match.start()) + 1)
        for match in _FENCE.finditer(document)
    ]
    return [block for block in found if language in (None, block.language)]


def prose(document: str) -> str:
    """The document without its fenced blocks."""
    return _FENCE.sub("", document)


def links(document: str) -> list[str]:
    """Where the links and pictures of a document point."""
    return _LINK.findall(prose(document))


def anchors(document: str) -> set[str]:
    """The anchors that a reader's page makes of the headings."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()) for _, title in _HEADING.findall(prose(document)))
    return {title.replace(" ", "-") for title in titles}


def section(document: str, title: str) -> str:
    """The text under a heading, up to the next heading of its level or above."""
    begin = re.search(rf"^(#+) {re.escape(title)}$", document, re.MULTILINE)
    assert begin is not None, f"there is no heading '{title}'"
    rest = document[begin.end() :]
    spans = [match.span() for match in _FENCE.finditer(rest)]
    for match in _HEADING.finditer(rest):
        fenced = any(start <= match.start() < end for start, end in spans)
        if not fenced and len(match[1]) <= len(begin[1]):
            return rest[: match.start()]
    return rest


def cells(document: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first row begins with `heading`, without their backticks."""
    lines = [line.strip() for line in document.splitlines()]
    begin = next(number for number, line in enumerate(lines) if re.match(rf"\| {re.escape(heading)} \|", line))
    body = itertools.takewhile(lambda line: line.startswith("|"), lines[begin + 2 :])
    return [[cell.strip().replace("`", "") for cell in _CELL.split(line[1:-1])] for line in body]
