"""Checks that what is asked for like a password or a code is declared secret."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.checks.prompt_uses import prompt_uses
from ivr.engine.findings import Finding
from ivr.engine.introspection import StepId
from ivr.engine.question import Question
from ivr.foundation.messages import message

SHOWN = message("What callers key would stand before agents, and could be spoken, texted or compared")
LENGTHS = ("password_digits", "code_digits")  # constants from config.yaml
USUAL = 6
_ASKED = re.compile(
    r"(?:输入|键入|按出|按)[^，。；！？]*?(?:密码|验证码|校验码|口令)"
    r"|\b(?:enter|key(?:\s+in)?|type|dial|give)\b[^.,;:!?]*?\b(?:password|passcode|PIN|code)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"密码|验证码|校验码|口令|\b(?:password|passcode|PIN|code)\b", re.IGNORECASE)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Questions that ask for a secret but store the answer in a variable that is not declared secret."""
    before = _said_before(bundle)
    secret_prompts = {key for step in _collects(bundle) if _is_secret(bundle, step) for key in _own(step)}
    for step in _collects(bundle):
        reason = None if _is_secret(bundle, step) else _reason(bundle, step, before, secret_prompts)
        if reason is not None:
            name = step.node.writes()[0]
            yield finding(
                bundle, step, "undeclared-secret",
                message("{reason}, and '{name}' is not declared secret", reason=reason, name=name), SHOWN,
                message("write {name}: {{type: digits, secret: true}}", name=name), word=name,
            )  # fmt: skip


def _reason(
    bundle: Bundle, step: Step, before: Mapping[StepId, frozenset[str]], secret_prompts: set[str]
) -> str | None:
    """Why the question asks for a secret: its words, a prompt that asks for one elsewhere, or its length with a
    keyword.
    """
    said = [*_own(step), *sorted(before[step.flow, step.name])]
    if (match := _first(bundle, said, _ASKED)) is not None:
        return message('the prompt asks "{match}"', match=match)
    if (shared := next((key for key in _own(step) if key in secret_prompts), None)) is not None:
        return message("the prompt '{shared}' asks for a secret elsewhere", shared=shared)
    spoken = [*said, *(str(use.key) for use in prompt_uses(bundle, step))]
    if _is_as_long(bundle, step) and (match := _first(bundle, spoken, _NAMED)) is not None:
        return message('the question is as long as a password or code and speaks of "{match}"', match=match)
    return None


def _first(bundle: Bundle, keys: list[str], pattern: re.Pattern[str]) -> str | None:
    texts = (bundle.prompts[language].prompts.get(key) for key in keys for language in bundle.languages)
    return next((found[0] for text in texts if text is not None and (found := pattern.search(text.text))), None)


def _is_as_long(bundle: Bundle, step: Step) -> bool:
    lengths = {bundle.constants.get(name, USUAL) for name in LENGTHS}
    return isinstance(step.node, Question) and step.node.max_digits() in lengths


def _said_before(bundle: Bundle) -> Mapping[StepId, frozenset[str]]:
    """Step -> the prompts that a say step speaks directly before it."""
    found: dict[StepId, frozenset[str]] = defaultdict(frozenset)
    for step in graph.every_step(bundle):
        for way in step.node.exits() if step.node.only_speaks else ():
            if way.step_id is not None:
                found[way.step_id] |= frozenset(str(says.key) for says in step.node.spoken_prompts())
    return found


def _collects(bundle: Bundle) -> Iterator[Step]:
    return (step for step in graph.every_step(bundle) if step.node.takes_data)


def _own(step: Step) -> tuple[str, ...]:
    return tuple(map(str, step.node.question())) if isinstance(step.node, Question) else ()


def _is_secret(bundle: Bundle, step: Step) -> bool:
    return all(bundle.flows[step.flow].variables[name].secret for name in step.node.writes())
