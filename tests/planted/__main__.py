"""python -m tests.planted: plant each bug in a copy of the project, see its tests turn red, write docs/planted-bugs.md.

With names (parts of them) only these bugs are planted, and nothing is written. Exit status 1 where a bug survived or
could not be planted. The tests run on SQLite, as make test does, and once before anything is planted: a test that is
red anyway catches nothing. With --postgres they run on PostgreSQL, as make check-all does, and nothing is written: a
bug "has no test" there where no database takes part.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.planted.bugs import Bug, read_bugs

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".hypothesis", ".*_cache", "*.wav")
WAIT_SECONDS = 300
ALL_SECONDS = 1800  # for the tests of every bug together, before anything is planted
RED, GREEN, NO_TEST = 1, 0, 5
ON = {"SQLite": ("-k", "not postgres"), "PostgreSQL": ("-k", "postgres", "-m", "")}
Row = tuple[Bug, str, float]  # what became of it, and after how many seconds


def _pytest(copy: Path, tests: Sequence[str], database: str) -> int:
    """pytest's exit status; a run that never ends is red, for it is no green one."""
    options = ["-x", "-q", "-p", "no:cacheprovider", *ON[database]]
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=copy, env={**os.environ, "PYTHONPATH": ""}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=WAIT_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return RED
    return ran.returncode


def _red_before(copy: Path, tests: Sequence[str], database: str) -> str:
    """What pytest says of tests that are red before anything is planted; empty where they are green."""
    options = ["-q", "-n", "2", "--dist", "worksteal", "-p", "no:cacheprovider", *ON[database]]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=copy, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, text=True, timeout=ALL_SECONDS,
        check=False,
    )  # fmt: skip
    return "" if ran.returncode in (GREEN, NO_TEST) else "\n".join(ran.stdout.splitlines()[-20:])


def _write(path: Path, text: str) -> None:
    """What Python compiled of the file before is dropped: by size and second it may look the same."""
    path.write_text(text, encoding="utf-8")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()


def _plant(copy: Path, bug: Bug, database: str) -> str:
    """caught, survived, did not apply (its text is not there once), has no test (on this database), or did not run."""
    if not bug.is_there(copy):
        return "did not apply"
    path = copy / bug.file
    sound = path.read_text(encoding="utf-8")
    _write(path, sound.replace(bug.before, bug.after))
    status = _pytest(copy, bug.tests, database)
    _write(path, sound)
    return {RED: "caught", GREEN: "survived", NO_TEST: "has no test"}.get(status, "did not run")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _tried(copy: Path, bugs: Sequence[Bug], database: str) -> list[Row]:
    rows: list[Row] = []
    for bug in bugs:
        began = time.monotonic()
        found = _plant(copy, bug, database)
        rows.append((bug, found, time.monotonic() - began))
        _say(f"{found:13}  {rows[-1][2]:4.0f} s  {bug.bug}")
    return rows


def _report(rows: Sequence[Row]) -> str:
    caught = sum(found == "caught" for _, found, _ in rows)
    lines = [
        "# Planted bugs",
        "",
        "Written by `make planted` itself; do not edit. "
        "Each bug of `tests/planted/bugs.yaml` is planted alone in a copy",
        "of the project; *caught* means that one of its tests turned red, which is green without it.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {caught} of {len(rows)} caught, on SQLite.",
        "",
        "| where | bug | file | result |",
        "|---|---|---|---|",
    ]
    lines += [f"| {bug.room} | {bug.bug} | `{bug.file}` | {found} |" for bug, found, _ in rows]
    return "\n".join([*lines, ""])


def main(words: Sequence[str]) -> int:
    """Plant them all, or those named."""
    database = "PostgreSQL" if "--postgres" in words else "SQLite"
    names = [word for word in words if word != "--postgres"]
    bugs = [bug for bug in read_bugs() if not names or any(name in bug.bug for name in names)]
    tests = sorted({test for bug in bugs for test in bug.tests})
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(shutil.copytree(ROOT, Path(folder) / "project", ignore=LEFT_OUT))
        if not bugs:
            _say("there is no such bug; without a name all of tests/planted/bugs.yaml are planted")
            return 1
        if red := _red_before(copy, tests, database):
            _say(f"{red}\nthese tests are red before anything is planted, so they would catch nothing")
            return 1
        rows = _tried(copy, bugs, database)
    if not words:
        (ROOT / "docs" / "planted-bugs.md").write_text(_report(rows), encoding="utf-8")
    fine = {"caught", "has no test"} if database == "PostgreSQL" else {"caught"}
    return int(any(found not in fine for _, found, _ in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
