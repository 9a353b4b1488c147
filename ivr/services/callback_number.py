"""callback_number: the number that calls, if the bank would call it back."""

from ivr.engine.contracts import ServiceContract
from ivr.services.context import Context
from ivr.services.registry import Answer, service


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
