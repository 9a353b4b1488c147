"""The same stateless menu with each turn as a DBOS workflow of one step: durable execution as a library gives it.

Runs in a virtual environment of its own (var/bench/dbos). It checks no signature and keeps no session.
"""

import os
import secrets

from dbos import DBOS, SetWorkflowID
from flask import Flask, request

from bench import menu


@DBOS.step()
def decide(place: str, number: int, digits: str | None) -> str:
    """The one step of a turn."""
    return menu.turn(place, number, digits)


@DBOS.workflow()
def take_turn(place: str, number: int, digits: str | None) -> str:
    """One turn, kept in PostgreSQL under its id."""
    return decide(place, number, digits)


def _durable(place: str, number: int, digits: str | None) -> str:
    # an id for each turn, as its idempotency asks for; the menu has no turn number, so chance stands in for it
    with SetWorkflowID(f"{request.form['CallSid']}-{secrets.token_hex(8)}"):
        return take_turn(place, number, digits)


def turns() -> Flask:
    """The application; it makes its tables in the database at DBOS_URL."""
    DBOS(config={"name": "bench", "system_database_url": os.environ["DBOS_URL"], "log_level": "ERROR"})
    DBOS.launch()
    return menu.application(_durable)
