"""The hotline on PostgreSQL compared with DBOS, a library for durable workflows."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from bench import calls, databases
from bench.context import SERVICES, Bench
from bench.postgres import new_database, postgres
from bench.report import Row, times
from bench.rounds import Contender, interleaved
from bench.servers import ROOT, serving


def on_postgres(bench: Bench) -> list[Row]:
    """The hotline on PostgreSQL compared with DBOS, one workflow step per turn, on the same database server."""
    walk = calls.information(SERVICES)
    python = dbos_python(bench)
    with ExitStack() as stack:
        sockets = stack.enter_context(postgres(bench.folder / "postgres"))
        contenders = {}
        for name, application in (("hotline", "product"), ("hotline on", "product_full")):
            settings = databases.environment(new_database(sockets, application))
            databases.prepare(settings, 10)
            contenders[name] = bench.contender(stack, f"bench.contenders:{application}()", settings, walk)
        if python:
            log, settings = bench.folder / "servers.log", {"DBOS_URL": new_database(sockets, "dbos")}
            server = stack.enter_context(serving("bench.dbos_turns:turns()", settings, log, python, "/dev/null"))
            contenders["DBOS"] = Contender(server, calls.plan(server.port, walk))
        result = interleaved(contenders, bench.rounds, bench.seconds, bench.say)
    rates = ", ".join(f"{name} {result.rate(name):.0f}/s" for name in contenders)
    same = times(result.ratio("hotline on", "hotline"))
    rows = [Row("PostgreSQL: every turn with synchronous_commit on / as shipped", same, "", None, rates)]
    if python:
        quick, full = result.ratio("hotline", "DBOS"), result.ratio("hotline on", "DBOS")
        what = "PostgreSQL: durable signed turn / DBOS workflow of one step"
        rows = [
            Row(what, times(quick, 1), ">= 3", quick[0] >= 3, rates),
            Row(f"{what}, both with synchronous_commit on", times(full, 1), "", None),
            *rows,
        ]
    return rows


def dbos_python(bench: Bench) -> str | None:
    """A Python interpreter with DBOS and the packages of this one; None when it cannot be installed."""
    home = ROOT / "var" / "bench" / "dbos"
    python = home / "bin" / "python"
    try:
        if not python.exists():
            bench.say("installing DBOS into var/bench/dbos")
            subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=120)  # noqa: S603 - ours
            pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "dbos"]
            subprocess.run(pip, check=True, timeout=300)  # noqa: S603 - ours
        here = next(Path(each) for each in sys.path if each.endswith("site-packages"))
        there = next(home.glob("lib/python*/site-packages"))
        (there / "hotline.pth").write_text(f"{here}\n")
    except (subprocess.SubprocessError, OSError) as error:
        bench.say(f"DBOS cannot be installed here ({error}); going on without it")
        return None
    return str(python)
