"""Appending to the audit log and verifying its chain.

A writer locks the head row last of all rows in its transaction, so writers queue but never deadlock. Whoever
can write to the database can cut off the tail and move the head back: the anchors, kept outside, show that.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.audit.models import AuditEntry, AuditHead
from ivr.crypto import Keyring

START = b"\0" * 32
Anchor = tuple[int, str]  # sequence number, hex of the digest


def _mac(keyring: Keyring, before: bytes, entry: AuditEntry) -> bytes:
    at = entry.at.isoformat(timespec="microseconds")
    text = json.dumps([before.hex(), entry.seq, at, entry.actor, entry.deed, entry.subject, entry.details])
    return keyring.blind_index("audit", text)


def append(
    rows: Session, keyring: Keyring, *, at: datetime, actor: str, deed: str, subject: str, details: Mapping[str, object]
) -> None:
    """Write a deed; the transaction that does it fails where this fails."""
    head = rows.scalar(select(AuditHead).where(AuditHead.id == 1).with_for_update())
    if head is None:
        head = AuditHead(id=1, seq=0, mac=START)
        rows.add(head)
    text = json.dumps(dict(details), ensure_ascii=False, sort_keys=True, default=str)
    entry = AuditEntry(seq=head.seq + 1, at=at, actor=actor, deed=deed, subject=subject, details=text)
    entry.mac = _mac(keyring, head.mac, entry)
    head.seq, head.mac = entry.seq, entry.mac
    rows.add(entry)
    rows.flush()


def head(rows: Session) -> Anchor:
    """Where the log ends now, to be kept outside."""
    row = rows.get(AuditHead, 1)
    return (0, START.hex()) if row is None else (row.seq, row.mac.hex())


def verify(rows: Session, keyring: Keyring, anchors: Sequence[Anchor] = ()) -> str | None:
    """None when every entry follows from the one before it and every anchor is still there; else what is wrong."""
    before, expected = START, 1
    kept = dict(anchors)
    for entry in rows.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500)):
        if entry.seq != expected:
            return f"entry {expected} is missing"
        if _mac(keyring, before, entry) != entry.mac:
            return f"entry {entry.seq} was changed"
        if entry.seq in kept and kept[entry.seq] != entry.mac.hex():
            return f"entry {entry.seq} is not the one that was anchored"
        before, expected = entry.mac, expected + 1
    last = expected - 1
    if head(rows) != (last, before.hex()):
        return f"the head does not point at entry {last}"
    cut = [seq for seq in kept if seq > last]
    return f"the log ends at {last}, entry {max(cut)} was anchored: its tail was cut off" if cut else None
