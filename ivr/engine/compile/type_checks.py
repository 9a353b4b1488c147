"""Type checks: values that are assigned, keys that are collected, items that are chosen or iterated. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from ivr.engine.compile.flowfile import VariableDeclaration
from ivr.engine.expressions import Expression, fen_of
from ivr.engine.introspection import TypeRequirement
from ivr.engine.node import Node
from ivr.engine.question import Question
from ivr.engine.references import VariableName
from ivr.foundation.messages import Message, message

TypeMismatch = tuple[VariableName, Message, Message]  # the word, the problem, the remedy
_DIGITS = re.compile(r"\+?[0-9]+X?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?", re.ASCII)
_WRITTEN = {
    "money": message("write an amount in yuan, such as 86.50, or an amount that was found"),
    "number": message("write a whole number, such as 3"),
    "digits": message("write digits in both quotes, such as '\"95588\"', or a variable of that type"),
    "text": message("write a text in both quotes, such as '\"gas\"'"),
    "date": message("write a date in both quotes, such as '\"2026-11-29\"', or a variable of that type"),
    "flag": message("write true, false or a condition, such as  amount > 1000"),
    "choice": message("a choice is taken from a list by a menu, or found by a service"),
    "list": message("a list is found by a service"),
}
_ASKED = {"digits": "digits:", "text": "digits:", "money": "amount:", "date": "date: true"}


class TypeMismatchError(ValueError):
    """A value that the variable cannot hold: the problem, and the remedy."""

    def __init__(self, problem: Message, remedy: Message) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def assigned(name: str, declared: VariableDeclaration, value: Expression) -> Expression:
    """The value in the variable's type (yuan become fen). Raises `TypeMismatchError` or `ExpressionError`."""
    if declared.secret:
        raise TypeMismatchError(
            message("'{name}' is a secret, and a secret is never set", name=name),
            message("ask the caller for it with collect:"),
        )
    if declared.type == "money" and value.kind == "number" and value.literal:
        fen = fen_of(value.evaluate({}))
        return replace(value, kind="money", type="money", evaluate=lambda _scope: fen)
    if not _fits(declared.type, value):
        shown = value.source.strip().strip("\"'")
        what = message("a number with decimals") if declared.type == value.kind else value.type
        raise TypeMismatchError(
            message("'{name}' is {type}, '{shown}' is {what}", name=name, type=declared.type, shown=shown, what=what),
            _WRITTEN[declared.type],
        )
    return value


def _fits(declared: str, value: Expression) -> bool:
    if declared == value.type or (declared == "text" and value.kind == "text"):
        return not (declared == "number" and value.literal and isinstance(value.evaluate({}), float))
    if value.kind != "text" or not value.literal:
        return False
    text = value.evaluate({})
    return bool(_DIGITS.fullmatch(text)) if declared == "digits" else declared == "date" and _is_date(text)


def _is_date(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def type_mismatches(
    node: Node, variables: Mapping[str, VariableDeclaration], constants: Collection[str]
) -> Iterator[TypeMismatch]:
    """Variables whose type does not fit what the step assigns or reads; undeclared variables are reported elsewhere."""
    types = {**dict.fromkeys(constants, "a constant"), **{name: each.type for name, each in variables.items()}}
    keyed = node.data_type() if isinstance(node, Question) else ""
    for word in node.writes() if keyed else ():
        if word in variables:
            yield from _collected(word, variables[word].type, keyed)
    for want in node.type_requirements():
        if want.variable not in node.writes() or _is_plain(variables.get(want.variable)):
            yield from _other(want, types)


def _is_plain(declared: VariableDeclaration | None) -> bool:
    return declared is not None and not declared.secret


def _collected(word: VariableName, declared: str, keyed: str) -> Iterator[TypeMismatch]:
    if declared != keyed and (declared, keyed) != ("text", "digits"):
        remedy = message("ask with {asked} instead, or ", asked=_ASKED[declared]) if declared in _ASKED else ""
        problem = message(
            "'{collect}' is {declared}, what is keyed here is {keyed}", collect=word, declared=declared,
            keyed=keyed,
        )  # fmt: skip
        yield word, problem, message("{remedy}declare it as {keyed}", remedy=remedy, keyed=keyed)


def _other(want: TypeRequirement, types: Mapping[str, str]) -> Iterator[TypeMismatch]:
    word, kind = want.variable, want.type
    if types.get(word, kind) != kind:
        yield (
            word,
            message("'{word}' is {types}, {rule}", word=word, types=types[word], rule=want.rule),
            message("name a variable of type {kind}", kind=kind),
        )
