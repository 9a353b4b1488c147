"""python -m bench: measure, and write docs/benchmarks.md."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import boards, busy, cases, distribution, durable, floor, journal, pacing, report
from bench.context import Bench
from bench.servers import CALLER_CORE, ROOT
from ivr.foundation.config import read_settings

EXAMPLE = """\
examples:
  python -m bench                 everything, about 15 minutes, written to docs/benchmarks.md
  python -m bench --quick         about three minutes, three rounds, without the million past calls
  python -m bench turn steps      these cases alone; nothing is written
"""
CASES = {
    "turn": cases.turn,
    "steps": cases.steps,
    "long": cases.long_calls,
    "past": cases.past_calls,
    "pace": pacing.pace,
    "busy": busy.busy,
    "postgres": durable.on_postgres,
    "boards": boards.boards,
    "distribution": distribution.distribution,
    "floor": floor.floor,
    "journal": journal.journals,
}


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the hotline against what else answers Twilio, on one core with one worker.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"one of {', '.join(CASES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, no million past calls")
    given = parser.parse_args(argv)
    unknown = [name for name in given.cases if name not in CASES]
    if unknown:
        parser.error(f"there is no case '{unknown[0]}'; cases are {', '.join(CASES)}")
    return given


def _bench(quick: bool, began: float) -> Bench:
    folder = Path(tempfile.mkdtemp(prefix="hotline-bench-", dir="/var/tmp"))
    folder.chmod(0o755)  # PostgreSQL's own user must reach its data

    def say(words: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {words}", flush=True)

    if quick:
        return Bench(folder, 3, 1.0, (10, 1000), (0, 100_000), say)
    return Bench(folder, 7, 2.0, (10, 1000, 10_000), (0, 100_000, 1_000_000), say)


def main(argv: Sequence[str]) -> int:
    """Run the cases; 0 when they ran, whether or not targets were met."""
    given = _arguments(argv)
    began, load = time.monotonic(), os.getloadavg()[0]
    date = datetime.now(UTC)
    bench = _bench(given.quick, began)
    os.sched_setaffinity(0, {CALLER_CORE})
    rows: list[report.Row] = []
    try:
        for name in given.cases or CASES:
            bench.say(f"== {name}: {CASES[name].__doc__}")
            found = CASES[name](bench)
            rows += found
            for row in found:
                bench.say(f"{row.what}: {row.measured} {row.target and f'(wanted {row.target})'}")
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)
    if given.cases:
        return 0
    rules = read_settings(ROOT / "config.yaml").verification.hashing
    hashing = (
        f"Argon2id, {rules.memory_kib:,} KiB, {rules.passes} passes, {rules.lanes} lane, "
        f"at most {rules.at_once} at a time in a process, on a thread of nice 10, by one of nice 0 after 0.1 s"
    )
    skipped = ("10,000 steps", "1,000,000 past calls") if given.quick else ()
    minutes = (time.monotonic() - began) / 60
    path = ROOT / "docs" / "benchmarks.md"
    report.write(path, report.Run(date, minutes, given.quick, bench.rounds, load, hashing, skipped), rows)
    bench.say(f"written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
