"""Verify the audit log: the hash chain is intact, and every anchor matches its entry.

A database restored from a backup has lost the entries since the backup, and their anchors no longer match. So a
restore is recorded in the log itself (`restored`): its entry lists the lost anchors, which are then accepted as lost.
Any other mismatch is still reported; the entry cannot be forged, changed or removed without the key.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.platform.audit.log import START, Anchor, append, digest, head
from ivr.platform.audit.models import AuditEntry

RESTORED = "log_restored"
DIGITS = 16  # hex digits by which a lost anchor is named; no other anchor matches by chance


@dataclass(frozen=True, slots=True)
class Restore:
    """A recorded restore: entry, time, person, reason, the last valid anchor before it, and the last lost entry."""

    seq: int
    at: datetime
    by: str
    reason: str
    anchor: int
    lost_to: int


@dataclass(frozen=True)
class ChainReport:
    """The result of a verification. `held` anchors match their entries; `astray` ones match none."""

    fault: str | None
    last: int
    held: tuple[Anchor, ...] = ()
    astray: tuple[Anchor, ...] = ()
    restores: tuple[Restore, ...] = ()


@dataclass
class _Walk:
    wanted: frozenset[int]
    found: dict[int, str] = field(default_factory=dict)
    restores: list[Restore] = field(default_factory=list)
    excused: set[str] = field(default_factory=set)
    last: int = 0
    mac: bytes = START

    def pass_by(self, entry: AuditEntry) -> None:
        self.last, self.mac = entry.seq, entry.mac
        if entry.seq in self.wanted:
            self.found[entry.seq] = entry.mac.hex()
        if entry.deed == RESTORED:
            told = json.loads(entry.details)
            self.restores.append(
                Restore(entry.seq, entry.at, entry.actor, told["reason"], told["anchor"], told["lost_to"])
            )
            self.excused.update(told["lost"])


def read(db: Session, keyring: Keyring, anchors: Sequence[Anchor] = ()) -> ChainReport:
    """Verify the chain and compare it with the anchors."""
    walk = _Walk(frozenset(seq for seq, _ in anchors))
    fault: str | None = None
    for entry in db.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500)):
        fault = _unlike(keyring, walk, entry)
        if fault is not None:
            break
        walk.pass_by(entry)
    held = tuple(each for each in anchors if walk.found.get(each[0]) == each[1])
    others = (each for each in anchors if walk.found.get(each[0]) != each[1])
    astray = tuple(each for each in others if _name(each) not in walk.excused)
    if fault is None and head(db) != (walk.last, walk.mac.hex()):
        fault = f"the head does not point at entry {walk.last}"
    return ChainReport(fault or _lost(astray, walk.last), walk.last, held, astray, tuple(walk.restores))


def verify(db: Session, keyring: Keyring, anchors: Sequence[Anchor] = ()) -> str | None:
    """None when the log is intact, else the problem."""
    return read(db, keyring, anchors).fault


def restored(
    db: Session,
    keyring: Keyring,
    anchors: Sequence[Anchor],
    now: datetime,
    *,
    by: str,
    reason: str,
    anchor: int | None,
) -> Restore:
    """Record a restore from a backup: from which anchor on (None: the newest valid one), and why.

    Raises `ConfigurationError` when the log is intact, or when a restore does not explain its state.
    """
    found = read(db, keyring, anchors)
    if not found.astray:
        raise ConfigurationError(found.fault or "the audit log is whole: there is no restore to state")
    chain = read(db, keyring)
    if chain.fault is not None:
        raise ConfigurationError(f"no restore explains this: {chain.fault}")
    first, lost_to = min(found.astray)[0], max(found.astray)[0]
    standing = [seq for seq, _ in found.held if seq < first]
    begin = max(standing, default=0) if anchor is None else anchor
    if begin not in (0, *standing):
        raise ConfigurationError(
            f"no anchor holds for entry {begin} before entry {first}, where this log first differs; leave --anchor out "
            f"to begin from {max(standing, default=0)}"
        )
    lost = sorted({_name(each) for each in found.astray})
    details = {"reason": reason, "anchor": begin, "lost_to": lost_to, "lost": lost}
    entry = append(db, keyring, at=now, actor=by, deed=RESTORED, subject="audit", details=details)
    return Restore(entry.seq, now, by, reason, begin, lost_to)


def _unlike(keyring: Keyring, walk: _Walk, entry: AuditEntry) -> str | None:
    if entry.seq != walk.last + 1:
        return f"entry {walk.last + 1} is missing"
    return None if digest(keyring, walk.mac, entry) == entry.mac else f"entry {entry.seq} was changed"


def _lost(astray: Iterable[Anchor], last: int) -> str | None:
    changed = [seq for seq, _ in astray if seq <= last]
    if changed:
        return f"entry {min(changed)} is not the one that was anchored"
    cut = [seq for seq, _ in astray]
    return f"the log ends at {last}, entry {max(cut)} was anchored: its tail was cut off" if cut else None


def _name(anchor: Anchor) -> str:
    return f"{anchor[0]}:{anchor[1][:DIGITS]}"
