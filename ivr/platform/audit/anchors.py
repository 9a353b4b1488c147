"""Anchors: copies of the audit log's head outside the database, which reveal a truncated log."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.db import Database, work
from ivr.platform.audit import log as audit
from ivr.platform.audit.log import Anchor
from ivr.platform.audit.models import AuditEntry
from ivr.platform.jobs import heartbeat
from ivr.platform.jobs.tasks import Task

ANCHOR_SECONDS = 60.0
INTERVAL = timedelta(minutes=10)  # many times the interval between two anchors
LOG = structlog.get_logger("ivr.platform.audit")


def due(db: Session, file: Path) -> Anchor | None:
    """The head, if it has changed since the last anchor."""
    head, kept = audit.head(db), read(file)
    return None if head[0] == 0 or (kept and kept[-1] == head) else head


def keep(head: Anchor, file: Path, now: datetime) -> None:
    """Append a head to the file and to the log stream, after the transaction that read it has committed."""
    seq, mac = head
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)  # readable by its owner only
    with os.fdopen(handle, "a", encoding="ascii") as stream:
        stream.write(f"{now.isoformat(timespec='seconds')} {seq} {mac}\n")
    LOG.info("audit log anchored", seq=seq, mac=mac)


class TaskContext(Protocol):
    """What anchoring needs of the worker."""

    @property
    def database(self) -> Database: ...
    @property
    def anchor_file(self) -> Path: ...
    def now(self) -> datetime: ...


def _anchor(context: TaskContext) -> None:
    now = context.now()
    with work(context.database) as db:
        head = due(db, context.anchor_file)
        heartbeat.note(db, now)  # forces a durable commit, so that the anchored entries survive a power cut
    if head is not None:
        keep(head, context.anchor_file, now)


TASKS: tuple[Task[TaskContext], ...] = (Task("anchors", ANCHOR_SECONDS, _anchor, waits=True),)


def missing(db: Session, held: Sequence[Anchor], now: datetime) -> str | None:
    """The problem with the anchors, if any: entries older than `INTERVAL` that no anchor covers.

    `held`: the anchors that match entries of this log; anchors of entries lost in a restore do not count.
    """
    last = max((seq for seq, _ in held), default=0)
    bare = db.scalars(
        select(AuditEntry.seq).where(AuditEntry.seq > last, AuditEntry.at < now - INTERVAL).order_by(AuditEntry.seq)
    ).first()
    return None if bare is None else f"no anchor covers entry {bare} and those after it"


def read(file: Path) -> list[Anchor]:
    """Every anchor of a file, the oldest first; malformed lines are skipped."""
    if not file.exists():
        return []
    rows = [line.split() for line in file.read_text(encoding="ascii", errors="replace").splitlines()]
    return [(int(row[1]), row[2]) for row in rows if len(row) == 3 and row[1].isdecimal()]
