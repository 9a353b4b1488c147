"""All errors of the product, each with the prompt that a caller hears when it ends a turn."""

from typing import ClassVar, Literal

ProviderFault = Literal["refused", "busy", "unreachable", "unknown"]


class IvrError(Exception):
    """The base class. `prompt` is the key of what the caller hears."""

    prompt: ClassVar[str] = "common.system_down"


class ConfigurationError(IvrError):
    """The installation is misconfigured. The text says what to do next."""


class NotReady(ConfigurationError):
    """Something is missing that can still be supplied while the program runs, so a server waits for it."""


class DatabaseOutdated(NotReady):
    """The database schema is missing, or belongs to another release."""

    def __init__(self) -> None:
        super().__init__("the database is not at this version; run: python -m ivr migrate")


class MissingYear(ConfigurationError):
    """The working calendar has no file for a year that is needed."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"calendar/{year}.yaml is missing: the days of {year} are counted by weekends for now (暂按周末计算). Copy "
            f"the newest file of calendar/, write the days of the State Council's notice for {year}, publish the flows"
        )
        self.year = year


class NeedsBundle(IvrError):
    """This process has not built a published bundle yet: roll back, build it, and start again."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"the bundle {digest} is not built yet")
        self.digest = digest


class FlowFileError(IvrError):
    """A fault in a flow, a prompt or a setting, with its position and remedy."""


class ProviderError(IvrError):
    """The telephone provider or the core bank failed. `kind` says what is known about the request.

    refused: it was not carried out, and a retry will not help. busy: it was not carried out, retry more slowly.
    unreachable: it was never sent, retry. unknown: it may have been carried out, so check before a retry.
    """

    def __init__(self, text: str = "", kind: ProviderFault = "unknown") -> None:
        super().__init__(text)
        self.kind = kind


class CoreUnavailable(ProviderError):
    """The core bank did not respond, or sent an invalid response: the outcome is unknown."""


class IllegalTransition(IvrError):
    """A state table has no transition for this event in this state."""


class LostRace(IvrError):
    """Another transaction changed the row first. Read it again."""


class FlowLoop(IvrError):
    """A turn exceeded the maximum number of steps, or of nested subflows."""

    prompt: ClassVar[str] = "common.too_long"


class WebhookRefused(IvrError):
    """A request that does not come from the provider, or is malformed."""


class IdempotencyConflict(IvrError):
    """An idempotency key came with a different request. No money moves; an alert is raised."""


class NotReadBack(IvrError):
    """A service got other values than those in the caller's yes. Nothing is done; an alert is raised."""

    prompt: ClassVar[str] = "common.too_long"


class UnknownTurn(IvrError):
    """A webhook for an unknown call or turn, perhaps after a power failure. The caller may be on the line."""


class CallOver(UnknownTurn):
    """A webhook that arrives after the end of its call."""


class Refused(IvrError):
    """A rule refuses an action of a staff member. The page words `rule` with these facts, at this field."""

    def __init__(self, rule: str, field: str = "", **facts: object) -> None:
        super().__init__(rule if not facts else f"{rule}: {facts}")
        self.rule = rule
        self.field = field
        self.facts = facts
