"""Verifying the audit log: each entry follows from the one before it, and every anchor is still there.

A database that was restored from a backup has lost the entries since then, and with them what their anchors stand for.
So a restore is stated in the log itself (`restored`): its entry names the anchors that were lost, which are excused.
Whatever does not follow after it shows as before; the statement cannot be made, changed or taken back without the key.
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
DIGITS = 16  # of a lost anchor's digest that are named: enough that no other fits by chance


@dataclass(frozen=True, slots=True)
class Restore:
    """A restore that the log states: its entry, when, by whom, why, the anchor it began from, the last entry lost."""

    seq: int
    at: datetime
    by: str
    reason: str
    anchor: int
    lost_to: int


@dataclass(frozen=True)
class Reading:
    """What a walk through the log found. `held` anchors are answered by their entries; `astray` ones by none."""

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


def read(db: Session, keyring: Keyring, anchors: Sequence[Anchor] = ()) -> Reading:
    """Walk through the log and hold it against what was anchored outside."""
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
    return Reading(fault or _lost(astray, walk.last), walk.last, held, astray, tuple(walk.restores))


def verify(db: Session, keyring: Keyring, anchors: Sequence[Anchor] = ()) -> str | None:
    """None when the log is whole; else what is wrong."""
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
    """State that the log was restored from a backup: from which anchor on (None: the newest that still holds), and why.

    `ConfigurationError` where there is nothing to state, or where more is wrong than a restore explains.
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
