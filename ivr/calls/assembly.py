"""Puts the rooms of a call together, and publishes the flows of a folder when they have passed their proofs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session as Rows

from ivr.banking.core import CoreBank
from ivr.banking.hashing import PasswordHasher
from ivr.banking.http import Ask, HttpBank
from ivr.banking.ledger import LedgerBank
from ivr.banking.line import Budget, Line
from ivr.calls import bundles as published
from ivr.calls.bundles import Bundles
from ivr.calls.conversation import Conversation
from ivr.calls.invoking import Bank
from ivr.calls.journal import Journal
from ivr.calls.sources import read_sources
from ivr.calls.waiting_room import WaitingRoom
from ivr.config import Settings
from ivr.crypto import Keyring
from ivr.db import Database
from ivr.engine import proofs
from ivr.engine.findings import FlowFaults
from ivr.engine.sources import Sources, build
from ivr.environment import Environment
from ivr.errors import IvrError
from ivr.services.registry import catalogue
from ivr.telephony.twiml import Renderer, Voice

LOG = structlog.get_logger("ivr.bundles")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the web room needs."""

    conversation: Conversation
    waiting_room: WaitingRoom
    bundles: Bundles
    voices: dict[str, Voice]


def assemble(
    environment: Environment,
    settings: Settings,
    database: Database,
    keyring: Keyring,
    hasher: PasswordHasher,
    clock: Callable[[], datetime],
    music: str = "",
) -> Parts:
    """The rooms of a call on one database; nothing is read from it yet. `music`: the path of what waiting plays."""
    voices = {
        language: Voice(speech.say, speech.voice, speech.hear, speech.model)
        for language, speech in settings.speech.items()
    }
    renderer, bundles = Renderer(voices), Bundles(database, catalogue)
    base = environment.public_url  # absolute, as not every engine resolves a path
    hold = f"{base}{music}" if music else ""

    line = core_line(environment)

    def core(rows: Rows, now: datetime, ask: Ask, budget: Budget) -> CoreBank:
        if line is not None:
            return HttpBank(rows, keyring, now, settings, line, ask, budget)
        return LedgerBank(rows, keyring, now, settings, hasher)

    bank = Bank(core, keyring, settings, environment.hotline_number)
    conversation = Conversation(database, Journal(keyring), bundles, renderer, bank, clock, base)
    return Parts(conversation, WaitingRoom(database, bundles, renderer, settings, clock, base, hold), bundles, voices)


def core_line(environment: Environment) -> Line | None:
    """The line to the remote core bank of IVR_CORE_URL; None where the embedded bank serves."""
    return Line(environment.core_url, environment.core_token) if environment.core_url else None


def publish_files(database: Database, keyring: Keyring, settings: Settings, root: Path, now: datetime, by: str) -> str:
    """Publish the flows and prompts of a folder where they are new; returns the hash that new calls run on.

    What was published before is not published again: a start must not undo a rollback. A folder that cannot be read,
    fails its proofs or breaks the program that reads it never ends a running bundle: it stays, and what was wrong is
    logged. Where nothing was ever published it is raised.
    """
    try:
        return _publish_new(database, keyring, settings, root, now, by)
    except IntegrityError:  # another process that starts at the same moment published them first
        return _publish_new(database, keyring, settings, root, now, by)


def _publish_new(database: Database, keyring: Keyring, settings: Settings, root: Path, now: datetime, by: str) -> str:
    with database.begin() as connection:
        running = published.current(connection)
        try:
            sources = read_sources(root, settings)
            if running is not None and published.is_kept(connection, sources.hash):
                return running
            _prove(sources)
        except SQLAlchemyError:
            raise
        except Exception as fault:  # callers are served, whatever stands in the folder
            if running is None:
                raise
            _log_unpublished(fault)
            return running
        return published.publish(connection, keyring, sources, now, by)


def _prove(sources: Sources) -> None:
    """Raises `FlowFaults` for what may not be published."""
    findings = proofs.check(build(sources, catalogue()))
    if findings:
        raise FlowFaults(findings)


def _log_unpublished(fault: Exception) -> None:
    told: dict[str, Any] = {"faults": str(fault)} if isinstance(fault, IvrError) else {"exc_info": fault}
    LOG.error("the flows in the folder cannot be published; the published ones stay", **told)
