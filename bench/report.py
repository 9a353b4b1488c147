"""Writes docs/benchmarks.md from a run."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("Flask", "Werkzeug", "gunicorn", "SQLAlchemy", "twilio", "psycopg", "argon2-cffi")


LOAD = "of these about 2 are the bench; above 0.5 before it, other programs ran beside it and raised every p99"
METHOD = """\
## How it is measured

- Every server is gunicorn with one gthread worker of 32 threads and `gunicorn.conf.py`, pinned to one core, the same
  for every contender; the callers are on another core: eight connections, kept alive, each with its next turn sent
  when the last was answered. PostgreSQL is not pinned. DBOS runs without `gunicorn.conf.py` in its own environment.
- A caller walks a call of ten turns: greeting, language, menu, services near and far in the bundle, a silence, a wrong
  key. Requests bear the 25 to 27 fields that Twilio sends and its signature, computed by the callers. The first walk
  checks every text against the script; from then on every answer must equal that one byte for byte, or the run ends
  with an error. So a figure in the table stands for zero errors.
- *Durable signed turn*: signature, account, form, the call's row locked, the sealed session opened, the flow's steps,
  the answer sealed and stored under (call, turn), commit, TwiML. SQLite in WAL with synchronous NORMAL, PostgreSQL
  with synchronous_commit off: a power cut may lose such a turn, never tear it. Turns that move money, change security,
  prove who is calling or store a contact commit with FULL, or on; the rows named so commit every turn that way.
- *Stateless unsigned menu*: `bench/menu.py`, Flask and `twilio.twiml` as Twilio's tutorials teach it, the same texts,
  hints and voices, the place in the URL.
- *DBOS*: `bench/dbos_turns.py`, that same menu with each turn as a workflow of one step, in its default configuration.
- Bundles of many steps are generated (`bench/bundles.py`): a ring of services of two steps, 25 a file; the walk goes
  to the first, the middle and the last. They skip the proofs, which authors wait for and callers do not.
- Past calls have six turns each; one in twenty still has its session and its answers, as after three weeks with
  answers erased a day after a call. Their keys lie evenly between those of new calls.
- *Cost* is processor time of the server for a turn, *time* is the inverse of turns a second.
- At human pace a turn is due when its caller is ready, and its latency counts from then, also while no connection was
  free. Password hashing: {hashing}.
- *Wallboards*: 200 streams of the staff pages, in a process of its own at nice 10 on the callers' core; each second a
  deed changes what they show, and each board that hears of it fetches its page anew, four at a time. Without and with
  them are measured in turn, on calls of their own; a program at nice 19 keeps the callers' core awake in both.
- *The journal of calls*: 100,000 calls of a month, two in three queued and of those four in five answered by one of
  60 agents; each search is the query behind a page of 200 lines, or behind the numbers over it, in the process itself;
  medians with a warm cache. The numbers of the whole month are told beside them, without a target.
- *Distribution*: twenty queues, agents with three skills each, in memory; then a whole round on a database, read,
  decided, and each offer reserved in a transaction of its own.
- Not measured: the provider's own delay, TLS, a proxy in front, more than one worker, a network between the hotline
  and its database.
"""


@dataclass(frozen=True)
class Row:
    """One row of the table; `met` is None without a target."""

    what: str
    measured: str
    target: str
    met: bool | None
    note: str = ""


def times(spread: tuple[float, float, float], digits: int = 2) -> str:
    """A median with the lowest and the highest round."""
    return f"**{spread[0]:.{digits}f}** ({spread[1]:.{digits}f}-{spread[2]:.{digits}f})"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


@dataclass(frozen=True)
class Run:
    """The time and the conditions of a run."""

    began: datetime
    minutes: float
    quick: bool
    rounds: int
    load: float
    hashing: str
    skipped: Sequence[str]


def machine() -> str:
    """Processor, memory and operating system, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"


def write(path: Path, run: Run, rows: Sequence[Row]) -> None:
    """Write the report."""
    answers = {True: "met", False: "**missed**", None: ""}
    table = "\n".join(
        f"| {row.what} | {row.measured} | {row.target} | {answers[row.met]} | {row.note} |" for row in rows
    )
    missed = [row for row in rows if row.met is False]
    verdict = "Every target was met." if not missed else "Missed: " + "; ".join(
        f"{row.what}, {row.measured.replace('*', '')}, wanted {row.target}" for row in missed
    ) + "."  # fmt: skip
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    skipped = f"\nLeft out of this run: {', '.join(run.skipped)}.\n" if run.skipped else ""
    path.write_text(f"""\
# Benchmarks

Written by `make bench` itself; do not edit. To repeat: `make bench`, or `python -m bench --quick` for a short run.

| | |
|---|---|
| date | {run.began:%Y-%m-%d %H:%M} UTC, {run.minutes:.0f} minutes{" (--quick)" if run.quick else ""} |
| machine | {machine()} |
| load average before and after | {run.load:.1f}, {os.getloadavg()[0]:.1f} ({LOAD}) |
| versions | Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages} |

{verdict}
{skipped}
## Results

Ratios are medians of the ratios of {run.rounds} interleaved rounds, with the lowest and the highest round in brackets.

| what | measured | wanted | | figures |
|---|---|---|---|---|
{table}

{METHOD.format(hashing=run.hashing)}""")
