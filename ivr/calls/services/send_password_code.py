"""send_password_code: a one-time code for changing one password."""

from ivr.calls.services.context import Context
from ivr.calls.services.one_time import SENT_OUTCOMES, SENT_OUTPUTS, demand_old, password_binding, send_code
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "send_password_code",
        inputs={"kind": "text"},
        outcomes=SENT_OUTCOMES,
        outputs=SENT_OUTPUTS,
        needs=frozenset({"identity", "old_password"}),
        texts={"texts.password_code": ("code", "password_name")},
    )
)
def send_password_code(context: Context, kind: str) -> ServiceAnswer:
    """The text names the password that the code changes."""
    demand_old(context, kind)
    names = context.render(f"names.{kind}_password", {}, context.language)
    return send_code(context, password_binding(context, kind), "texts.password_code", {"password_name": names})
