"""Measures the seconds of speech before the first option, an agent and an amount, against `budgets:` of config.yaml.

The measured caller presses a key as soon as its option was named, keys a number as soon as the first sentence of the
question was said, and gets the first outcome of every service. Each language is measured by its own words: what a
greeting says before in another language is not counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.listening_time import ListeningTime, step_named
from ivr.engine.findings import Finding, suggestion
from ivr.engine.question import Question
from ivr.foundation.messages import Message, comma_list, message

CONFIG = "config.yaml"


@dataclass(frozen=True, slots=True)
class ListeningTimes:
    """Seconds of speech in one language; None where it is never said, or not measured."""

    language: str
    first_option: float | None
    agent: float | None
    steps: Mapping[str, float | None]


def listening_times(bundle: Bundle) -> Iterator[ListeningTimes]:
    """The measured times, language by language."""
    for language in bundle.languages:
        way = ListeningTime(bundle, language)
        reached = way.walk()
        steps = {place: way.amount(reached, place) for place in bundle.budgets.steps}
        yield ListeningTimes(language, way.first_option(_entry(bundle)), way.agent(reached), steps)


def report(bundle: Bundle) -> Iterator[Message]:
    """A line for each language: what was measured, and its budget."""
    budgets = bundle.budgets
    if (budgets.first_option, budgets.agent, budgets.steps) == (None, None, {}):
        return
    for found in listening_times(bundle):
        rows = [
            (message("the first option"), found.first_option, budgets.first_option),
            (message("an agent"), found.agent, budgets.agent),
            *((place, found.steps[place], most) for place, most in budgets.steps.items()),
        ]
        reported = (
            message("{what} after {took:.1f} s (at most {most:g})", what=what, took=took or 0, most=most)
            for what, took, most in rows
            if most is not None
        )
        yield message("{language}: {figures}", language=found.language, figures=comma_list(reported))


def check(bundle: Bundle) -> Iterator[Finding]:
    """Every exceeded budget, in each language."""
    budgets = bundle.budgets
    unknown = [place for place in budgets.steps if step_named(bundle, place) is None]
    for place in unknown:
        known = [step.qualified_name for step in graph.every_step(bundle)]
        yield Finding(
            CONFIG, 1, 1, "budget", "budgets.steps", message("there is no step '{place}'", place=place),
            message("Nothing would be measured"), suggestion(place, known),
        )  # fmt: skip
    for found in listening_times(bundle):
        yield from _over(bundle, found, _entry(bundle), message("an agent is named"), found.agent, budgets.agent)
        for place, most in budgets.steps.items():
            if (step := step_named(bundle, place)) is not None:
                yield from _over(
                    bundle, found, step, message("{place} is reached", place=place), found.steps[place], most
                )
        yield from _options(bundle, found.language)


def _options(bundle: Bundle, language: str) -> Iterator[Finding]:
    most, way = bundle.budgets.first_option, ListeningTime(bundle, language)
    for step in graph.every_step(bundle) if most is not None else ():
        if isinstance(step.node, Question) and step.node.lists_options():
            took = way.first_option(step)
            if took is not None and took > (most or 0):
                yield _finding(
                    bundle, language, step, message("the first option is named after {took:.1f} s", took=took),
                    most or 0,
                )  # fmt: skip


def _over(
    bundle: Bundle, found: ListeningTimes, step: Step, what: Message, took: float | None, most: float | None
) -> Iterator[Finding]:
    if most is None:
        return
    if took is None:
        yield _finding(bundle, found.language, step, message("no caller hears that {what}", what=what), most)
    elif took > most:
        yield _finding(
            bundle, found.language, step, message("{what} after {took:.1f} s of speech", what=what, took=took), most
        )


def _finding(bundle: Bundle, language: str, step: Step, problem: Message, most: float) -> Finding:
    prompts = bundle.prompts[language]
    key = next((says.key for says in step.node.spoken_prompts()), None)
    prompt = prompts.prompts.get(key or "")
    here = (bundle.flows[step.flow].file, step.line, step.column)
    at = (prompts.file, prompt.line, prompt.column) if prompt else here
    reported = message(
        "in {language} {problem}; config.yaml allows {most:g} s", language=language, problem=problem, most=most
    )
    return Finding(
        *at, "budget", step.qualified_name, reported,
        message("Callers would listen longer than the bank allows"),
        message("shorten what is said before it, or raise the budget"),
    )  # fmt: skip


def _entry(bundle: Bundle) -> Step:
    return graph.step_at(bundle, (bundle.entry.flow, bundle.entry.step))
