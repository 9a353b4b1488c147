"""Links drafts into a bundle: resolves targets, inherits ask settings, compiles expressions, checks references."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.engine.ask_settings import AskSettings
from ivr.engine.bundle import Flow, Step, Variable
from ivr.engine.compile.flowfile import Draft, SharedDefaults, VariableDeclaration, key_map
from ivr.engine.compile.linking_services import LOST, service_faults, word_faults
from ivr.engine.compile.type_checks import TypeMismatchError, assigned, type_mismatches
from ivr.engine.contracts import Catalogue
from ivr.engine.expressions import Expression, ExpressionError, compile_expression
from ivr.engine.findings import Finding, OptionalMessage, suggestion
from ivr.engine.node import Node
from ivr.engine.question import Question
from ivr.engine.references import (
    COMMANDS,
    ROUTED,
    ConfigWord,
    FlowName,
    PromptKey,
    QueueName,
    ServiceName,
    Target,
    VariableName,
    references,
    words_of,
)
from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml import closest, did_you_mean

_PLAIN = re.compile(r"\w[\w -]*")  # a word that may have been meant as a text


@dataclass(slots=True)
class Linker:
    """Links all drafts of a bundle; `findings` collects the faults."""

    drafts: Mapping[str, Draft]
    services: Catalogue
    constants: Mapping[str, Any]
    findings: list[Finding] = field(default_factory=list)
    slots: Mapping[str, frozenset[str]] = field(default_factory=dict)  # prompt key -> the names it speaks
    config: Mapping[str, Collection[str]] = field(default_factory=dict)  # section of config.yaml -> its words
    unread: Collection[str] = ()  # flows whose files could not be parsed: their steps are unknown

    def flows(self, shared: SharedDefaults) -> dict[str, Flow]:
        """Every flow, linked."""
        return {name: self._flow(draft, shared) for name, draft in self.drafts.items()}

    def _flow(self, draft: Draft, shared: SharedDefaults) -> Flow:
        head = draft.head
        for target in [t for t in references(head.defaults) if isinstance(t, Target)]:
            self.link(draft, target, f"{head.flow} defaults")
        if head.start not in draft.nodes and head.start not in draft.refused:
            problem = message("start: there is no step '{start}'", start=head.start)
            self._find(
                draft, (1, 1), "start", str(head.flow), problem, suggestion(head.start, {*draft.nodes, *draft.refused})
            )
        ask = head.defaults.ask.over(shared.ask)
        keys = {**key_map(shared.keys), **key_map(head.defaults.keys)}
        steps = {name: self._step(draft, name, node, ask, keys) for name, node in draft.nodes.items()}
        variables = {name: Variable(v.type, v.secret) for name, v in head.variables.items()}
        return Flow(str(head.flow), draft.file, head.start, steps, variables, head.intent, head.defaults.ask)

    def _step(self, draft: Draft, name: str, node: Node, ask: AskSettings, keys: Mapping[str, Target]) -> Step:
        place = f"{draft.head.flow}.{name}"
        written = {id(word) for word in node.writes()}
        for word in references(node):
            if isinstance(word, Target):
                self.link(draft, word, place)
            elif isinstance(word, VariableName) and type(word) is VariableName:
                self._check_variable(draft, word, id(word) in written, place)
            elif isinstance(word, FlowName) and word not in self.drafts and word not in self.unread:
                at = (word.line, word.column)
                known = {*self.drafts, *self.unread}
                self._find(
                    draft, at, "flow", place, message("there is no flow '{word}'", word=word), suggestion(word, known)
                )
            elif isinstance(word, ConfigWord):
                self._check_config(draft, word, place)
        for service in words_of(node, ServiceName):
            self.findings += service_faults(draft, node, place, service, self.services)
            self.findings += word_faults(draft, node, self.services.get(service), self.config)
        for each, problem, remedy in type_mismatches(node, draft.head.variables, self.constants):
            self._find(draft, (each.line, each.column), "type", place, problem, remedy)
        expressions = dict(self._expressions(draft, name, node, place))
        own = node if isinstance(node, AskSettings) else AskSettings()
        line, column = draft.places[name]
        asked = own.over(ask)
        spoken = self._spoken(node, *([asked] if isinstance(node, AskSettings) else [])) & draft.head.variables.keys()
        if isinstance(node, Question):
            keys = {key: target for key, target in keys.items() if node.accepts_global_key(key)}
        return Step(str(draft.head.flow), name, node, asked, keys, line, column, expressions, spoken)

    def link(self, draft: Draft, target: Target, place: str) -> None:
        """Resolve one target; an inline step already has its name."""
        if target.inline is not None:
            target.flow = str(draft.head.flow)
            return
        head, _, tail = target.written.partition(".")
        if head in COMMANDS:
            target.command, target.outcome = head, tail
        elif not tail and head in draft.nodes:
            target.flow, target.step = str(draft.head.flow), head
        elif tail and head in self.drafts and tail in self.drafts[head].nodes:
            target.flow, target.step = head, tail
        elif not tail and head in self.drafts:
            target.flow, target.step = head, self.drafts[head].head.start
        elif not self._unread(draft, head, tail):
            at = (target.line, target.column)
            remedy = self._meant(draft, target.written)
            self._find(
                draft, at, "target", place, message("there is no step '{written}'", written=target.written), remedy
            )

    def _meant(self, draft: Draft, written: str) -> Message:
        """The suggestion for an unknown target: a word without a dot is a step of this flow, or another flow."""
        flows = [*self.drafts, *self.unread]
        here = [name for name in (*draft.nodes, *draft.refused) if "/" not in name]
        steps = [(f, s) for f, d in self.drafts.items() for s in (*d.nodes, *d.refused) if "/" not in s]
        if "." in written:
            return suggestion(written, [*flows, *(f"{flow}.{step}" for flow, step in steps)])
        close = closest(written, [*here, *flows])
        if not close:
            elsewhere = closest(written, {step for _, step in steps})
            close = [f"{flow}.{step}" for flow, step in steps if step in elsewhere][:3]
        return did_you_mean(close) if close else suggestion(written, [*here, *flows])

    def _unread(self, draft: Draft, head: str, tail: str) -> bool:
        """True for a step that is written but could not be parsed: only its own fault is reported."""
        steps = self.drafts[head].refused if tail and head in self.drafts else set()
        return head in self.unread or tail in steps or (not tail and head in draft.refused)

    def _check_config(self, draft: Draft, word: ConfigWord, place: str) -> None:
        known = {*self.config.get(word.section, ()), *([ROUTED] if isinstance(word, QueueName) else [])}
        if word not in known:
            problem = message("config.yaml has no '{word}' under {section}:", word=word, section=word.section)
            self._find(draft, (word.line, word.column), word.section, place, problem, suggestion(word, known))

    def _check_variable(self, draft: Draft, word: VariableName, written: bool, place: str) -> None:
        declared, at = draft.head.variables, (word.line, word.column)
        if written and word in self.constants.keys() - declared.keys():
            problem = message("'{word}' is a constant of config.yaml, and no step sets it", word=word)
            self._find(draft, at, "variable", place, problem, message("declare a variable of your own for it"))
        elif word not in {*declared, *self.constants}:
            known = declared if written else {*declared, *self.constants}
            self._find(
                draft, at, "variable", place, message("the variable '{word}' is not declared", word=word),
                suggestion(word, known),
            )  # fmt: skip

    def _expressions(self, draft: Draft, name: str, node: Node, place: str) -> Iterator[tuple[str, Expression]]:
        types = {n: v.type for n, v in draft.head.variables.items() if not v.secret}
        secrets = [n for n, v in draft.head.variables.items() if v.secret]
        for key, source in node.conditions():
            written = (getattr(source, "line", 0), getattr(source, "column", 0))
            at = written if written[0] else draft.places[name]
            wanted = draft.head.variables.get(key) if key in node.writes() else None
            try:
                value = compile_expression(source, types | (self._text_constant(source) if wanted is not None else {}))
                yield key, value if wanted is None else assigned(key, wanted, value)
            except TypeMismatchError as unfit:
                self._find(draft, at, "type", place, unfit.problem, unfit.remedy)
            except ExpressionError as error:
                hidden = next((each for each in secrets if re.search(rf"\b{re.escape(each)}\b", source)), None)
                words = message(
                    "'{hidden}' is a secret, and a secret is never compared: let a service judge it", hidden=hidden
                )
                remedy = words if hidden else _text_meant(wanted, source) or error.why
                self._find(
                    draft, at, "condition", place, message("'{source}' cannot be decided", source=source), remedy
                )

    def _text_constant(self, source: str) -> dict[str, str]:
        """The constant that forms the whole value, if it is a text in every language; such constants are never
        compared.
        """
        name = source.strip()
        return {name: "text"} if isinstance(self.constants.get(name), Mapping) else {}

    def _spoken(self, *parts: Any) -> frozenset[str]:
        keys = (word for word in references(parts) if isinstance(word, PromptKey))
        return frozenset().union(*(self.slots.get(key, frozenset()) for key in keys))

    def _find(
        self,
        draft: Draft,
        at: tuple[int, int],
        code: str,
        place: str,
        problem: Message,
        remedy: OptionalMessage,
        effect: OptionalMessage = LOST,
    ) -> None:
        self.findings.append(Finding(draft.file, at[0], at[1], code, place, problem, effect, remedy))


def _text_meant(wanted: VariableDeclaration | None, source: str) -> OptionalMessage:
    """The remedy where a plain word is assigned to a text variable: YAML removes the outer quotes."""
    is_text = wanted is not None and wanted.type in ("text", "digits", "date") and _PLAIN.fullmatch(source)
    return message("a text stands in both quotes: '\"{source}\"'", source=source) if is_text else ""
