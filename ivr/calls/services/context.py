"""What a service is given: the caller's proven state, the open transaction, the bank, and the time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as DbSession

from ivr.bank.core import CoreBank
from ivr.engine.bundle import Bundle
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.phone import callback_number

T = TypeVar("T")


class NeedsReplay(Exception):  # noqa: N818 - a request, not an error
    """The turn cannot go on in this transaction: roll back, provide what is asked for, and take the turn again."""


class NeedsExternalResult(NeedsReplay):
    """This work must not happen inside the transaction: do it, and take the turn again with its result."""

    def __init__(self, key: object, work: Callable[[], object]) -> None:
        super().__init__("work outside the transaction")
        self.key = key
        self.work = work


class NeedsDurableCommit(NeedsReplay):
    """This turn moves money or changes security: take it again in a transaction that survives a power cut."""


def external_result(memo: Mapping[object, object], key: object, work: Callable[[], T]) -> T:
    """What an earlier taking of the turn found outside, or met there (raised again); else asks for it."""
    if key not in memo:
        raise NeedsExternalResult(key, work)
    found = memo[key]
    if isinstance(found, Exception):
        raise found
    return found  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Context:
    """One invocation. `bundle` is the call's own: its hours, queues, routing and billers. `settings` are the process's.

    `key` is its idempotency key "<call>:<visit>"; `now` is aware UTC.

    `proven_until` is when the password of the highest level in `grants` has to be keyed again.
    `failed_step` is where the self-service was left for a person, as flow.step.
    `hotline` is its own number, E.164; `address` tells callers without a number apart.
    `render(prompt, facts, language)` gives a text from the call's own bundle, for
    text messages. `read_back` is what the caller said yes to: input of the service -> the value that was read back.
    """

    db: DbSession
    bank: CoreBank
    keyring: Keyring
    settings: Settings
    bundle: Bundle
    now: datetime
    key: str
    call: str
    language: str
    customer_id: str | None
    caller: str | None
    render: Callable[[str, Mapping[str, Any], str], str]
    address: str = ""
    intent: str = ""
    path: tuple[str, ...] = ()
    failed_step: str = ""
    proven_until: datetime | None = None
    hotline: str = ""
    grants: frozenset[str] = frozenset()
    read_back: Mapping[str, Any] = field(default_factory=dict)
    memo: Mapping[object, object] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the bank's days and hours."""
        return self.bundle.zone

    @property
    def known(self) -> str:
        """The customer, for services that need one; the registry has made sure."""
        if self.customer_id is None:
            raise PermissionError("a service that needs a customer was asked without one")
        return self.customer_id

    def called_back(self, number: str) -> str | None:
        """The E.164 form of a number that the bank calls back; None for others, and for the hotline's own."""
        e164 = callback_number(number)
        return None if e164 == self.hotline else e164

    def local(self, moment: datetime) -> str:
        """A moment as ISO text in the bank's own zone, as prompts speak it."""
        return moment.astimezone(self.zone).isoformat(timespec="seconds")

    def external_result(self, key: object, work: Callable[[], T]) -> T:
        """The result of slow, repeatable work (a password hash, a question to a remote core), done without a lock."""
        return external_result(self.memo, key, work)
