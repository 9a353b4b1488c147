"""Conditions that staff write: `amount > 5000 and language == "en"`. Type-checked when loaded, fast when evaluated.

The grammar is a small subset of Python's, compiled from Python's AST; nothing is executed as Python. It has names,
texts, numbers, true, false, and, or, not, == != < <= > >=, in [..], + and -, count(list). A number compared with a
money variable means yuan; all other values compare only with their own kind.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ivr.engine.unsupported_operators import unsupported_operator
from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml import closest, did_you_mean

Scope = Mapping[str, Any]
Evaluate = Callable[[Scope], Any]
MAX_LENGTH = 300
_KINDS = {"digits": "text", "text": "text", "date": "text", "money": "money", "number": "number", "flag": "flag"}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
BUILT_IN = {"language": "text", "identified": "flag", "caller_known": "flag", "now": "date"}
_YES_NO = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class ExpressionError(ValueError):
    """The condition is not valid. `why` says why and what to write."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled condition or value: its source, its kind (text, money, number, flag), and the names it reads.

    `type` is the declared type where the source is a single name, otherwise the kind. `literal` is true for a constant.
    """

    source: str
    kind: str
    reads: frozenset[str]
    evaluate: Evaluate
    type: str
    literal: bool


@dataclass(slots=True)
class _Compiled:
    kind: str
    evaluate: Evaluate
    literal: bool = False
    type: str = ""


def fen_of(yuan: int | float) -> int:
    """The fen of a number that is written beside a money variable and so means yuan."""
    fen = Decimal(str(yuan)) * 100
    if fen != int(fen):
        raise ExpressionError(message("{yuan} is not an amount: yuan have two decimals at most", yuan=yuan))
    return int(fen)


def _money(part: _Compiled) -> _Compiled:
    fen = fen_of(part.evaluate({}))
    return _Compiled("money", lambda _scope: fen, literal=True)


def _constant(value: Any) -> _Compiled:
    return _Compiled("text" if isinstance(value, str) else "number", lambda _scope: value, literal=True)


class _Compiler:
    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = {**BUILT_IN, **variables}
        self.reads: set[str] = set()

    def compile(self, node: ast.expr) -> _Compiled:
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is None:
            raise ExpressionError(
                message(
                    "only names, texts, numbers, comparisons, and, or, not, in, + and -, and count(..) can stand here"
                )
            )
        part: _Compiled = handler(node)
        return part

    def _name(self, node: ast.Name) -> _Compiled:
        if node.id in ("true", "false"):
            value = node.id == "true"
            return _Compiled("flag", lambda _scope: value, literal=True)
        kind = _KINDS.get(self.variables.get(node.id, ""))
        if kind is None:
            raise ExpressionError(
                message(
                    "there is no variable '{id}' that can be compared; {hint}", id=node.id, hint=self._hint(node.id)
                )
            )
        self.reads.add(node.id)
        return _Compiled(kind, operator.itemgetter(node.id), type=self.variables[node.id])

    def _hint(self, name: str) -> Message:
        if name.lower() in _YES_NO:
            return message("write {yes_no}", yes_no=_YES_NO[name.lower()])
        suggestion = closest(name, self.variables)
        return (
            did_you_mean(suggestion[:1])
            if suggestion
            else message('declare it under variables:, or quote a text: "{name}"', name=name)
        )

    def _call(self, node: ast.Call) -> _Compiled:
        """`count(accounts)`: the number of items in a list."""
        given = node.args[0] if len(node.args) == 1 and not node.keywords else None
        if not isinstance(node.func, ast.Name) or node.func.id != "count" or not isinstance(given, ast.Name):
            raise ExpressionError(
                message("the only thing with brackets is count(..), of a list, such as  count(accounts) > 1")
            )
        name = given.id
        if self.variables.get(name) != "list":
            lists = [each for each, kind in self.variables.items() if kind == "list"]
            suggestion = closest(name, lists)
            hint = did_you_mean(suggestion[:1]) if suggestion else message("count takes a variable of type list")
            raise ExpressionError(message("'{name}' is not a list; {hint}", name=name, hint=hint))
        self.reads.add(name)
        return _Compiled("number", lambda scope: len(scope[name]))

    def _constant(self, node: ast.Constant) -> _Compiled:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ExpressionError(message("write true or false in small letters; other values are texts or numbers"))
        if not isinstance(value, str) and not math.isfinite(value):
            raise ExpressionError(message("a number here is too large to be one"))
        return _constant(value)

    def _unaryop(self, node: ast.UnaryOp) -> _Compiled:
        if isinstance(node.op, ast.USub):
            return self._negative(node.operand)
        part = self.compile(node.operand)
        if not isinstance(node.op, ast.Not) or part.kind != "flag":
            raise ExpressionError(message("'not' stands before a yes/no condition"))
        return _Compiled("flag", lambda scope: not part.evaluate(scope))

    def _negative(self, operand: ast.expr) -> _Compiled:
        part = self.compile(operand) if isinstance(operand, ast.Constant) else None
        if part is None or part.kind != "number":
            raise ExpressionError(
                message("a minus stands between two amounts or numbers, or before a number, such as -1")
            )
        return _constant(-part.evaluate({}))

    def _boolop(self, node: ast.BoolOp) -> _Compiled:
        parts = [self.compile(value) for value in node.values]
        if any(part.kind != "flag" for part in parts):
            raise ExpressionError(
                message("'and' and 'or' join yes/no conditions, such as  amount > 5000 and identified")
            )
        tests = [part.evaluate for part in parts]
        if isinstance(node.op, ast.And):
            return _Compiled("flag", lambda scope: all(test(scope) for test in tests))
        return _Compiled("flag", lambda scope: any(test(scope) for test in tests))

    def _binop(self, node: ast.BinOp) -> _Compiled:
        left, right = self._same_kind(self.compile(node.left), self.compile(node.right))
        if left.kind not in ("money", "number") or not isinstance(node.op, ast.Add | ast.Sub):
            raise ExpressionError(message("only amounts and numbers are added (+) or subtracted (-)"))
        if left.kind == "number" and any(p.literal and isinstance(p.evaluate({}), float) for p in (left, right)):
            raise ExpressionError(message("numbers are whole; only amounts have decimals"))
        act = operator.add if isinstance(node.op, ast.Add) else operator.sub
        return _Compiled(left.kind, lambda scope: act(left.evaluate(scope), right.evaluate(scope)))

    def _compare(self, node: ast.Compare) -> _Compiled:
        if len(node.ops) != 1:
            raise ExpressionError(message("compare two things at a time, joined with 'and'"))
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._membership(node)
        left, right = self._same_kind(self.compile(node.left), self.compile(node.comparators[0]))
        act = _COMPARE.get(type(node.ops[0]))
        if act is None or (left.kind == "flag" and not isinstance(node.ops[0], ast.Eq | ast.NotEq)):
            raise ExpressionError(message("compare with ==, !=, <, <=, >, >= or in [..]"))
        return _Compiled("flag", lambda scope: act(left.evaluate(scope), right.evaluate(scope)))

    def _membership(self, node: ast.Compare) -> _Compiled:
        left, right = self.compile(node.left), node.comparators[0]
        if not isinstance(right, ast.List) or not right.elts:
            raise ExpressionError(message('after \'in\' write a list, such as  language in ["en", "zh-CN"]'))
        members = [self._member(left, item) for item in right.elts]
        wanted = isinstance(node.ops[0], ast.In)
        return _Compiled("flag", lambda scope: (left.evaluate(scope) in members) is wanted)

    def _member(self, left: _Compiled, item: ast.expr) -> Any:
        member = self._same_kind(left, self.compile(item))[1]
        if not member.literal:
            raise ExpressionError(
                message("between [ and ] stand texts in quotes and numbers; two variables compare with ==")
            )
        return member.evaluate({})

    @staticmethod
    def _same_kind(left: _Compiled, right: _Compiled) -> tuple[_Compiled, _Compiled]:
        if left.kind == "money" and right.kind == "number" and right.literal:
            return left, _money(right)
        if right.kind == "money" and left.kind == "number" and left.literal:
            return _money(left), right
        if left.kind != right.kind:
            kinds = message("this compares a {kind} with a {kind2}", kind=left.kind, kind2=right.kind)
            raise ExpressionError(message("{kinds}; digits and texts are written in quotes", kinds=kinds))
        return left, right


def compile_expression(source: str, variables: Mapping[str, str]) -> Expression:
    """Compiles a condition over variables (name -> declared type). Raises `ExpressionError`."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(
            message("longer than {max_length} characters; split it over several steps", max_length=MAX_LENGTH)
        )
    if (wrong := unsupported_operator(source)) is not None:
        raise ExpressionError(wrong)
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(
            message("'{source}' is not a condition; write for example  amount > 5000", source=source)
        ) from error
    compiler = _Compiler(variables)
    part = compiler.compile(tree.body)
    reads = frozenset(compiler.reads)
    return Expression(source, part.kind, reads, part.evaluate, part.type or part.kind, part.literal)
