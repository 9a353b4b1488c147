"""The audit log's head, written down outside the database, so that a tail that was cut off shows."""

from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from ivr.audit import log as audit
from ivr.audit.log import Anchor

FILE = "audit.anchors"
LOG = structlog.get_logger("ivr.audit")


def keep(rows: Session, file: Path, now: datetime) -> None:
    """Append the head to the file and to the log stream, where it moved since the last time."""
    seq, mac = audit.head(rows)
    kept = read(file)
    if seq == 0 or (kept and kept[-1] == (seq, mac)):
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="ascii") as stream:
        stream.write(f"{now.isoformat(timespec='seconds')} {seq} {mac}\n")
    LOG.info("audit log anchored", seq=seq, mac=mac)


def read(file: Path) -> list[Anchor]:
    """Every anchor of a file, oldest first; lines that are none are passed over."""
    if not file.exists():
        return []
    rows = [line.split() for line in file.read_text(encoding="ascii", errors="replace").splitlines()]
    return [(int(row[1]), row[2]) for row in rows if len(row) == 3 and row[1].isdecimal()]
