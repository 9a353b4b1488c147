"""The wording of gate findings: which proof is missing at a step. Pure."""

from collections.abc import Mapping

from ivr.engine.findings import OptionalMessage
from ivr.foundation.messages import Message, all_of, comma_list, message

_REMEDIES = {
    "confirmation": message("put a confirm step on every way here, after the last step that changes what it names"),
    "identity": message("put  authenticate: identity  before it"),
    "second_factor": message("ask for the code that was sent, on every way here"),
    "old_password": message("ask for the old password on every way here"),
}


def named(unsaid: Mapping[str, tuple[str, ...]], every: tuple[str, ...]) -> Message:
    """The slots that a text does not speak, with the languages where only some lack them."""
    slots = ((f"{{{path}}}", lack) for path, lack in unsaid.items())
    return comma_list(
        slot if lack == every else message("{slot} in {languages}", slot=slot, languages=all_of(lack))
        for slot, lack in slots
    )


def missing_proof(service: str, need: str, level: str) -> tuple[Message, OptionalMessage]:
    """Problem and remedy for a missing proof, a proof that another level revokes, or slots the yes did not name."""
    if isinstance(need, Message):
        problem = message("'{service}' is done here after a yes that did not name {words}", service=service, words=need)
        return problem, message(
            "let the question before it speak that, in every language, of the variable that is given here"
        )
    if level:
        problem = message(
            "'{service}' needs {level} as well, and asking for it only here takes the {need} back",
            service=service, level=level, need=need,
        )  # fmt: skip
        return problem, message(
            "put  authenticate: {level}  before the step that gives the {need}", level=level, need=need
        )
    problem = message("'{service}' needs {need}, and a call can come here without it", service=service, need=need)
    return problem, _REMEDIES.get(need, "")
