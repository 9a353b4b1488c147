"""Builds a bundle from file texts: flows/*.yaml, prompts/*.yaml and the routing part of config.yaml.

Pure: the caller reads the files, or loads a published bundle, and passes in the texts.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from ivr.engine.bundle import Budgets, Bundle, LeastConfidence, Limits, QueueRules, RouteRule
from ivr.engine.checks.confirm_effects import confirm_effects
from ivr.engine.checks.liveness import live_variables
from ivr.engine.checks.private import private_variables
from ivr.engine.compile.deduplication import without_duplicates
from ivr.engine.compile.flow_reachability import reachable_flows
from ivr.engine.compile.flowfile import Draft, SharedDefaults, key_map, read_defaults, read_flow
from ivr.engine.compile.linking import Linker
from ivr.engine.compile.prompt_files import read_prompts
from ivr.engine.contracts import Catalogue
from ivr.engine.findings import Finding, FlowFaults
from ivr.engine.references import Target, references
from ivr.engine.speech.prompts import Prompts
from ivr.engine.speech.recognition.rules import RECOGNITION_RULES
from ivr.engine.speech.verbalization.rules import VERBALIZATION_RULES
from ivr.foundation.hours import Days, read_hours
from ivr.foundation.messages import message
from ivr.foundation.strictyaml import Mapping as YamlMapping
from ivr.foundation.strictyaml import YamlFault, read_text

DEFAULTS = "defaults.yaml"
_NAME = re.compile(r"^flow:[ \t]*([a-z][a-z0-9_]*)", re.MULTILINE)
_SILENT = message("Nothing of this file would run")


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a bundle is built from.

    `flows` and `prompts` map file names to texts. `rules` is plain data: hours, calendar, routing, queues, billers,
    limits, least_confidence, languages, zone, constants, and `rest`, the settings that no call reads from its bundle,
    kept so that a later publication can say which of them changed. `recordings` maps a language to its file names and
    their digests, `lengths` to their durations in seconds.
    """

    flows: Mapping[str, str]
    prompts: Mapping[str, str]
    rules: Mapping[str, Any]
    recordings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lengths: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """Sixteen hex digits; they change with any of the contents."""
        text = json.dumps([self.flows, self.prompts, self.rules, self.recordings], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:16]

    def dump(self) -> str:
        """JSON for `load`."""
        parts = [dict(self.flows), dict(self.prompts), dict(self.rules), dict(self.recordings), dict(self.lengths)]
        return json.dumps(parts, ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> "Sources":
        """The sources that `dump` serialised."""
        return cls(*json.loads(text))


def build(sources: Sources, services: Catalogue) -> Bundle:
    """The bundle. Raises `FlowFaults` with every fault of shape, words and references."""
    findings: list[Finding] = []
    drafts, shared = _read_flows(sources.flows, findings)
    unread = _unread(sources.flows, drafts)
    prompts = _read_prompts(sources, findings)
    rules = sources.rules
    config = {name: tuple(rules[name]) for name in ("hours", "queues", "languages", "billers") if name in rules}
    linker = Linker(drafts, services, rules["constants"], findings, _slots(prompts), config, unread)
    if DEFAULTS not in sources.flows:
        findings.append(
            Finding(f"flows/{DEFAULTS}", 1, 1, "file", "", message("flows/defaults.yaml is missing"), _SILENT)
        )
    if shared is None or not drafts:
        raise FlowFaults(without_duplicates(findings))
    base = Draft(f"flows/{DEFAULTS}", next(iter(drafts.values())).head)
    for target in (word for word in references(shared) if isinstance(word, Target)):
        linker.link(base, target, "defaults")
    flows = linker.flows(shared)
    findings += _check_shared(shared, {*drafts, *unread})
    findings += _check_languages(rules["languages"])
    if findings:
        raise FlowFaults(without_duplicates(findings))
    days = _days(rules)
    bundle = Bundle(
        sources.hash, flows, prompts, tuple(rules["languages"]), services, shared.exit, shared.entry,
        {name: read_hours(table, days) for name, table in rules["hours"].items()},
        ZoneInfo(rules["zone"]), {level: str(flow) for level, flow in shared.authenticate.items()},
        tuple(RouteRule(**row) for row in rules["routing"]),
        {name: QueueRules(**row) for name, row in rules["queues"].items()}, rules["billers"], Limits(**rules["limits"]),
        least_confidence=LeastConfidence(**rules.get("least_confidence", {})),
        constants=rules["constants"],
        key_words={_telephone_key(k): str(v) for k, v in shared.words.items()},
        last_flows=reachable_flows(flows, shared.exit),
        calendar_years=frozenset(days.years),
        budgets=Budgets(**rules["budgets"]) if "budgets" in rules else Budgets(),
    )  # fmt: skip
    return replace(
        bundle,
        live_variables=live_variables(bundle),
        effects=confirm_effects(bundle),
        private=private_variables(bundle),
    )


def _days(rules: Mapping[str, Any]) -> Days:
    """The calendar's days; a bundle of an earlier release has the holidays of config.yaml alone."""
    return Days(**rules["calendar"]) if "calendar" in rules else Days(rules["holidays"])


def _check_languages(languages: Sequence[str]) -> list[Finding]:
    """Each language needs a module of speech rules besides its prompts."""
    missing = [
        (language, rules)
        for language in languages
        for rules in (VERBALIZATION_RULES, RECOGNITION_RULES)
        if language not in set(rules)
    ]
    effect = message("Every call in this language would end in an apology")
    return [
        Finding(
            "config.yaml", 1, 1, "language", "languages",
            message("nothing is known of speaking or hearing '{language}'", language=language), effect,
            message("add a module for it to {folder}", folder=rules.folder),
        )
        for language, rules in missing
    ]  # fmt: skip


def _slots(prompts: Mapping[str, Prompts]) -> dict[str, frozenset[str]]:
    """Prompt key -> the variable names it speaks, in any language."""
    slots: dict[str, frozenset[str]] = {}
    for language in prompts.values():
        for key, prompt in language.prompts.items():
            slots[key] = slots.get(key, frozenset()) | {slot.path.partition(".")[0] for slot in prompt.slots}
    return slots


def _telephone_key(key: str) -> str:
    return next(iter(key_map({key: Target("end")})))


def _check_shared(shared: SharedDefaults, flows: Collection[str]) -> list[Finding]:
    missing = [level for level in ("identity", "query", "transaction") if level not in shared.authenticate]
    unknown = [flow for flow in shared.authenticate.values() if flow not in flows]
    problems = [message("authenticate: names no flow for '{level}'", level=level) for level in missing]
    problems += [message("authenticate: there is no flow '{flow}'", flow=flow) for flow in unknown]
    effect = message("Nobody could be verified")
    return [Finding(f"flows/{DEFAULTS}", 1, 1, "authenticate", "defaults", problem, effect) for problem in problems]


def _tree(file: str, text: str, findings: list[Finding], first: str) -> YamlMapping | None:
    try:
        return read_text(text, first)
    except YamlFault as fault:
        findings += [Finding(file, f.line, f.column, "yaml", "", f.problem, _SILENT, f.remedy) for f in fault.faults]
        return None


def _read_flows(files: Mapping[str, str], findings: list[Finding]) -> tuple[dict[str, Draft], SharedDefaults | None]:
    drafts: dict[str, Draft] = {}
    shared: SharedDefaults | None = None
    for name in sorted(files):
        file = f"flows/{name}"
        tree = _tree(file, files[name], findings, "entry: main" if name == DEFAULTS else "flow: name")
        if tree is None:
            continue
        if name == DEFAULTS:
            shared, faults = read_defaults(tree, file)
            findings += faults
            continue
        draft, faults = read_flow(tree, file)
        findings += faults
        if draft is not None:
            _keep(drafts, draft, findings)
    return drafts, shared


def _unread(files: Mapping[str, str], drafts: Mapping[str, Draft]) -> frozenset[str]:
    """The flows whose files could not be read: by file name, and by `flow:` where it can be found."""
    read = {draft.file.removeprefix("flows/") for draft in drafts.values()}
    broken = [name for name in files if name not in read and name != DEFAULTS]
    named = (match[1] for name in broken if (match := _NAME.search(files[name])))
    return frozenset((*(name.removesuffix(".yaml") for name in broken), *named))


def _keep(drafts: dict[str, Draft], draft: Draft, findings: list[Finding]) -> None:
    name = str(draft.head.flow)
    if name in drafts:
        problem = message("{file} is called '{name}' too", file=drafts[name].file, name=name)
        findings.append(Finding(draft.file, 1, 1, "flow", name, problem, _SILENT, message("rename one")))
    drafts[name] = draft


def _recorded(sources: Sources, language: str) -> dict[str, float | None]:
    """The recordings of a language with their durations in seconds."""
    lengths = sources.lengths.get(language, {})
    return {name: lengths.get(name) for name in sources.recordings.get(language, {})}


def _read_prompts(sources: Sources, findings: list[Finding]) -> dict[str, Prompts]:
    result: dict[str, Prompts] = {}
    for language in sources.rules["languages"]:
        file = f"prompts/{language}.yaml"
        if f"{language}.yaml" not in sources.prompts:
            findings.append(_no_prompts(file, language))
            continue
        tree = _tree(file, sources.prompts[f"{language}.yaml"], findings, "common:")
        if tree is None:
            continue
        prompts, faults = read_prompts(tree, language, file, _recorded(sources, language))
        for fault in faults:
            at = (file, fault.line, fault.column)
            findings.append(Finding(*at, "prompt", fault.key, fault.problem, fault.effect, fault.remedy))
        result[language] = prompts
    return result


def _no_prompts(file: str, language: str) -> Finding:
    problem = message("the file is missing; every language of config.yaml has its prompts")
    effect = message("Callers in '{language}' would hear nothing", language=language)
    return Finding(
        file, 1, 1, "file", "", problem, effect, message("write it, or take {language} out", language=language)
    )
