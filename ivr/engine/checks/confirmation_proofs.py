"""Tracks the confirmation (a yes) along every path of the gate analysis.

A confirmation is represented by "confirmation" and one mark for each slot that its question speaks, in each language.
Assigning a variable that it names revokes it, as in the engine. A subflow has its own variables: inside it the
confirmation is `WAITING` and satisfies no gate; it is valid again after the return, unless something in the subflow
revoked it.
"""

from collections.abc import Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.read_back import fixed_variables, must_say

Proofs = frozenset[str]
WAITING = "a yes outside this subflow"
_MARK = "said"  # "said en payee.name": the question spoke it; "said en again": the yes fixed it


def _mark(language: str, path: str) -> str:
    return f"{_MARK} {language} {path}"


def _is_of_a_yes(proof: str) -> bool:
    return proof in ("confirmation", WAITING) or proof.startswith(f"{_MARK} ")


def without_yes(proven: Proofs) -> Proofs:
    """The proofs without the confirmation."""
    return frozenset(each for each in proven if not _is_of_a_yes(each))


def yes_to(bundle: Bundle, step: Step) -> Proofs:
    """The proofs that a yes here gives: the slots of the question in each language, and the fixed variables."""
    read_back = step.node.read_back_prompts()
    if not read_back:
        return frozenset()
    fixed = set(fixed_variables(bundle.flows[step.flow], bundle.services))
    given = {"confirmation"}
    for language in bundle.languages:
        known = bundle.prompts[language].prompts
        said = {slot.path for key in read_back if key in known for slot in known[key].slots}
        given |= {_mark(language, path) for path in said | fixed}
    return frozenset(given)


def after_writes(bundle: Bundle, step: Step, label: str, proven: Proofs) -> Proofs:
    """The proofs after this exit: assigning a variable revokes a confirmation that names it."""
    if "confirmation" not in proven:
        return proven
    written = step.node.assigned_at_exit(label, graph.contract_of(bundle, step))
    named = {proof.split(" ", 2)[2].partition(".")[0] for proof in proven if proof.startswith(f"{_MARK} ")}
    return without_yes(proven) if named & written else proven


def inside(proven: Proofs) -> Proofs:
    """The proofs at the start of a subflow."""
    beside = without_yes(proven)
    return beside | {WAITING} if beside != proven else beside


def outside(before: Proofs, proven: Proofs) -> Proofs:
    """The proofs after a subflow that started with `before` and ended with `proven`."""
    kept = before - without_yes(before) if WAITING in proven else frozenset()
    return without_yes(proven) | kept


def unsaid(bundle: Bundle, step: Step, proven: Proofs) -> Mapping[str, tuple[str, ...]]:
    """Slot -> the languages in which the confirmation did not name it, for the slots that the service requires."""
    contract = graph.contract_of(bundle, step)
    paths = must_say(contract, step.node.service_inputs()) if contract is not None else ()
    found = {path: tuple(each for each in bundle.languages if _mark(each, path) not in proven) for path in paths}
    return {path: languages for path, languages in found.items() if languages}


def all_said(bundle: Bundle, step: Step) -> Proofs:
    """The marks of a sufficient confirmation: the analysis continues with them after it has reported an insufficient
    one.
    """
    return frozenset(
        _mark(each, path) for path, languages in unsaid(bundle, step, frozenset()).items() for each in languages
    )
