"""Conditions that staff write: `amount > 5000 and language == "en"`; typed when loaded, quick when run.

The grammar is a small part of Python's, read by its own parser and nothing of it is ever executed as Python:
names, texts, numbers, true, false, and or not, == != < <= > >=, in [..], + and -, count(list). A number beside a
money variable is yuan; everything else compares only with its own kind.
"""

import ast
import difflib
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Scope = Mapping[str, Any]
Evaluate = Callable[[Scope], Any]
MAX_LENGTH = 300
_KINDS = {"digits": "text", "text": "text", "date": "text", "money": "money", "number": "number", "flag": "flag"}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
BUILT_IN = {"language": "text", "identified": "flag", "caller_known": "flag"}


class ExpressionError(ValueError):
    """The condition cannot be understood; the text says why and what to write."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled condition or value: its source, kind (text, money, number, flag), and the names it reads."""

    source: str
    kind: str
    reads: frozenset[str]
    evaluate: Evaluate


@dataclass(slots=True)
class _Part:
    kind: str
    evaluate: Evaluate
    literal: bool = False


def _money(part: _Part) -> _Part:
    """A number literal beside money means yuan."""
    value = part.evaluate({})
    fen = int(Decimal(str(value)) * 100)
    return _Part("money", lambda _scope: fen, literal=True)


class _Compiler:
    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = {**BUILT_IN, **variables}
        self.reads: set[str] = set()

    def compile(self, node: ast.expr) -> _Part:
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is None:
            raise ExpressionError(
                "only names, texts, numbers, comparisons, and, or, not, in, + and -, and count(..) can stand here"
            )
        part: _Part = handler(node)
        return part

    def _name(self, node: ast.Name) -> _Part:
        if node.id in ("true", "false"):
            value = node.id == "true"
            return _Part("flag", lambda _scope: value, literal=True)
        kind = _KINDS.get(self.variables.get(node.id, ""))
        if kind is None:
            near = difflib.get_close_matches(node.id, self.variables, 1)
            hint = f"did you mean '{near[0]}'?" if near else "declare it under variables:"
            raise ExpressionError(f"there is no variable '{node.id}' that can be compared; {hint}")
        self.reads.add(node.id)
        return _Part(kind, operator.itemgetter(node.id))

    def _call(self, node: ast.Call) -> _Part:
        """count(accounts): how many items a list has."""
        given = node.args[0] if len(node.args) == 1 and not node.keywords else None
        if not isinstance(node.func, ast.Name) or node.func.id != "count" or not isinstance(given, ast.Name):
            raise ExpressionError("the only thing with brackets is count(..), of a list, such as  count(accounts) > 1")
        name = given.id
        if self.variables.get(name) != "list":
            lists = [each for each, kind in self.variables.items() if kind == "list"]
            near = difflib.get_close_matches(name, lists, 1)
            hint = f"did you mean '{near[0]}'?" if near else "count takes a variable of type list"
            raise ExpressionError(f"'{name}' is no list; {hint}")
        self.reads.add(name)
        return _Part("number", lambda scope: len(scope[name]))

    def _constant(self, node: ast.Constant) -> _Part:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ExpressionError("write true or false in small letters; other values are texts or numbers")
        return _Part("text" if isinstance(value, str) else "number", lambda _scope: value, literal=True)

    def _unaryop(self, node: ast.UnaryOp) -> _Part:
        part = self.compile(node.operand)
        if not isinstance(node.op, ast.Not) or part.kind != "flag":
            raise ExpressionError("'not' stands before a yes/no condition")
        return _Part("flag", lambda scope: not part.evaluate(scope))

    def _boolop(self, node: ast.BoolOp) -> _Part:
        parts = [self.compile(value) for value in node.values]
        if any(part.kind != "flag" for part in parts):
            raise ExpressionError("'and' and 'or' join yes/no conditions, such as  amount > 5000 and identified")
        tests = [part.evaluate for part in parts]
        if isinstance(node.op, ast.And):
            return _Part("flag", lambda scope: all(test(scope) for test in tests))
        return _Part("flag", lambda scope: any(test(scope) for test in tests))

    def _binop(self, node: ast.BinOp) -> _Part:
        left, right = self._same_kind(self.compile(node.left), self.compile(node.right))
        if left.kind not in ("money", "number") or not isinstance(node.op, ast.Add | ast.Sub):
            raise ExpressionError("only amounts and numbers are added (+) or subtracted (-)")
        act = operator.add if isinstance(node.op, ast.Add) else operator.sub
        return _Part(left.kind, lambda scope: act(left.evaluate(scope), right.evaluate(scope)))

    def _compare(self, node: ast.Compare) -> _Part:
        if len(node.ops) != 1:
            raise ExpressionError("compare two things at a time, joined with 'and'")
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._membership(node)
        left, right = self._same_kind(self.compile(node.left), self.compile(node.comparators[0]))
        act = _COMPARE.get(type(node.ops[0]))
        if act is None or (left.kind == "flag" and not isinstance(node.ops[0], ast.Eq | ast.NotEq)):
            raise ExpressionError("compare with ==, !=, <, <=, >, >= or in [..]")
        return _Part("flag", lambda scope: act(left.evaluate(scope), right.evaluate(scope)))

    def _membership(self, node: ast.Compare) -> _Part:
        left, right = self.compile(node.left), node.comparators[0]
        if not isinstance(right, ast.List) or not right.elts:
            raise ExpressionError('after \'in\' write a list, such as  language in ["en", "zh-CN"]')
        members = [self._same_kind(left, self.compile(item))[1].evaluate({}) for item in right.elts]
        wanted = isinstance(node.ops[0], ast.In)
        return _Part("flag", lambda scope: (left.evaluate(scope) in members) is wanted)

    @staticmethod
    def _same_kind(left: _Part, right: _Part) -> tuple[_Part, _Part]:
        if left.kind == "money" and right.kind == "number" and right.literal:
            return left, _money(right)
        if right.kind == "money" and left.kind == "number" and left.literal:
            return _money(left), right
        if left.kind != right.kind:
            kinds = f"this compares a {left.kind} with a {right.kind}"
            raise ExpressionError(f"{kinds}; digits and texts are written in quotes")
        return left, right


def compile_expression(source: str, variables: Mapping[str, str]) -> Expression:
    """Compile a condition over variables (name -> declared type); raises `ExpressionError`."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters; split it over several steps")
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"'{source}' is no condition; write for example  amount > 5000") from error
    compiler = _Compiler(variables)
    part = compiler.compile(tree.body)
    return Expression(source, part.kind, frozenset(compiler.reads), part.evaluate)
