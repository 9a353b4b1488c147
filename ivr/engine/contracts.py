"""Service contracts: inputs, outcomes, output facts, effects, and the proofs that a service requires first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Effect = Literal["moves_money", "changes_security", "reveals_data", "stores_contact", "proves"]
Need = Literal["identity", "query", "transaction", "second_factor", "old_password", "confirmation"]

TEXT_SERVICE = "send_text"
"""The service of `text` steps."""

LEVELS: tuple[Need, ...] = ("query", "transaction")
"""The verification levels. A step that needs one runs the level's flow if it is not proven."""

LASTING: frozenset[Effect] = frozenset({"moves_money", "changes_security", "stores_contact"})
"""Effects that outlast the call. A service with one of them consumes single-use grants."""


@dataclass(frozen=True, slots=True)
class ServiceContract:
    """The declaration of one service.

    `inputs` maps a name to its variable type. `outcomes` maps an outcome to the facts it sets. `outputs` maps a fact to
    its type. `parts` maps a fact that is a list or a choice to the parts of an item that may be spoken, each with its
    type. `grants` maps an outcome to what the caller has proven when it happens. `secrets` names the inputs that accept
    a secret; `keeps` names those of them that a later step needs again: every other secret is erased once the service
    has answered. `refuses` names the outcomes that reject what the caller keyed or chose: each counts as a wrong answer
    to the question that asked for it. `words` maps an input to the section of config.yaml whose words it accepts.

    `reads_back` maps an input to the parts that a `confirm` must have spoken before (an empty tuple: the value itself).
    `fixed` names inputs that no prompt can speak and that must not change after the yes. `texts` maps the key of a text
    message that the service sends to the values that it must name: what a one-time code approves.
    """

    name: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    effects: frozenset[Effect] = frozenset()
    needs: frozenset[Need] = frozenset()
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    keeps: frozenset[str] = frozenset()
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    refuses: frozenset[str] = frozenset()
    reads_back: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def bound_inputs(self) -> frozenset[str]:
        """The inputs whose values must be the same when the service runs as they were at the yes."""
        return self.fixed | self.reads_back.keys()


Catalogue = Mapping[str, ServiceContract]
