"""Texts: what was sent to whom, and how far it has come (twilio.md, 8.3)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from exchange import moments
from exchange.sids import new_sid

if TYPE_CHECKING:
    from exchange.switchboard import Switchboard

TEXTS_REMEMBERED = 5000
LONGEST_BODY = 1600

_GSM_EXTENSION = "^{}\\[~]|€"
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà" + _GSM_EXTENSION
)


@dataclass(eq=False)
class Text:
    """One text; status queued → sent → delivered."""

    sid: str
    sender: str
    recipient: str
    body: str
    status: str = "queued"
    created_at: datetime = field(default_factory=moments.now)
    sent_at: datetime | None = None
    updated_at: datetime = field(default_factory=moments.now)

    @property
    def segments(self) -> int:
        """160 or, split, 153 characters of the GSM alphabet; otherwise 70 or 67 UTF-16 units."""
        if frozenset(self.body) <= _GSM:
            units = len(self.body) + sum(character in _GSM_EXTENSION for character in self.body)
            return 1 if units <= 160 else -(-units // 153)
        units = len(self.body.encode("utf-16-le")) // 2
        return 1 if units <= 70 else -(-units // 67)


class Texts:
    """The newest 5000, oldest first."""

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


def take(board: "Switchboard", sender: str, recipient: str, body: str) -> Text:
    """Takes a text in; it is still queued."""
    text = Text(new_sid("SM"), sender, recipient, body)
    with board.lock:
        board.texts.keep(text)
    return text


def deliver(board: "Switchboard", text: Text, callback: str | None) -> None:
    """Puts the text into the recipient's inbox, read now or later, and reports sent and delivered."""
    for status in ("sent", "delivered"):
        with board.lock:
            text.status, text.updated_at = status, moments.now()
            text.sent_at = text.sent_at or text.updated_at
        if callback:
            board.courier.post(text.sid, callback, "POST", _report(board, text))
    details = {"from": text.sender, "to": text.recipient, "body": text.body, "sid": text.sid}
    board.phones.drop_into(text.recipient, "text", at=moments.iso(text.updated_at), **details)


def _report(board: "Switchboard", text: Text) -> list[tuple[str, str]]:
    return [
        ("MessageSid", text.sid),
        ("MessageStatus", text.status),
        ("SmsSid", text.sid),
        ("SmsStatus", text.status),
        ("From", text.sender),
        ("To", text.recipient),
        ("AccountSid", board.settings.account_sid),
        ("ApiVersion", "2010-04-01"),
    ]
