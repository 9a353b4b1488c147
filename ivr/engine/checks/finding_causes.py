"""Merges findings that follow from another finding into their root cause. Pure.

A bundle with the root cause is not published, so a finding that was merged wrongly appears once the cause is fixed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ivr.engine.bundle import Bundle
from ivr.engine.checks import graph
from ivr.engine.compile.deduplication import duplicates_of_first, with_follow_up_counts
from ivr.engine.findings import Finding
from ivr.engine.introspection import StepId
from ivr.foundation.messages import Message
from ivr.foundation.strictyaml import closest

_SHARED_CAUSE_COUNT = 3  # this many questions without an agent share one cause
_MISSING_ROUTE = ("no-such-key", "outcome", "target")  # a missing option or route


def root_causes(bundle: Bundle, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, sorted. Follow-up findings are only counted, in `more` of their cause."""
    reported = sorted(set(findings))
    for fold in (_alike, _only_behind_unreachable, _after_missing_route, _at_one_text, _after_unset, _misspelt):
        reported = fold(bundle, reported)
    return reported


def _alike(_bundle: Bundle, reported: list[Finding]) -> list[Finding]:
    """The same fault in several languages, steps that say one text, or uses of one variable."""
    numbers = defaultdict(list)
    for finding in reported:
        if finding.code == "no-agent":
            numbers[finding.problem].append(finding)

    def key(finding: Finding) -> Any:
        fields = finding.problem.fields
        if finding.code == "no-such-key":
            return finding.code, finding.place, fields["key"]
        if finding.code == "missing":
            return finding.code, finding.problem
        if finding.code == "unset":
            return finding.code, finding.file, fields["name"]
        if finding.code == "gate":
            return finding.code, finding.file, fields.get("need", finding.problem)
        if finding.code == "no-agent" and len(numbers[finding.problem]) >= _SHARED_CAUSE_COUNT:
            return finding.code, finding.problem
        return finding.file, finding.line, finding.column, finding.code, finding.problem

    return with_follow_up_counts(reported, duplicates_of_first(reported, key))


def _only_behind_unreachable(bundle: Bundle, reported: list[Finding]) -> list[Finding]:
    """Steps that are reachable only from unreachable steps, and all their findings."""
    lost = {f.place: f for f in reported if f.code == "unreachable"}
    if not lost:
        return reported
    heads = _heads(bundle, [_place(place) for place in lost])
    follows = {}
    for finding in reported:
        head = heads.get(_place(finding.place)) if "." in finding.place else None
        cause = lost[".".join(head)] if head is not None else None
        if cause is not None and finding != cause:
            follows[finding] = cause
    return with_follow_up_counts(reported, follows)


def _place(words: str) -> StepId:
    flow, _, step = words.partition(".")
    return flow, step


def _heads(bundle: Bundle, lost: list[StepId]) -> dict[StepId, StepId]:
    """Unreachable step -> the first unreachable step that leads to it; in a cycle, the start of a flow."""
    among = set(lost)
    led = {after for place in lost for after in graph.onward(bundle, graph.step_at(bundle, place)) if after != place}
    begins = [place for place in lost if place not in led]
    starts = [place for place in lost if place == graph.start_of(bundle, place[0])]
    head: dict[StepId, StepId] = {}
    for begin in (*begins, *starts, *lost):
        if begin not in head:
            for place in graph.reach(bundle, (begin,)) & among:
                head.setdefault(place, begin)
    return head


def _after_missing_route(_bundle: Bundle, reported: list[Finding]) -> list[Finding]:
    """A missing option or route makes steps unreachable, words and prompts unused, and a biller unavailable."""
    cause = next((f for code in _MISSING_ROUTE for f in reported if f.code == code), None)
    if cause is None:
        return reported
    codes = ("unreachable", "unused", "billers", "option-unnamed", "key-order", "routing")
    return with_follow_up_counts(reported, {f: cause for f in reported if f.code in codes})


def _at_one_text(_bundle: Bundle, reported: list[Finding]) -> list[Finding]:
    """A text with wrong labels is also recognised wrongly."""
    wrong_texts = {
        (f.file, f.line): f for f in reversed(reported) if f.code in ("key-first", "key-alone", "same-label")
    }
    unheard = [f for f in reported if f.code == "label-unheard" and (f.file, f.line) in wrong_texts]
    return with_follow_up_counts(reported, {f: wrong_texts[f.file, f.line] for f in unheard})


def _after_unset(_bundle: Bundle, reported: list[Finding]) -> list[Finding]:
    """Calls that break because a variable is never set; the script of key presses moves to the cause."""
    unset = {(f.file, f.problem.fields["name"]): f for f in reported if f.code == "unset"}
    breaks = {
        f: cause for f in reported if f.code == "breaks" and (cause := unset.get((f.file, _lacking(f)))) is not None
    }
    played = {cause: replace(cause, script=cause.script or f.script) for f, cause in reversed(breaks.items())}
    return with_follow_up_counts(
        (played.get(f, f) for f in reported), {f: played[cause] for f, cause in breaks.items()}
    )


def _lacking(breaks: Finding) -> str:
    """The variable that had no value when a call broke."""
    why = breaks.problem.fields["words"]
    return str(why.fields.get("path", "")).partition(".")[0] if isinstance(why, Message) else str(why)


def _misspelt(_bundle: Bundle, reported: list[Finding]) -> list[Finding]:
    """An unused prompt whose key is a misspelling: only the missing prompt is reported."""
    missing = {str(f.problem.fields["key"]): f for f in reported if f.code == "missing" and "key" in f.problem.fields}
    unused = [f for f in reported if f.code == "unused"]
    follows = {f: missing[close[0]] for f in unused if (close := closest(f.place, missing))}
    return with_follow_up_counts(reported, follows)
