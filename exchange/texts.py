"""Text messages: sender, recipient, and delivery status."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from exchange import clock

TEXTS_REMEMBERED = 5000
MAX_BODY_CHARACTERS = 1600

_GSM_EXTENSION = "^{}\\[~]|€"
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà" + _GSM_EXTENSION
)


@dataclass(eq=False)
class Text:
    """One text message; status queued → sent → delivered."""

    sid: str
    sender: str
    recipient: str
    body: str
    status: str = "queued"
    created_at: datetime = field(default_factory=clock.now)
    sent_at: datetime | None = None
    updated_at: datetime = field(default_factory=clock.now)

    @property
    def segments(self) -> int:
        """The number of SMS segments: 160 or, split, 153 characters of the GSM alphabet; otherwise 70 or 67 UTF-16
        units.
        """
        if frozenset(self.body) <= _GSM:
            units = len(self.body) + sum(character in _GSM_EXTENSION for character in self.body)
            return 1 if units <= 160 else -(-units // 153)
        units = len(self.body.encode("utf-16-le")) // 2
        return 1 if units <= 70 else -(-units // 67)


class Texts:
    """The newest 5000 text messages, oldest first."""

    def __init__(self) -> None:
        self._texts: dict[str, Text] = {}

    def keep(self, text: Text) -> None:
        self._texts[text.sid] = text
        while len(self._texts) > TEXTS_REMEMBERED:
            del self._texts[next(iter(self._texts))]

    def get(self, sid: str) -> Text | None:
        return self._texts.get(sid)

    def find(self, chosen: Callable[[Text], bool]) -> list[Text]:
        """Newest first."""
        return [text for text in reversed(self._texts.values()) if chosen(text)]
