"""compare_passwords: whether the new password was keyed identically twice."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract
from ivr.engine.values import Secret


@service(
    ServiceContract(
        "compare_passwords",
        inputs={"new": "digits", "again": "digits"},
        secrets=frozenset({"new", "again"}),
        keeps=frozenset({"new"}),
        outcomes={"same": (), "different": ()},
        needs=frozenset({"identity", "old_password"}),
        refuses=frozenset({"different"}),
    )
)
def compare_passwords(_context: Context, new: Secret, again: Secret) -> ServiceAnswer:
    """A service, since flows must not compare secrets: the trail records which row of a branch matched."""
    return ServiceAnswer("same" if new == again else "different")
