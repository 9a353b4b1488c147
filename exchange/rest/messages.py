"""The Messages resource: text messages to phones of this exchange."""

from flask import request

from exchange import text_delivery
from exchange.clock import rfc2822
from exchange.numbers import is_callable
from exchange.parameters import API_VERSION
from exchange.rest import shapes
from exchange.rest.refusals import invalid, not_found
from exchange.rest.routes import Routes
from exchange.switchboard import Switchboard
from exchange.texts import MAX_BODY_CHARACTERS, Text


class Messages:
    """/Messages"""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def mount(self, routes: Routes) -> None:
        routes.add("/Messages.json", self.create, "POST")
        routes.add("/Messages.json", self.list)
        routes.add("/Messages/<sid>.json", self.fetch)

    def create(self) -> tuple[shapes.JsonObject, int]:
        """Returns the text as queued; it is delivered before the response is sent."""
        recipient, sender, body = (request.form.get(name, "") for name in ("To", "From", "Body"))
        self._examine(recipient, sender, body)
        callback = shapes.url(request.form, "StatusCallback")
        text = text_delivery.take(self._board, sender, recipient, body)
        record = self._write(text)
        text_delivery.deliver(self._board, text, callback)
        return record, 201

    def list(self) -> shapes.JsonObject:
        """Newest first; filters To, From and DateSent."""
        with self._board.lock:
            return shapes.search(
                "messages",
                self._board.texts.find,
                self._write,
                named={"To": lambda text: text.recipient, "From": lambda text: text.sender},
                dated={"DateSent": lambda text: text.sent_at},
            )

    def fetch(self, sid: str) -> shapes.JsonObject:
        text = self._board.texts.get(sid)
        if text is None:
            raise not_found(f"/Messages/{sid}")
        return self._write(text)

    def _examine(self, recipient: str, sender: str, body: str) -> None:
        if not recipient:
            raise invalid(21604, "A 'To' phone number is required.")
        if not is_callable(recipient):
            raise invalid(21211, f"The 'To' number {recipient} is not a valid phone number.")
        if not sender:
            raise invalid(21603, "A 'From' phone number is required.")
        if sender != self._board.settings.hotline_number:
            raise invalid(21606, f"The 'From' number {sender} is not a number of this account.")
        if recipient == sender:
            raise invalid(21266, "'To' and 'From' number cannot be the same.")
        if not body:
            raise invalid(21602, "Message body is required.")
        if len(body) > MAX_BODY_CHARACTERS:
            raise invalid(21617, f"The message body exceeds the {MAX_BODY_CHARACTERS} character limit.")

    def _write(self, text: Text) -> shapes.JsonObject:
        account = self._board.settings.account_sid
        uri = f"/{API_VERSION}/Accounts/{account}/Messages/{text.sid}"
        return {
            "sid": text.sid,
            "account_sid": account,
            "api_version": API_VERSION,
            "from": text.sender,
            "to": text.recipient,
            "body": text.body,
            "status": text.status,
            "direction": "outbound-api",
            "num_segments": str(text.segments),
            "num_media": "0",
            "date_created": rfc2822(text.created_at),
            "date_sent": rfc2822(text.sent_at),
            "date_updated": rfc2822(text.updated_at),
            "error_code": None,
            "error_message": None,
            "messaging_service_sid": None,
            "price": None,
            "price_unit": "USD",
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }
