"""The stateless menu with each turn as a DBOS workflow of one step: durable execution by a library.

Runs in a virtual environment of its own (var/bench/dbos). It checks no signature and keeps no session.
"""

import os
import secrets
from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Flask, request

from bench import menu

dbos: Any = import_module("dbos")  # not installed where types are checked
Take = Callable[[str, int, str | None], str]

decide: Take = dbos.DBOS.step()(menu.turn)


def _turn(place: str, number: int, digits: str | None) -> str:
    return decide(place, number, digits)


run_turn: Take = dbos.DBOS.workflow()(_turn)


def _durable(place: str, number: int, digits: str | None) -> str:
    # DBOS needs an idempotency id for each turn; the menu has no turn number, so the id is random
    with dbos.SetWorkflowID(f"{request.form['CallSid']}-{secrets.token_hex(8)}"):
        return run_turn(place, number, digits)


def turns() -> Flask:
    """The application; it creates its tables in the database at DBOS_URL."""
    dbos.DBOS(config={"name": "bench", "system_database_url": os.environ["DBOS_URL"], "log_level": "ERROR"})
    dbos.DBOS.launch()
    return menu.application(_durable)
