"""A provider whose deeds fail as they are told to: before they are done, or after, when nobody knows."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from ivr.foundation.errors import ProviderError, ProviderFault
from ivr.telephony.provider import Calls, Conferences, Provider, Queues, Recordings

Fault = tuple[Literal["before", "after"], ProviderFault]
UNKNOWN_BUT_DONE: Fault = ("after", "unknown")
UNKNOWN: Fault = ("before", "unknown")
REFUSED: Fault = ("before", "refused")
UNREACHABLE: Fault = ("before", "unreachable")


@dataclass
class Shaky:
    """What fails next, by the name of the deed: `script["take"].append(UNKNOWN)`. `asked` counts each deed."""

    script: dict[str, deque[Fault]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)  # what happens while the deed is done

    def fail(self, deed: str, *faults: Fault) -> None:
        """These happen the next times that the deed is asked for."""
        self.script.setdefault(deed, deque()).extend(faults)

    def around(self, provider: Provider) -> Provider:
        """The same provider, failing by this script."""
        return replace(
            provider,
            calls=cast("Calls", _Failing(provider.calls, self)),
            conferences=cast("Conferences", _Failing(provider.conferences, self)),
            recordings=cast("Recordings", _Failing(provider.recordings, self)),
            queues=cast("Queues", _Failing(provider.queues, self)),
        )


class _Failing:
    def __init__(self, inner: object, shaky: Shaky) -> None:
        self._inner, self._shaky = inner, shaky

    def __getattr__(self, deed: str) -> Callable[..., Any]:
        act: Callable[..., Any] = getattr(self._inner, deed)

        def shaken(*args: object, **kwargs: object) -> Any:
            self._shaky.asked[deed] = self._shaky.asked.get(deed, 0) + 1
            script = self._shaky.script.get(deed)
            fault = script.popleft() if script else None
            if fault is not None and fault[0] == "before":
                raise ProviderError(f"{deed} failed", fault[1])
            done = act(*args, **kwargs)
            self._shaky.meanwhile.get(deed, lambda: None)()
            if fault is not None:
                raise ProviderError(f"{deed} may have been done", fault[1])
            return done

        return shaken
