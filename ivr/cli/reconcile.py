"""python -m ivr reconcile: check the books for consistency."""

import argparse
from collections.abc import Sequence

from ivr.bank.tasks import reconcile
from ivr.foundation import clock
from ivr.installation import opened


def main(argv: Sequence[str]) -> int:
    """Print every fault; 0 when there is none."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr reconcile",
        description="Hold balances, entries, paid bills, orders and passwords against each other and against what was "
        "written: every fault is a line. Reads only; the worker does the same once a day.",
        epilog="example: python -m ivr reconcile",
    )
    parser.parse_args(argv)
    with opened() as installation:
        found = reconcile(installation.database, installation.keyring, clock.now())
    for fault in found:
        print(fault)
    if found:
        print(f"{len(found)} {'fault' if len(found) == 1 else 'faults'} in the books")
        return 1
    print("the books agree")
    return 0
