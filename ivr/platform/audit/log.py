"""Appending to the audit log.

A writer locks the head row after all other locks of its transaction (`Lock.AUDIT`): writers queue but never deadlock.
One that does not know what its transaction locks later uses `append_last`. Somebody with write access to the database
could truncate the log and move the head back; the anchors outside reveal that (`ivr.platform.audit.chain`).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.db import do_last
from ivr.db.locks import Lock, note_lock
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.platform.audit.models import AuditEntry, AuditHead

START = b"\0" * 32
Anchor = tuple[int, str]  # sequence number, hex of the digest


def digest(keyring: Keyring, before: bytes, entry: AuditEntry) -> bytes:
    """The `mac` of an entry, given the `mac` of the entry before it."""
    at = entry.at.isoformat(timespec="microseconds")
    text = json.dumps([before.hex(), entry.seq, at, entry.actor, entry.deed, entry.subject, entry.details])
    return keyring.blind_index("audit", text)


def append(
    db: Session, keyring: Keyring, *, at: datetime, actor: str, deed: str, subject: str, details: Mapping[str, object]
) -> AuditEntry:
    """Append an entry in the transaction of the operation, which fails if this fails.

    Raises `ConfigurationError` when the log is written with another secret: one entry with a wrong digest would make
    the log fail verification from then on.
    """
    note_lock(db, Lock.AUDIT)
    head = db.scalar(select(AuditHead).where(AuditHead.id == 1).with_for_update())
    if head is None:
        head = AuditHead(id=1, seq=0, mac=START, key_check=keyring.checks[0])
        db.add(head)
    elif not _is_meant(db, keyring, head):
        raise ConfigurationError("the audit log is written under another secret; IVR_SECRET_KEY must end with that one")
    head.key_check = keyring.checks[0]
    text = json.dumps(dict(details), ensure_ascii=False, sort_keys=True, default=str)
    at = at.astimezone(UTC)  # the digest covers the time as text, which is read back in UTC
    entry = AuditEntry(seq=head.seq + 1, at=at, actor=actor, deed=deed, subject=subject, details=text)
    entry.mac = digest(keyring, head.mac, entry)
    head.seq, head.mac = entry.seq, entry.mac
    db.add(entry)
    db.flush()
    return entry


def append_last(
    db: Session, keyring: Keyring, *, at: datetime, actor: str, deed: str, subject: str, details: Mapping[str, object]
) -> None:
    """`append` when everything else of the transaction is done, so that no lock is taken behind the head's."""
    do_last(db, partial(append, db, keyring, at=at, actor=actor, deed=deed, subject=subject, details=dict(details)))


def head(db: Session) -> Anchor:
    """The present head of the log, for an anchor."""
    row = db.get(AuditHead, 1)
    return (0, START.hex()) if row is None else (row.seq, row.mac.hex())


def is_ours(db: Session, keyring: Keyring) -> bool:
    """Whether this keyring made the digests of the log; true for an empty log."""
    row = db.get(AuditHead, 1)
    return row is None or _is_meant(db, keyring, row)


def _is_meant(db: Session, keyring: Keyring, head: AuditHead) -> bool:
    """Compare the check value in the head; without one, verify the newest entry."""
    if head.key_check is not None:
        return head.key_check == keyring.checks[0]
    last = db.get(AuditEntry, head.seq)
    before = db.get(AuditEntry, head.seq - 1)
    return last is None or digest(keyring, before.mac if before else START, last) == last.mac
