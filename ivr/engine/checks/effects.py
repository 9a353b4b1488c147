"""Checks that a service that moves money, changes security or reveals data requires enough proofs."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.findings import Finding
from ivr.foundation.messages import any_of, message

Proofs = frozenset[str]
_ABOUT_A_CUSTOMER = frozenset({"identity", "query", "transaction"})
# effect -> groups of needs; the contract must have one need of each group
_DEMANDS: dict[str, tuple[Proofs, ...]] = {
    "moves_money": (frozenset({"confirmation"}), _ABOUT_A_CUSTOMER),
    "changes_security": (frozenset({"confirmation", "second_factor", "old_password"}),),
    "reveals_data": (frozenset({"query", "transaction"}),),
}
_DOES = {
    "moves_money": message("moves money"),
    "changes_security": message("changes security"),
    "reveals_data": message("reveals data"),
}


def check(bundle: Bundle) -> Iterator[Finding]:
    """Services that require too few proofs, or a confirmation without declaring what must be read back."""
    for step in graph.every_step(bundle):
        contract = graph.contract_of(bundle, step)
        if contract is not None and "confirmation" in contract.needs and not contract.reads_back:
            yield finding(
                bundle, step, "effect",
                message("'{name}' needs a yes and does not say what must have been read back", name=contract.name),
                message("A yes to something else would do"),
                message("let the contract of '{name}' declare reads_back", name=contract.name),
            )  # fmt: skip
        for effect in sorted(contract.effects) if contract is not None else ():
            for group in _DEMANDS.get(effect, ()):
                if not group & required_proofs(bundle, step):
                    name, words = step.node.service(), any_of(sorted(group))
                    yield finding(
                        bundle,
                        step,
                        "effect",
                        message(
                            "'{name}' {does} and does not need {words}",
                            name=name,
                            does=_DOES[effect],
                            words=words,
                        ),
                        message("Anyone on the line could have it done"),
                        message("let the contract of '{name}' need {words}", name=name, words=words),
                    )


def required_proofs(bundle: Bundle, step: Step) -> Proofs:
    """The proofs that a caller must have given at a step."""
    speaks_private_data = bool(step.spoken & bundle.private.get(step.flow, frozenset()))
    return step.node.required_proofs(graph.contract_of(bundle, step), speaks_private_data)
