"""What the documents point at exists: files, pictures, headings, modules, variables, and nothing of one machine."""

import re
from pathlib import Path

import pytest

from ivr.foundation.environment import Environment, read_environment
from tests.docs.documents import DOCS, OURS, README, ROOT, anchors, cells, links, prose

NAMES = [path.relative_to(ROOT).as_posix() for path in OURS]
PATHS = re.compile(r"`((?:ivr|tests|flows|prompts|docs|bench)/[A-Za-z0-9_./-]*[A-Za-z0-9_/])(?:`|, `\w+)")
EXAMPLES = {  # what recipes make
    "ivr/calls/services/last_received.py",
    "prompts/zh-CN/main.menu.wav",
}
VARIABLE = re.compile(r"\b((?:IVR|TWILIO)_[A-Z_]+)\b")
MACHINE = re.compile(r"(?<![\w.:/])/(?:work|root|home|tmp|Users|farm|mnt)/")


def read() -> set[str]:
    """The variables that the program reads."""
    source = (ROOT / "ivr" / "foundation" / "environment.py").read_text(encoding="utf-8")
    return set(re.findall(r'env\.get\("(\w+)"', source))


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    path = ROOT / name
    for link in links(path.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{name} points at {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{name} points at {link}"


@pytest.mark.parametrize("name", NAMES)
def test_every_path_in_backticks_exists(name: str) -> None:
    for path in PATHS.findall((ROOT / name).read_text(encoding="utf-8")):
        if "<" not in path and path not in EXAMPLES:
            assert (ROOT / path).exists() or (ROOT / f"{path}.py").exists(), f"{name} names {path}"


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_one_that_the_program_reads(name: str) -> None:
    named = set(VARIABLE.findall((ROOT / name).read_text(encoding="utf-8")))
    assert named <= read(), f"{name} names {named - read()}"


@pytest.mark.parametrize("name", NAMES)
def test_no_path_of_one_machine_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not MACHINE.search(text), f"{name}: {MACHINE.search(text)}"
    assert str(Path.home()) == "/" or str(Path.home()) not in text


def test_operations_lists_every_variable_with_its_default() -> None:
    table = {row[0]: row[1] for row in cells((DOCS / "operations.md").read_text(encoding="utf-8"), "variable")}
    assert set(table) == read()
    bare: Environment = read_environment({})
    assert table["IVR_DATABASE_URL"] == bare.database_url
    assert table["IVR_HOTLINE_NUMBER"] == bare.hotline_number
    assert (table["HOST"], table["PORT"]) == (bare.host, str(bare.port))
    assert table["IVR_PUBLIC_URL"].replace("<PORT>", str(bare.port)) == bare.public_url


def test_the_readme_names_every_variable_too() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in read() if f"`{name}`" not in text] == []


def test_the_readme_begins_with_a_chinese_summary_and_stays_short() -> None:
    text = README.read_text(encoding="utf-8")
    assert "中文简介" in "\n".join(text.splitlines()[:5])
    assert len(text.splitlines()) <= 250


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_has_its_number_its_context_and_its_consequence(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.stem[:4])}. ")
    assert all(f"**{word}.**" in text for word in ("Context", "Decision", "Consequence"))
    assert prose(text).count("\n") < 40
