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
from ivr.bank.remote.client import Budget, CoreClient
from ivr.bank.remote.http import Ask, HttpBank
from ivr.calls.conference_room import ConferenceRoom
from ivr.calls.conversation import Conversation
from ivr.calls.invoking import ServiceResources
from ivr.calls.journal import Journal
from ivr.calls.publishing import bundles as published
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.publishing.sources import read_sources
from ivr.calls.services.registry import catalogue
from ivr.calls.wait_loop import WaitLoop
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
RACES = 3  # retries when another process publishes between our read and our write


@dataclass(frozen=True, slots=True)
class CallHandlers:
    """What the webhooks call."""

    conversation: Conversation
    wait_loop: WaitLoop
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
) -> CallHandlers:
    """The call handlers on one database, which is not read yet. `music`: the URL path of the hold music.

    `known`: bundles by hash that were built before this process was forked.
    """
    bundles = Bundles(database, catalogue, known)
    base = environment.public_url  # absolute, since not every TwiML engine resolves relative URLs
    hold = f"{base}{music}" if music else ""

    resources = service_resources(environment, settings, keyring, hasher)
    conversation = Conversation(database, Journal(keyring), bundles, documents, resources, clock, base)
    wait_loop = WaitLoop(database, bundles, documents, conversation, clock, base, hold)
    conference_room = ConferenceRoom(
        database, keyring, bundles, documents, conversation, clock, base, hold, settings.floor
    )  # fmt: skip
    return CallHandlers(conversation, wait_loop, conference_room, bundles)


def service_resources(
    environment: Environment, settings: Settings, keyring: Keyring, hasher: PasswordHasher
) -> ServiceResources:
    """What services work with in one process; the core bank is the embedded one, or the one at IVR_CORE_URL."""
    client = core_client(environment)

    def core(db: DbSession, now: datetime, ask: Ask, budget: Budget) -> CoreBank:
        if client is not None:
            return HttpBank(db, keyring, now, settings, client, ask, budget)
        return LedgerBank(db, keyring, now, settings, hasher)

    return ServiceResources(core, keyring, settings, environment.hotline_number)


def core_client(environment: Environment) -> CoreClient | None:
    """The client of the core bank at IVR_CORE_URL; None with the embedded bank."""
    return CoreClient(environment.core_url, environment.core_token) if environment.core_url else None


def publish_files(database: Database, keyring: Keyring, settings: Settings, root: Path, now: datetime, by: str) -> str:
    """Publish the flows and prompts of a folder if they are new; returns the bundle hash of new calls.

    A bundle that was published before is not published again, so that a restart does not undo a rollback. When the
    folder cannot be read, fails its checks or crashes the reader, the running bundle stays and the error is logged; if
    nothing was ever published, the error is raised. Reading and checking take seconds and happen outside any
    transaction, because other processes write meanwhile.
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
        except Exception as fault:  # a broken folder must not stop the running hotline
            if running is None:
                raise
            _log_unpublished(fault)
            return running
        with suppress(IntegrityError), database.begin() as connection:  # another process may publish at the same time
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
    """Raises `FlowFaults` with the findings that prevent publishing."""
    findings = checks.check(build(sources, catalogue()))
    if findings:
        raise FlowFaults(findings)


def _log_unpublished(fault: Exception) -> None:
    told: dict[str, Any] = {"faults": str(fault)} if isinstance(fault, IvrError) else {"exc_info": fault}
    LOG.error("the flows in the folder cannot be published; the published bundle stays", **told)
