"""Draws a flow as a Mermaid diagram, for the people who approve it."""

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks.graph import exits, subflows
from ivr.engine.checks.prompt_uses import prompt_uses
from ivr.engine.introspection import GIVE_UP, Exit


def mermaid(bundle: Bundle, flow: str) -> str:
    """The source of a diagram: questions are rhombuses, other flows are rounded boxes, subflows have dotted edges."""
    steps = bundle.flows[flow].steps
    lines = ["flowchart TD", *(f"    {_id(flow, step.name)}{_box(bundle, step)}" for step in steps.values())]
    others: dict[str, str] = {}
    for step in steps.values():
        here = _id(flow, step.name)
        own = (way for way in exits(bundle, step) if way.label != GIVE_UP and not way.label.startswith("key "))
        lines += [f"    {here} -->{_label(way)} {_end(flow, way, others)}" for way in own]
        lines += [f"    {here} -.-> {_other(run, others)}" for run in subflows(bundle, step)]
    return "\n".join([*lines, *(f'    {name}(["{words}"])' for name, words in others.items())])


def _id(flow: str, step: str) -> str:
    return f"{flow}__{step.replace('/', '_')}"


def _box(bundle: Bundle, step: Step) -> str:
    node = step.node
    key = next((str(use.key) for use in prompt_uses(bundle, step)), "")
    words = "<br>".join(part for part in (step.name, f"{node.verb} {node.service() or key}".strip()) if part)
    return f'{{"{words}"}}' if node.asks else f'["{words}"]'


def _label(way: Exit) -> str:
    return "" if way.label in ("then", "go") else f'|"{way.label}"|'


def _end(flow: str, way: Exit, others: dict[str, str]) -> str:
    target = way.target
    if target.command:
        words = f"{target.command} {target.outcome}".strip()
        return _other(words, others)
    return _id(flow, target.step) if target.flow == flow else _other(f"{target.flow}.{target.step}", others)


def _other(words: str, others: dict[str, str]) -> str:
    name = "to_" + "".join(letter if letter.isalnum() else "_" for letter in words)
    others[name] = words
    return name
