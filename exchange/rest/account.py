"""The entry point of the REST API: authentication, routing, the format of refusals; and the account resource."""

import hmac

from flask import Blueprint, Response, jsonify, request

from exchange.clock import rfc2822
from exchange.loopback import is_local
from exchange.player import Players
from exchange.rest.calls import Calls
from exchange.rest.conferences import Conferencing
from exchange.rest.messages import Messages
from exchange.rest.queues import Queueing
from exchange.rest.recordings import Recordings
from exchange.rest.refusals import RestRefusal, not_authenticated, not_found, not_local
from exchange.rest.routes import PREFIX, Routes
from exchange.rest.shapes import JsonObject


class RestApi:
    """Everything under /2010-04-01/Accounts/{AccountSid}."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._board = players.board

    def mount(self, blueprint: Blueprint) -> None:
        for dialling in (Calls, Conferencing):
            dialling(self._players).mount(Routes(blueprint))
        for resource in (Messages, Queueing, Recordings):
            resource(self._board).mount(Routes(blueprint))
        Routes(blueprint).add(".json", self.fetch)
        blueprint.add_url_rule(f"{PREFIX}/<path:_rest>", "rest_unknown", self.unknown, methods=METHODS)
        blueprint.before_request(self.guard)
        blueprint.register_error_handler(RestRefusal, self.refuse)

    def guard(self) -> None:
        """HTTP Basic authentication with the account's SID and token, from this machine only."""
        if not request.path.startswith(PREFIX):
            return
        settings, given = self._board.settings, request.authorization
        if not is_local(request):
            raise not_local()
        self._board.base_url = request.host_url.rstrip("/")
        user = (given.username if given else None) or ""
        password = (given.password if given else None) or ""
        known = hmac.compare_digest(user.encode(), settings.account_sid.encode())
        if not (hmac.compare_digest(password.encode(), settings.auth_token.encode()) and known):
            raise not_authenticated()
        if not request.path.startswith(
            tuple(f"{PREFIX}/Accounts/{settings.account_sid}{end}" for end in ("/", ".json"))
        ):
            raise not_found(request.path)

    def fetch(self) -> JsonObject:
        """The account, with only those of Twilio's subresources that this exchange serves."""
        settings, opened = self._board.settings, rfc2822(self._board.opened_at)
        uri = f"{PREFIX}/Accounts/{settings.account_sid}"
        return {
            "sid": settings.account_sid,
            "owner_account_sid": settings.account_sid,
            "friendly_name": "Embedded exchange",
            "status": "active",
            "type": "Full",
            "auth_token": settings.auth_token,  # the client has just authenticated with it
            "date_created": opened,
            "date_updated": opened,
            "uri": f"{uri}.json",
            "subresource_uris": {name.lower(): f"{uri}/{name}.json" for name in SUBRESOURCES},
        }

    def unknown(self, _rest: str) -> Response:
        raise not_found(request.path)

    def refuse(self, refusal: RestRefusal) -> tuple[Response, int]:
        response = jsonify(refusal.body())
        if refusal.status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        return response, refusal.status


METHODS = ("GET", "POST", "DELETE")
SUBRESOURCES = ("Calls", "Conferences", "Messages", "Queues", "Recordings")
