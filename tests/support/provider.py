"""The provider as a telephone of tests meets it: what is gathered, how long things take, what documents leave open."""

from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree import ElementTree

PAUSE = 3.0  # seconds that a caller listens before each action
SPEECH = 3.0  # seconds that something said takes where no key cuts it
STRAY = 0.3  # seconds after the last key of an entry that a stray key follows


@dataclass(frozen=True)
class Gathering:
    """What the telephone waits for: keys or words, and where they go."""

    action: str
    num_digits: int | None
    finish_on_key: str
    speech: bool
    hints: str

    @classmethod
    def read(cls, url: str, element: ElementTree.Element) -> "Gathering":
        """A Gather of the document at a URL."""
        digits = element.get("numDigits")
        return cls(
            urljoin(url, element.get("action", "")),
            int(digits) if digits else None,
            element.get("finishOnKey", "#"),
            "speech" in element.get("input", "dtmf"),
            element.get("hints", ""),
        )

    def taken(self, keys: str) -> str:
        """What it takes of these keys; the finish key is not part of the answer."""
        for position, key in enumerate(keys):
            if self.finish_on_key and key == self.finish_on_key:
                return keys[:position]
            if self.num_digits is not None and position + 1 == self.num_digits:
                return keys[: position + 1]
        return keys


@dataclass(frozen=True)
class Provider:
    """What documents leave open: keys are kept that come while nothing listens; a lone # ends an empty entry."""

    keeps: bool = False
    empties: bool = False


def standard_fields(account: str, call: str, number: str) -> dict[str, str]:
    """What stands in every webhook of a call."""
    return {
        "AccountSid": account,
        "ApiVersion": "2010-04-01",
        "CallSid": call,
        "CallStatus": "in-progress",
        "Called": "+862160195588",
        "Caller": number,
        "Direction": "inbound",
        "From": number,
        "FromCity": "",
        "To": "+862160195588",
    }
