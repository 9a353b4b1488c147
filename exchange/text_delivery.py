"""Accepts a text message, and delivers it to the recipient's phone."""

from exchange import clock
from exchange.sids import new_sid
from exchange.switchboard import Switchboard
from exchange.texts import Text


def take(board: Switchboard, sender: str, recipient: str, body: str) -> Text:
    """Accepts a text message; its status is queued."""
    text = Text(new_sid("SM"), sender, recipient, body)
    with board.lock:
        board.texts.keep(text)
    return text


def deliver(board: Switchboard, text: Text, callback: str | None) -> None:
    """Puts the text into the recipient's inbox, and reports the statuses sent and delivered."""
    for status in ("sent", "delivered"):
        with board.lock:
            text.status, text.updated_at = status, clock.now()
            text.sent_at = text.sent_at or text.updated_at
        if callback:
            board.callback_sender.post(text.sid, callback, "POST", _report(board, text))
    details = {"from": text.sender, "to": text.recipient, "body": text.body, "sid": text.sid}
    board.phones.deliver_event(text.recipient, "text", at=clock.iso(text.updated_at), **details)


def _report(board: Switchboard, text: Text) -> list[tuple[str, str]]:
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
