"""Every error of the product, and for each the prompt that a caller hears when it ends a turn."""

from typing import ClassVar, Literal

ProviderFault = Literal["refused", "busy", "unreachable", "unknown"]


class IvrError(Exception):
    """The root; `prompt` is the key of what the caller hears, in every language."""

    prompt: ClassVar[str] = "common.system_down"


class ConfigurationError(IvrError):
    """The installation is wrong; the text says what to do next."""


class NotYet(ConfigurationError):
    """Something is missing that can still be brought while the program runs: a server waits for it."""


class DatabaseOutdated(NotYet):
    """The database was never migrated, or is at the version of another release."""

    def __init__(self) -> None:
        super().__init__("the database is not at this version; run: python -m ivr migrate")


class MissingYear(ConfigurationError):
    """The working calendar has no file for a year that was asked for."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"calendar/{year}.yaml is missing: the days of {year} are counted by weekends for now (暂按周末计算). Copy "
            f"the newest file of calendar/, write the days of the State Council's notice for {year}, publish the flows"
        )
        self.year = year


class NeedsBundle(IvrError):
    """A published bundle is not built in this process yet: end the transaction, build it, and begin again."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"the bundle {digest} is not built yet")
        self.digest = digest


class FlowFileError(IvrError):
    """The author of a flow, a prompt or a setting is told where and how to mend it."""


class ProviderError(IvrError):
    """The telephone provider or the core bank failed us. `kind` says what is known of the deed that was asked for.

    refused: it was not done, and asking again will not help. busy: it was not done, ask again more slowly.
    unreachable: it never left, ask again. unknown: it may have been done, so look before asking again.
    """

    def __init__(self, text: str = "", kind: ProviderFault = "unknown") -> None:
        super().__init__(text)
        self.kind = kind


class CoreUnavailable(ProviderError):
    """The core bank did not answer, or answered nonsense: nothing is known about the outcome."""


class IllegalTransition(IvrError):
    """A state table does not know this event in this state."""


class LostRace(IvrError):
    """Another transaction moved the row on first; whoever asked looks again."""


class FlowLoop(IvrError):
    """A turn passed the limit of steps, or subflows that of their depth."""

    prompt: ClassVar[str] = "common.too_long"


class WebhookRefused(IvrError):
    """A request that is not from the provider, or not well formed."""


class IdempotencyConflict(IvrError):
    """A key came back with another request; money stays where it is and someone is told."""


class NotReadBack(IvrError):
    """A deed was asked for with other values than those the caller said yes to; nothing is done, someone is told."""

    prompt: ClassVar[str] = "common.too_long"


class UnknownTurn(IvrError):
    """A webhook for a call or a turn that nobody knows, lost in a power cut perhaps: the caller may be on the line."""


class CallOver(UnknownTurn):
    """A webhook that comes after the end of its call."""


class Refused(IvrError):
    """A rule says no to a member of staff. The page has the words for `rule`, with these facts, at this field."""

    def __init__(self, rule: str, field: str = "", **facts: object) -> None:
        super().__init__(rule if not facts else f"{rule}: {facts}")
        self.rule = rule
        self.field = field
        self.facts = facts
