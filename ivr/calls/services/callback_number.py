"""callback_number: the calling number, if the bank may call it back."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "callback_number",
        outcomes={"known": ("number",), "unknown": ()},
        outputs={"number": "digits"},
    )
)
def callback_number(context: Context) -> ServiceAnswer:
    """In E.164; unknown for withheld and foreign numbers."""
    number = context.called_back(context.caller) if context.caller else None
    return ServiceAnswer("known", {"number": number}) if number else ServiceAnswer("unknown")
