"""callback_number: the number that calls, if the bank would call it back."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "callback_number",
        outcomes={"known": ("number",), "unknown": ()},
        outputs={"number": "digits"},
    )
)
def callback_number(context: Context) -> Answer:
    """E.164; unknown for withheld and foreign numbers."""
    number = context.called_back(context.caller) if context.caller else None
    return Answer("known", {"number": number}) if number else Answer("unknown")
