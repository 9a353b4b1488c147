"""The declarations of step types: each as its table says, and every overridden method has a row."""

import inspect
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from ivr.engine.events import DigitsPressed, Event, MessageRecorded, NothingHeard
from ivr.engine.introspection import Exit, Provenance, SpokenPrompt, TypeRequirement
from ivr.engine.node import Node
from ivr.engine.question import Question
from ivr.engine.references import Target
from ivr.engine.registry import read_step, step_types
from ivr.engine.session import Frame, Session
from tests.engine.step_answers import ANSWERS, COLLECT, CONFIRM, RECORD

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
APART = {"event_for_keys", "prompts_under", "complete_schema"}  # tested below, in spoken_prompts(), and with the schema
ROWS = [(verb, step, *row) for verb, steps in ANSWERS.items() for step, rows in steps for row in rows]


def asked_of(base: type[Node]) -> Iterator[str]:
    """The methods that ask a step about itself: they do not take the run of a call."""
    for name, method in vars(base).items():
        is_asked = inspect.isroutine(method) and not name.startswith("_") and name not in APART
        if is_asked and "run" not in inspect.signature(method).parameters:
            yield name


QUESTIONS = {*asked_of(Node), *asked_of(Question)}


def plain(value: Any) -> Any:
    """An answer as a table writes it."""
    if isinstance(value, Exit):
        return f"{value.label} -> {value.target.written}"
    if isinstance(value, SpokenPrompt):
        marks = (mark for mark in ("asked", "sometimes", "written") if getattr(value, mark))
        return " ".join((value.key, value.part, *sorted(value.offers), *marks, *(f"in {x}" for x in value.languages)))
    if isinstance(value, TypeRequirement):
        return f"{value.variable}: {value.type}"
    if isinstance(value, Provenance):
        return [value.sentence, value.variable, value.flow]
    if isinstance(value, Target):
        return value.written
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list | Iterator):
        return [plain(item) for item in value]
    return value


@pytest.mark.parametrize(("verb", "step", "question", "answer"), ROWS)
def test_a_step_answers_as_its_table_says(
    verb: str, step: dict[str, Any], question: tuple[Any, ...], answer: Any
) -> None:
    node = read_step(step)
    assert node.verb == verb
    name, *given = question
    assert plain(getattr(node, name)(*given)) == answer


@pytest.mark.parametrize("verb", sorted(step_types()))
def test_every_answer_that_a_type_gives_has_its_row(verb: str) -> None:
    own = {name for name in vars(step_types()[verb]) if name in QUESTIONS}
    told = {question[0] for _, rows in ANSWERS[verb] for question, _ in rows}
    assert own - told == set()


def test_every_question_has_an_answer_in_some_table() -> None:
    told = {question[0] for steps in ANSWERS.values() for _, rows in steps for question, _ in rows}
    assert QUESTIONS - told == set()


@pytest.mark.parametrize(
    ("step", "known", "keys", "event"),
    [
        (CONFIRM, None, "#", DigitsPressed(AT, "#")),
        (COLLECT, None, "12", DigitsPressed(AT, "12")),
        (COLLECT, None, "#", NothingHeard(AT)),
        (RECORD, None, "1", DigitsPressed(AT, "1")),
        (RECORD, {"sid": "RE1"}, "#", DigitsPressed(AT, "#")),
    ],
)
def test_keys_arrive_as_the_question_takes_them(step: dict[str, Any], known: Any, keys: str, event: Event) -> None:
    assert arrived(step, known, keys) == event


def test_the_finishing_key_ends_a_message_where_one_is_taken() -> None:
    assert isinstance(arrived(RECORD, None, "#"), MessageRecorded)


def arrived(step: dict[str, Any], known: Any, keys: str) -> Event:
    """What keys are told as at a step, where its variable `account` is known so far."""
    node = read_step(step)
    assert isinstance(node, Question)
    session = Session("call", "bundle", "en", AT.timestamp(), frames=[Frame("f", "x", {"account": known})])
    return node.event_for_keys(keys, session, AT)
