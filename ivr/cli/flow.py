"""python -m ivr flow: prove, test, draw, publish and roll back flows."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ivr import clock
from ivr.calls import bundles as published
from ivr.calls.models import PublishedBundle
from ivr.calls.sources import TRANSCRIPT, needing_restart, read_sources, strays
from ivr.cli.installation import ROOT, Installation
from ivr.config import read_settings
from ivr.db import schema
from ivr.engine import closing, proofs
from ivr.engine.bundle import Bundle
from ivr.engine.diagram import mermaid
from ivr.engine.findings import FlowFaults, near
from ivr.engine.proofs import budgets
from ivr.engine.schema import flow_schema_text
from ivr.engine.sources import Sources, build
from ivr.engine.transcripts import Coverage, Result, play_text
from ivr.errors import ConfigurationError, DatabaseOutdated, IvrError
from ivr.services.registry import catalogue

SCHEMA = Path("docs") / "flow.schema.json"
Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str]) -> int:
    """Run one of the flow commands; 1 says that something is wrong and was explained."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr flow",
        description="Prove, test, draw, publish and roll back the flows of flows/ and the prompts of prompts/.",
        epilog="example: python -m ivr flow check",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (run, what, example) in _COMMANDS.items():
        each = commands.add_parser(name, help=what, description=what, epilog=f"example: python -m ivr flow {example}")
        each.set_defaults(command=run)
        _options(each, name)
    if not argv:
        parser.print_help()
        return 2
    given = parser.parse_args(argv)
    command: Command = given.command
    try:
        return command(given)
    except (IvrError, SQLAlchemyError, BrokenPipeError):  # explained where all commands are
        raise
    except OSError as error:
        raise ConfigurationError(f"{error.filename or 'a file'}: {error.strerror or error}") from error
    except Exception as error:
        raise ConfigurationError(_unforeseen(error)) from error


def _unforeseen(error: Exception) -> str:
    """A fault of the program, in one line that whoever mends it can use."""
    *_, last = traceback.extract_tb(error.__traceback__)
    place = f"{Path(last.filename).name}:{last.lineno}"
    return f"the program itself broke at {place}: {type(error).__name__}: {error}; report this line with the folder"


def _options(parser: argparse.ArgumentParser, name: str) -> None:
    if name in ("check", "test", "publish", "diagram"):
        parser.add_argument("--root", type=Path, default=ROOT, help="the folder of config.yaml, flows/ and prompts/")
    if name in ("publish", "rollback"):
        parser.add_argument("--by", default=os.environ.get("USER", "operations"), help="who does it (%(default)s)")
        parser.add_argument("--reason", default="", help="why, for the history")
    if name == "diagram":
        parser.add_argument("flow", help="the flow to draw")
    if name == "test":
        parser.add_argument("flows", nargs="*", help="only these flows")
        parser.add_argument("--missing", action="store_true", help="name what no call shows yet")


def _load(root: Path) -> tuple[Sources, Bundle]:
    sources = read_sources(root, read_settings(root / "config.yaml"))
    try:
        return sources, build(sources, catalogue())
    except FlowFaults as faults:
        raise FlowFaults([*faults.findings, *strays(root)]) from faults


def _proven(root: Path) -> tuple[Sources, Bundle]:
    """Sources and their bundle; raises `FlowFaults` with every finding."""
    sources, bundle = _load(root)
    findings = [*proofs.check(bundle, progress=_progress), *strays(root, bundle.flows)]
    if findings:
        raise FlowFaults(findings)
    return sources, bundle


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[Kproving {what} ..." if what else "\r\033[K", end="", file=sys.stderr, flush=True)


def _warn(bundle: Bundle) -> None:
    """Print what is told and never refused."""
    for warning in closing.warnings(bundle, clock.now().astimezone(bundle.zone).date()):
        print(f"warning: {warning}")


def _told(faults: FlowFaults) -> int:
    for line in faults.told:
        print(line)
    count = len(faults.findings)
    print(f"{count} {'thing' if count == 1 else 'things'} to mend", file=sys.stderr)
    return 1


def check(given: argparse.Namespace) -> int:
    """Print everything that is wrong, or that there is nothing."""
    try:
        _, bundle = _proven(given.root)
    except FlowFaults as faults:
        return _told(faults)
    _warn(bundle)
    steps = sum(len(flow.steps) for flow in bundle.flows.values())
    prompts = len(bundle.prompts[bundle.languages[0]].prompts)
    languages = len(bundle.languages)
    for line in budgets.report(bundle):
        print(line)
    print(f"{len(bundle.flows)} flows, {steps} steps, {prompts} prompts in {languages} languages: nothing to mend")
    return 0


def publish(given: argparse.Namespace) -> int:
    """Prove the folder, then let new calls run on it."""
    try:
        sources, bundle = _proven(given.root)
    except FlowFaults as faults:
        return _told(faults)
    _warn(bundle)
    installation = Installation.here()
    if schema.present(installation.database) != schema.newest():
        raise DatabaseOutdated
    with installation.database.begin() as connection:
        before = published.current(connection)
        replaced = published.sources_of(connection, before)
        digest = published.publish(connection, installation.keyring, sources, clock.now(), given.by, given.reason)
    if before == digest:
        print(f"new calls run on {digest} already; nothing was changed")
    else:
        print(
            f"new calls run on {digest}"
            + (f" (before: {before}); python -m ivr flow rollback undoes it" if before else "")
        )
    _tell_restart([] if replaced is None else needing_restart(replaced, sources))
    return 0


def _tell_restart(places: Sequence[str]) -> None:
    """What running processes do not take up by themselves."""
    if places:
        print(f"restart every process for {', '.join(places)} of config.yaml: they read these when they start")
    else:
        print("nothing needs a restart: flows, prompts, hours, holidays, queues, routing and billers are of the bundle")


def rollback(given: argparse.Namespace) -> int:
    """Let new calls run on the bundle before the present one."""
    installation = Installation.here()
    with installation.database.look() as transaction:
        connection = transaction.connection
        digest = published.previous(connection)
        text = connection.scalar(select(PublishedBundle.sources).where(PublishedBundle.hash == digest))
        if digest is None or text is None:
            raise ConfigurationError("there is no earlier bundle to go back to; see: python -m ivr flow history")
    sources = Sources.load(text)
    build(sources, catalogue())  # one that this program cannot run any more must not become the present one
    with installation.database.begin() as connection:
        if published.previous(connection) != digest:
            raise ConfigurationError("another publication came between; see: python -m ivr flow history")
        published.publish(connection, installation.keyring, sources, clock.now(), given.by, given.reason or "rollback")
    print(f"new calls run on {digest} again; calls under way stay on theirs")
    return 0


def history(_given: argparse.Namespace) -> int:
    """Print what was published when, the newest first."""
    installation = Installation.here()
    zone = installation.settings.bank.zone
    with installation.database.begin(durable=False) as connection:
        rows = published.history(connection)
    for number, row in enumerate(rows):
        mark = "*" if number == 0 else " "
        print(f"{mark} {row.at.astimezone(zone):%Y-%m-%d %H:%M}  {row.bundle}  {row.by:12} {row.reason}".rstrip())
    if not rows:
        print("nothing was published yet; python -m ivr flow publish")
    return 0


def write_schema(_given: argparse.Namespace) -> int:
    """Write docs/flow.schema.json."""
    (ROOT / SCHEMA).write_text(flow_schema_text(), encoding="utf-8")
    print(f"wrote {SCHEMA}")
    return 0


def diagram(given: argparse.Namespace) -> int:
    """Print a flow as a Mermaid diagram."""
    _, bundle = _load(given.root)
    if given.flow not in bundle.flows:
        raise ConfigurationError(f"there is no flow '{given.flow}'; {near(given.flow, bundle.flows)}")
    print(mermaid(bundle, given.flow))
    return 0


def test(given: argparse.Namespace) -> int:
    """Play the transcripts beside the flows and print what they cover."""
    _, bundle = _load(given.root)
    unknown = [name for name in given.flows if name not in bundle.flows]
    if unknown:
        raise ConfigurationError(f"there is no flow '{unknown[0]}'; {near(unknown[0], bundle.flows)}")
    names = given.flows or sorted(bundle.flows)
    coverage, failed, calls = Coverage(bundle), 0, 0
    unread = [] if given.flows else strays(given.root, bundle.flows)
    for stray in unread:
        print(stray)
    for name in names:
        for result in _played(bundle, given.root / "flows" / f"{name}{TRANSCRIPT}"):
            calls += 1
            coverage.add(result.trail)
            if result.problem:
                failed += 1
                print(f"{result.file}:{result.line}: {result.name}: {result.problem}")
    for place, what in (each for name in names for each in coverage.missing(name) if given.missing):
        print(f"no call shows {place}: {what}")
    print(coverage.table(names))
    print(f"{calls} {'call' if calls == 1 else 'calls'}, {f'{failed} failed' if failed else 'all as written'}")
    return 1 if failed or unread else 0


def _played(bundle: Bundle, path: Path) -> list[Result]:
    """The calls of a transcript file; none where there is no such file."""
    if not path.exists():
        return []
    return play_text(bundle, f"flows/{path.name}", path.read_text(encoding="utf-8", errors="surrogateescape"))


_COMMANDS: dict[str, tuple[Command, str, str]] = {
    "check": (check, "Prove the flows: print everything that is wrong with them, where, and what to do.", "check"),
    "test": (test, "Play the transcripts flows/<flow>.test.yaml and print what they cover.", "test bills"),
    "publish": (publish, "Prove the flows and let new calls run on them.", "publish --reason 'new greeting'"),
    "rollback": (
        rollback,
        "Let new calls run on the bundle before the present one.",
        "rollback --reason 'wrong limit'",
    ),
    "history": (history, "What was published when, and by whom; * marks the present one.", "history"),
    "schema": (write_schema, "Write docs/flow.schema.json, which completes flows in an editor.", "schema"),
    "diagram": (diagram, "Print a flow as a Mermaid diagram.", "diagram bills"),
}
