"""Conditions: their values, and what is refused with a message; no input breaks the compiler."""

import random
import sys

import pytest

from ivr.engine.expressions import ExpressionError, compile_expression

TYPES = {"amount": "money", "people": "number", "kind": "text", "number": "digits", "urgent": "flag", "cards": "list"}
SCOPE = {"amount": 500_000, "people": 2, "kind": "loan", "number": "95588", "urgent": True, "cards": [1, 2],
         "language": "en", "identified": True, "caller_known": False}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ('kind in ["loan", "card"]', True), ('kind in ["card"]', False),
        ('kind not in ["loan", "card"]', False), ('kind not in ["card"]', True),
        ("amount in [5000, 6000]", True), ("urgent in [true]", True),
        ("people > -1", True), ("amount > -5", True), ("people - -1 == 3", True), ("amount == 5000.00", True),
        ("count(cards) == 2 and not caller_known", True), ('"a && b" == kind', False), ("kind != '“loan”'", True),
    ],
)  # fmt: skip
def test_a_condition_decides(source: str, holds: bool) -> None:
    assert compile_expression(source, TYPES).evaluate(SCOPE) is holds


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("kind in [language]", "between [ and ] stand texts in quotes and numbers"),
        ("people in [people + 1]", "between [ and ] stand texts in quotes and numbers"),
        ("amount > 1e999", "too large"), ("people > 1e999", "too large"), ("amount in [1e999]", "too large"),
        ("amount > 0.001", "yuan have two decimals at most"), ("people + 0.5 > 1", "numbers are whole"),
        ("-people > 1", "before a number, such as -1"), ("-" * 290 + "1 > people", "before a number, such as -1"),
        ("number == 0123", 'no number begins with 0; digits are a text, in quotes: "0123"'),
        ("amount > 5 && urgent", "the sign && is not supported; write  and"),
        ("amount > 5 || urgent", "write  or"), ("!urgent", "write  not"), ("people = 5", "write  =="),
        ("people === 5", "write  =="), ("people ＞ 5", "the sign ＞ is not supported; write  >"),
        ("kind == “loan”", 'write  "'), ("people ≥ 5", "write  >="), ("people <> 5", "write  !="),
        ("amount > 5 AND urgent", "write  and"), ("kind == loan", 'or quote a text: "loan"'),
        ("urgent == yes", "write true"), ("urgent == No", "write false"), ("urgent == True", "in small letters"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_told_with_what_to_write(source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        compile_expression(source, TYPES)
    assert message in str(refused.value)


def test_whatever_is_written_is_a_condition_or_a_refusal() -> None:
    seed = random.randrange(1 << 32)
    sys.stdout.write(f"seed {seed}\n")
    dice = random.Random(seed)
    pieces = [*TYPES, "language", "5", "1e999", "0.1", '"a"', "in", "not", "[", "]", "(", ")", ",", "-", "+", ">", "==",
              "and", "or", "count(", "true", "1", "＞", "&", "lambda", ":", "*"]  # fmt: skip
    for _ in range(3000):
        source = " ".join(dice.choices(pieces, k=dice.randint(1, 9)))
        try:
            value = compile_expression(source, TYPES).evaluate(SCOPE)
        except ExpressionError:
            continue
        assert isinstance(value, bool | int | float | str), source  # a lone 0.1 is yuan where it is set into money
