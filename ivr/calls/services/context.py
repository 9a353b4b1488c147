"""The context of a service invocation: verified facts about the caller, transaction, bank, and time."""

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
    """The turn cannot continue in this transaction: roll back, fulfil the request, and retry the turn."""


class NeedsExternalResult(NeedsReplay):
    """Work that must not run inside the transaction: run it, and retry the turn with its result."""

    def __init__(self, key: object, work: Callable[[], object]) -> None:
        super().__init__("work outside the transaction")
        self.key = key
        self.work = work


class NeedsDurableCommit(NeedsReplay):
    """The turn moves money or changes security: retry it in a transaction that survives a power cut."""


def external_result(memo: Mapping[object, object], key: object, work: Callable[[], T]) -> T:
    """The result (or error, raised again) from an earlier attempt; without one raises `NeedsExternalResult`."""
    if key not in memo:
        raise NeedsExternalResult(key, work)
    found = memo[key]
    if isinstance(found, Exception):
        raise found
    return found  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Context:
    """One invocation. `bundle` is the call's: hours, queues, routing, billers. `settings` are those of the process.

    `key` is its idempotency key "<call>:<visit>"; `now` is aware UTC.

    `proven_until` is when the password of the highest level in `grants` has to be keyed again.
    `failed_step` is where the self-service was left for a person, as flow.step.
    `hotline` is the hotline's number in E.164; `address` distinguishes callers without a number.
    `render(prompt, facts, language)` renders a prompt of the call's bundle, for
    text messages. `read_back` holds what the caller confirmed: service input -> the value that was read back.
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
        """The bank's time zone."""
        return self.bundle.zone

    @property
    def known(self) -> str:
        """The identified customer; the registry ensures that there is one."""
        if self.customer_id is None:
            raise PermissionError("a service that needs an identified customer was invoked without one")
        return self.customer_id

    def called_back(self, number: str) -> str | None:
        """A number in E.164 that the bank may call back; None for others and for the hotline itself."""
        e164 = callback_number(number)
        return None if e164 == self.hotline else e164

    def local(self, moment: datetime) -> str:
        """A time as ISO text in the bank's zone, as prompts speak it."""
        return moment.astimezone(self.zone).isoformat(timespec="seconds")

    def external_result(self, key: object, work: Callable[[], T]) -> T:
        """The result of slow, repeatable work (a password hash, a query to a remote core), run without a lock."""
        return external_result(self.memo, key, work)
