"""The whole state of an exchange, under one lock: legs, phones, texts, queues, conferences, recordings."""

import threading
from collections.abc import Callable

from exchange import clock
from exchange.callback_sender import CallbackSender
from exchange.callbacks import Callbacks
from exchange.channel import LegChannel, WebhookTarget
from exchange.conferences import Conferences
from exchange.leg import CallbackPlan, Leg
from exchange.phones import Phones
from exchange.queues import Queues
from exchange.recordings import Recordings
from exchange.settings import ExchangeSettings, TypeAhead
from exchange.sids import new_sid
from exchange.texts import Texts

LEGS_REMEMBERED = 2000


class Switchboard:
    """The state only. The modules named after actions change it."""

    def __init__(self, settings: ExchangeSettings) -> None:
        self.settings = settings
        self.lock = threading.RLock()
        self.closing = False
        self.opened_at = clock.now()
        self.base_url = ""  # set by incoming requests, which show the address of the exchange
        self.legs: dict[str, Leg] = {}
        self.live: set[Leg] = set()
        self.callback_sender = CallbackSender(settings.auth_token)
        self.callbacks = Callbacks(self.callback_sender, settings.account_sid)
        self.phones = Phones(self.lock)
        self.texts = Texts()
        self.queues = Queues(self.lock)
        self.recordings = Recordings(self.lock, self.callback_sender, settings.account_sid)
        self.conferences = Conferences(self.lock, self.callback_sender, settings.account_sid)

    @property
    def stepped(self) -> bool:
        return self.settings.pace == "stepped"

    def open_leg(
        self,
        caller: str,
        called: str,
        direction: str,
        parent: Leg | None = None,
        callback: CallbackPlan | None = None,
        fallback: WebhookTarget | None = None,
        type_ahead: TypeAhead | None = None,
    ) -> Leg:
        """A new leg with status queued. Its holder is the caller's phone for an inbound call, otherwise the called
        phone.
        """
        buffers_keys = (type_ahead or self.settings.type_ahead) == "kept"
        leg = Leg(
            sid=new_sid("CA"),
            caller=caller,
            called=called,
            direction=direction,
            holder=caller if direction == "inbound" else called,
            channel=LegChannel(self.lock, self.stepped, buffers_keys=buffers_keys),
            parent=parent,
            callback=callback,
            fallback=fallback,
        )
        with self.lock:
            self.legs[leg.sid] = leg
            self._forget_the_oldest()
        return leg

    def admit(self, leg: Leg) -> bool:
        """Adds the leg to the live ones; False when the exchange is full or closing."""
        with self.lock:
            if self.closing or len(self.live) >= self.settings.legs:
                return False
            self.live.add(leg)
            return True

    def find_legs(self, chosen: Callable[[Leg], bool]) -> list[Leg]:
        """Newest first."""
        with self.lock:
            return [leg for leg in reversed(self.legs.values()) if chosen(leg)]

    def _forget_the_oldest(self) -> None:
        surplus = len(self.legs) - LEGS_REMEMBERED
        if surplus > 0:
            done = [sid for sid, leg in self.legs.items() if leg.over][:surplus]
            for sid in done:
                del self.legs[sid]
