"""compare_passwords: whether the new password was keyed the same twice."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
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
def compare_passwords(_context: Context, new: Secret, again: Secret) -> Answer:
    """Flows cannot compare secrets themselves: which row of a branch was taken stands in the trail."""
    return Answer("same" if new == again else "different")
