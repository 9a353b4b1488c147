"""Sends what nobody waits for (status callbacks) in the background: in order for one call, in parallel across calls."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from exchange.faults import TwimlFault
from exchange.webhook import Form, WebhookClient

LANES = 4

Errand = Callable[[WebhookClient], None]


class Courier:
    """Daemon threads, one per lane. A delivery that fails is dropped, as Twilio drops it after its retries."""

    def __init__(self, auth_token: str) -> None:
        self._lanes: list[SimpleQueue[Errand | None]] = [SimpleQueue() for _ in range(LANES)]
        self._threads = [
            threading.Thread(target=self._deliver, args=(lane, auth_token), name="exchange-courier", daemon=True)
            for lane in self._lanes
        ]
        for thread in self._threads:
            thread.start()

    def post(self, key: str, url: str, method: str, form: Form) -> None:
        """Posts `form`; deliveries with the same `key` keep their order."""

        def errand(client: WebhookClient) -> None:
            client.fetch(url, method, form)

        self.run(key, errand)

    def run(self, key: str, errand: Errand) -> None:
        self._lanes[sum(key.encode()) % LANES].put(errand)

    def close(self, seconds: float) -> None:
        """Lets what is queued leave for at most `seconds` a lane."""
        for lane in self._lanes:
            lane.put(None)
        for thread in self._threads:
            thread.join(seconds)

    def _deliver(self, lane: "SimpleQueue[Errand | None]", auth_token: str) -> None:
        client = WebhookClient(auth_token)
        while (errand := lane.get()) is not None:
            try:
                errand(client)
            except TwimlFault:
                continue
        client.close()
