"""Sends status callbacks in the background: in order for one call, in parallel across calls."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from exchange.faults import TwimlFault
from exchange.webhook import Form, WebhookClient

WORKERS = 4

Task = Callable[[WebhookClient], None]


class CallbackSender:
    """Daemon threads, each with a queue. A failed delivery is dropped, as Twilio drops it after its retries."""

    def __init__(self, auth_token: str) -> None:
        self._queues: list[SimpleQueue[Task | None]] = [SimpleQueue() for _ in range(WORKERS)]
        self._threads = [
            threading.Thread(target=self._work, args=(queue, auth_token), name="exchange-callbacks", daemon=True)
            for queue in self._queues
        ]
        for thread in self._threads:
            thread.start()

    def post(self, key: str, url: str, method: str, form: Form) -> None:
        """Posts `form`; deliveries with the same `key` keep their order."""

        def task(client: WebhookClient) -> None:
            client.fetch(url, method, form)

        self.run(key, task)

    def run(self, key: str, task: Task) -> None:
        self._queues[sum(key.encode()) % WORKERS].put(task)

    def close(self, seconds: float) -> None:
        """Waits at most `seconds` for each thread to send what is queued."""
        for queue in self._queues:
            queue.put(None)
        for thread in self._threads:
            thread.join(seconds)

    def _work(self, queue: "SimpleQueue[Task | None]", auth_token: str) -> None:
        client = WebhookClient(auth_token)
        while (task := queue.get()) is not None:
            try:
                task(client)
            except TwimlFault:
                continue
        client.close()
