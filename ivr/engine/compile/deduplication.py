"""Merges findings that follow from another one into it, so that an author reads each cause once. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ivr.engine.findings import Finding


def with_follow_up_counts(reported: Iterable[Finding], follows: Mapping[Finding, Finding]) -> list[Finding]:
    """The findings without follow-ups, sorted; each cause with the number of its follow-ups."""
    more: dict[Finding, int] = defaultdict(int)
    for finding, cause in follows.items():
        more[cause] += 1 + finding.more
    return sorted(replace(f, more=f.more + more[f]) if f in more else f for f in reported if f not in follows)


def duplicates_of_first(reported: Iterable[Finding], key: Callable[[Finding], Any]) -> dict[Finding, Finding]:
    """Finding -> the first finding with the same key."""
    first: dict[Any, Finding] = {}
    return {each: first[key(each)] for each in reported if first.setdefault(key(each), each) != each}


def without_duplicates(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of a failed build: a missing name is reported where it is first used."""
    reported = sorted(set(findings))

    def key(finding: Finding) -> Any:
        fields = finding.problem.fields
        if finding.code == "variable" and (name := fields.get("word", fields.get("fact"))):
            return finding.code, finding.file, name
        if finding.code in ("target", "flow", "service", "billers", "queues", "hours", "languages"):
            return finding.code, finding.problem
        return finding

    return with_follow_up_counts(reported, duplicates_of_first(reported, key))
