"""Registry of language rules: each module of a package registers one language, so a new language is a new file."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Generic, TypeVar

Rules = TypeVar("Rules")


def split_words(words: str) -> tuple[str, ...]:
    """The words of a list that is written in one line."""
    return tuple(words.split())


class Languages(Generic[Rules]):
    """The rules in the modules of a package, loaded on first use."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._rules: dict[str, Rules] = {}
        self._loaded = False

    def register(self, language: str, rules: Rules) -> None:
        """Register a language under its tag, such as "zh-CN"."""
        self._rules[language] = rules

    def __getitem__(self, language: str) -> Rules:
        """The rules of a language. The LookupError lists the known languages and says how to add one."""
        rules = self._rules.get(language)
        if rules is not None:
            return rules
        self._load()
        if language not in self._rules:
            known = ", ".join(sorted(self._rules))
            raise LookupError(f"no rules for {language!r} (there are {known}): add a module to {self.folder}/")
        return self._rules[language]

    @property
    def folder(self) -> str:
        """The folder for a new language's module."""
        return self._package.replace(".", "/")

    def __iter__(self) -> Iterator[str]:
        """The tags of the languages."""
        self._load()
        return iter(sorted(self._rules))

    def _load(self) -> None:
        if not self._loaded:
            for module in pkgutil.iter_modules(importlib.import_module(self._package).__path__):
                importlib.import_module(f"{self._package}.{module.name}")
            self._loaded = True
