"""docs/states.md shows every state table of the product as it is."""

import importlib
import pkgutil
import re

import ivr
from ivr.db.states import diagram
from tests.docs.documents import ROOT

DOCUMENT = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")


def tables() -> dict[str, str]:
    """`module.TABLE` -> its diagram, for every module named `states` but the one that moves rows."""
    names = (each.name for each in pkgutil.walk_packages(ivr.__path__, "ivr."))
    modules = [importlib.import_module(name) for name in names if name.endswith(".states") and name != "ivr.db.states"]
    return {
        f"{module.__name__}.{name}": diagram(value)
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, dict) and all(isinstance(key, tuple) for key in value)
    }


def test_the_diagrams_are_those_of_the_tables() -> None:
    shown = dict(re.findall(r"^`([\w.]+)`:\n\n```mermaid\n(.*?)```$", DOCUMENT, re.MULTILINE | re.DOTALL))
    wanted = tables()
    assert len(wanted) >= 3
    for name, picture in wanted.items():
        assert shown.get(name) == picture, f"write in docs/states.md:\n\n`{name}`:\n\n```mermaid\n{picture}```"
    assert shown.keys() == wanted.keys()
