"""A provider of texts that outlives the worker that uses it: what it took stands in a file.

Its arguments: <database url> <time of the clock> <folder> before|after <secret>. It is started by tests.faults.forks.

Runs one round of the worker, which stops "before" the provider has taken a text, or "after", and waits to be killed.
"""

import time
from datetime import datetime
from pathlib import Path

from ivr.db import open_database
from ivr.foundation.crypto import Keyring
from ivr.platform.outbox.sending import Sender
from tests.faults.forks import serving


class Carrier:
    """Takes texts into a file; `stops` says where it stops for good."""

    def __init__(self, folder: Path, stops: str = "") -> None:
        self.folder, self.stops, self.asked = folder, stops, 0

    def send(self, to: str, body: str) -> str:
        """Take a text."""
        if self.stops == "before":
            self._stop()
        with (self.folder / "taken").open("a", encoding="utf-8") as file:
            file.write(f"{to} {body}\n")
        if self.stops == "after":
            self._stop()
        return "SM1"

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """Whether this text was taken."""
        del since
        self.asked += 1
        return "SM1" if f"{to} {body}" in self.taken() else None

    def taken(self) -> list[str]:
        """What was taken, in order."""
        file = self.folder / "taken"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def _stop(self) -> None:
        (self.folder / "stopped").touch()
        time.sleep(60)  # stands here until it is killed


def main(url: str, moment: str, folder: str, when: str, secret: str) -> None:
    """One round, until killed."""
    sender = Sender(open_database(url), Keyring((secret,)), Carrier(Path(folder), when))
    serving(0)
    sender.send_due(datetime.fromisoformat(moment))
