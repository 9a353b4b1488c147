"""check_callback_number: whether the bank would call back the number that was keyed."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "check_callback_number",
        inputs={"keyed": "digits"},
        outcomes={"fine": ("number",), "invalid": ()},
        outputs={"number": "digits"},
        refuses=frozenset({"invalid"}),
    )
)
def check_callback_number(context: Context, keyed: str) -> Answer:
    """A Chinese mobile or fixed line, as E.164."""
    number = context.called_back(keyed)
    return Answer("fine", {"number": number}) if number else Answer("invalid")
