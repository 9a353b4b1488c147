"""The public interface of the exchange: settings in, a Flask blueprint out."""

from pathlib import Path

from flask import Blueprint

from exchange import clock
from exchange.page import PhonePage
from exchange.phone_api import PhoneApi
from exchange.player import Players
from exchange.rest.account import RestApi
from exchange.settings import ExchangeSettings
from exchange.switchboard import Switchboard
from exchange.verbs.registry import VERBS

CLOSING_SECONDS = 3.0


class Exchange:
    """Stands in for Twilio on one machine: one account, one number, and local phones."""

    def __init__(self, settings: ExchangeSettings) -> None:
        self.settings = settings
        self._board = Switchboard(settings)
        self._players = Players(self._board, VERBS)

    def blueprint(self) -> Blueprint:
        """The REST API under /2010-04-01, the phone page under /phone, its API under /phone/api."""
        here = Path(__file__).parent
        blueprint = Blueprint(
            "exchange",
            __name__,
            template_folder=str(here / "templates"),
            static_folder=str(here / "static"),
            static_url_path="/phone/static",
        )
        PhonePage(self._board).mount(blueprint)
        PhoneApi(self._players).mount(blueprint)
        RestApi(self._players).mount(blueprint)
        return blueprint

    def close(self) -> None:
        """Hangs up live calls and ends the threads; webhooks still in progress after 3 s are abandoned."""
        with self._board.lock:
            self._board.closing = True
            live = list(self._board.live)
            for leg in live:
                leg.hang_up("exchange", "closing")
        deadline = clock.steady() + CLOSING_SECONDS
        for leg in live:
            leg.finished.wait(max(0.0, deadline - clock.steady()))
        self._board.callback_sender.close(max(0.2, deadline - clock.steady()))
