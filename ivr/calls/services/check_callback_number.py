"""check_callback_number: whether the bank may call back the keyed number."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
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
def check_callback_number(context: Context, keyed: str) -> ServiceAnswer:
    """A Chinese mobile or landline number, as E.164."""
    number = context.called_back(keyed)
    return ServiceAnswer("fine", {"number": number}) if number else ServiceAnswer("invalid")
