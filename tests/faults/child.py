"""A worker process that stops at a commit, so that a test can kill it there: the product's code, a hook of ours.

Its arguments: <database url> <time of the clock> <folder> before|after <secret>. It is started by tests.faults.forks.

It says its port, and serves. The first durable transaction that wrote a posting stops at its COMMIT ("before"), or
when the COMMIT has been carried out ("after"): it leaves a file `stopped` in the folder and waits to be killed.
"""

import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, event

from ivr.db import open_database
from ivr.foundation.config import read_settings
from ivr.foundation.crypto import Keyring
from tests.faults.forks import serving
from tests.support.databases import ROOT
from tests.support.hotline import Clock, open_hotline


def main(url: str, moment: str, folder: str, when: str, secret: str) -> None:
    """Serve until killed."""
    database = open_database(url)
    with database.durable.connect() as connection:
        before = _postings_now(connection)

    def stop(connection: Connection) -> None:
        if _postings_now(connection) == before:
            return
        if when == "after":
            connection.connection.driver_connection.commit()  # type: ignore[union-attr]
        Path(folder, "stopped").touch()
        time.sleep(60)  # stands here until it is killed

    clock = Clock(datetime.fromisoformat(moment))
    hotline = open_hotline(database, read_settings(ROOT / "config.yaml"), Keyring((secret,)), clock)
    event.listen(database.durable, "commit", stop)
    serving(hotline.door.address[1])
    time.sleep(120)  # serves until it is killed, and never longer


def _postings_now(connection: Connection) -> int:
    return int(connection.exec_driver_sql("select count(*) from postings").scalar_one())
