"""Puts the rooms of a call together, and publishes the flows of a folder when they have passed their checks."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session as DbSession

from ivr.bank.core import CoreBank
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.bank.ledger.ledger import LedgerBank
from ivr.bank.remote.http import Ask, HttpBank
from ivr.bank.remote.line import Budget, Line
from ivr.calls.conference_room import ConferenceRoom
from ivr.calls.conversation import Conversation
from ivr.calls.invoking import Bank
from ivr.calls.journal import Journal
from ivr.calls.publishing import bundles as published
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.publishing.sources import read_sources
from ivr.calls.services.registry import catalogue
from ivr.calls.waiting_room import WaitingRoom
from ivr.db import Database
from ivr.engine import checks
from ivr.engine.bundle import Bundle
from ivr.engine.findings import FlowFaults
from ivr.engine.sources import Sources, build
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.environment import Environment
from ivr.foundation.errors import IvrError, NotReady
from ivr.telephony.documents import Documents

LOG = structlog.get_logger("ivr.bundles")
RACES = 3  # publications by other processes between a look and the writing


@dataclass(frozen=True, slots=True)
class Parts:
    """What the web room needs."""

    conversation: Conversation
    waiting_room: WaitingRoom
    conference_room: ConferenceRoom
    bundles: Bundles


def assemble(
    environment: Environment,
    settings: Settings,
    database: Database,
    keyring: Keyring,
    hasher: PasswordHasher,
    clock: Callable[[], datetime],
    documents: Documents,
    music: str = "",
    known: Mapping[str, Bundle] | None = None,
) -> Parts:
    """The rooms of a call on one database; nothing is read from it yet. `music`: the path of what waiting plays.

    `known`: bundles by their hash that were built before this process began.
    """
    bundles = Bundles(database, catalogue, known)
    base = environment.public_url  # absolute, as not every engine resolves a path
    hold = f"{base}{music}" if music else ""

    line = core_line(environment)

    def core(db: DbSession, now: datetime, ask: Ask, budget: Budget) -> CoreBank:
        if line is not None:
            return HttpBank(db, keyring, now, settings, line, ask, budget)
        return LedgerBank(db, keyring, now, settings, hasher)

    bank = Bank(core, keyring, settings, environment.hotline_number)
    conversation = Conversation(database, Journal(keyring), bundles, documents, bank, clock, base)
    waiting_room = WaitingRoom(database, bundles, documents, conversation, clock, base, hold)
    conference_room = ConferenceRoom(database, keyring, bundles, documents, conversation, clock, base, hold)
    return Parts(conversation, waiting_room, conference_room, bundles)


def core_line(environment: Environment) -> Line | None:
    """The line to the remote core bank of IVR_CORE_URL; None where the embedded bank serves."""
    return Line(environment.core_url, environment.core_token) if environment.core_url else None


def publish_files(database: Database, keyring: Keyring, settings: Settings, root: Path, now: datetime, by: str) -> str:
    """Publish the flows and prompts of a folder where they are new; returns the hash that new calls run on.

    What was published before is not published again: a start must not undo a rollback. A folder that cannot be read,
    fails its proofs or breaks the program that reads it never ends a running bundle: it stays, and what was wrong is
    logged. Where nothing was ever published it is raised. Files are read and proven outside any transaction: proving
    takes seconds, in which other processes write.
    """
    proven: Sources | None = None
    for _ in range(RACES):
        running = _running(database)
        try:
            sources = proven or read_sources(root, settings)
            if running is not None and _is_kept(database, sources.hash):
                return running
            if proven is None:
                _prove(sources)
                proven = sources
        except SQLAlchemyError:
            raise
        except Exception as fault:  # callers are served, whatever stands in the folder
            if running is None:
                raise
            _log_unpublished(fault)
            return running
        with suppress(IntegrityError), database.begin() as connection:  # another process publishes at this moment
            is_race = running is not None and published.is_kept(connection, sources.hash)  # it came and went meanwhile
            if published.current(connection) == running and not is_race:
                return published.publish(connection, keyring, sources, now, by)
    raise NotReady("the flows are being published by other processes; try again")


def _running(database: Database) -> str | None:
    with database.look() as transaction:
        return published.current(transaction.connection)


def _is_kept(database: Database, digest: str) -> bool:
    with database.look() as transaction:
        return published.is_kept(transaction.connection, digest)


def _prove(sources: Sources) -> None:
    """Raises `FlowFaults` for what may not be published."""
    findings = checks.check(build(sources, catalogue()))
    if findings:
        raise FlowFaults(findings)


def _log_unpublished(fault: Exception) -> None:
    told: dict[str, Any] = {"faults": str(fault)} if isinstance(fault, IvrError) else {"exc_info": fault}
    LOG.error("the flows in the folder cannot be published; the published ones stay", **told)
