"""python -m ivr audit: verify the audit log; record a restore from a backup."""

import argparse
from collections.abc import Sequence

from ivr.db import look, work
from ivr.foundation import clock
from ivr.installation import opened
from ivr.platform.audit import anchors, chain
from ivr.platform.audit import log as audit_log
from ivr.platform.audit.chain import Restore

READ_SECONDS = 900.0  # many millions of entries


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 when the log is intact or the restore was recorded."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr audit",
        description="Verify the chain of the audit log, and that its end was anchored.",
        epilog="example: python -m ivr audit",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    what = "State in the log that the database was restored from a backup, so that what was lost is accounted for."
    restored = commands.add_parser(
        "restored",
        help=what,
        description=what + " Verify first (python -m ivr audit) that nothing else is wrong.",
        epilog="example: python -m ivr audit restored --by zhang.li --reason 'disk failed, backup of 3 March 02:00'",
    )
    restored.add_argument("--by", required=True, help="who restored it")
    restored.add_argument("--reason", required=True, help="why, and from which backup")
    restored.add_argument("--anchor", type=int, help="the last anchored entry of the backup (default: found)")
    given = parser.parse_args(argv)
    if given.command == "restored":
        return _state(given.by.strip(), given.reason.strip(), given.anchor)
    return _verify()


def _verify() -> int:
    """Verify without a lock, so that calls go on."""
    with opened() as installation:
        file, keyring = installation.anchor_file, installation.keyring
        with look(installation.database, READ_SECONDS) as db:
            found = chain.read(db, keyring, anchors.read(file))
            bare = anchors.missing(db, found.held, clock.now())
        zone = installation.settings.bank.zone
    if found.fault is not None:
        print(f"the audit log is broken: {found.fault}")
        if found.astray:
            print("was the database restored from a backup? state it with: python -m ivr audit restored --help")
        return 1
    for each in found.restores:
        print(f"{each.at.astimezone(zone):%Y-%m-%d %H:%M} {_told(each)}")
    if bare is not None:
        print(
            f"the audit log follows, but its tail may have been cut off: {bare} in {file}; was it moved, or does no "
            "worker run here?"
        )
        return 1
    print("the audit log is whole")
    return 0


def _state(by: str, reason: str, anchor: int | None) -> int:
    """Record the restore and anchor it at once, so that its entry cannot be removed unnoticed."""
    with opened() as installation:
        file, keyring, now = installation.anchor_file, installation.keyring, clock.now()
        with work(installation.database) as db:
            stated = chain.restored(db, keyring, anchors.read(file), now, by=by, reason=reason, anchor=anchor)
            head = audit_log.head(db)
        anchors.keep(head, file, now)
    print(_told(stated))
    return 0


def _told(each: Restore) -> str:
    return (
        f"entry {each.seq}: restored by {each.by} ({each.reason}); the backup holds what was anchored up to entry "
        f"{each.anchor}, the log that was lost was anchored up to entry {each.lost_to}"
    )
