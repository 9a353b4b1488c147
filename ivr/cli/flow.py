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
from ivr.calls.folder import check_folder
from ivr.calls.models import PublishedBundle
from ivr.calls.sources import TRANSCRIPT, needing_restart, strays
from ivr.cli.installation import ROOT, Installation
from ivr.config import SettingsFaults
from ivr.config.schema import config_schema_text
from ivr.db import schema
from ivr.engine import closing
from ivr.engine.bundle import Bundle
from ivr.engine.diagram import mermaid
from ivr.engine.findings import FlowFaults, near
from ivr.engine.prompts_schema import prompts_schema_text
from ivr.engine.proofs import budgets
from ivr.engine.schema import flow_schema_text
from ivr.engine.sources import Sources, build
from ivr.engine.transcripts import Coverage, Result, play_text
from ivr.errors import ConfigurationError, DatabaseOutdated, IvrError
from ivr.messages import LANGUAGES, Message, in_language, language_of, message
from ivr.services.registry import catalogue

SCHEMAS = {
    Path("docs") / "flow.schema.json": flow_schema_text,
    Path("docs") / "prompts.schema.json": prompts_schema_text,
    Path("docs") / "config.schema.json": config_schema_text,
}
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
    except (SQLAlchemyError, BrokenPipeError):  # explained where all commands are
        raise
    except IvrError as error:
        return _explained(error, given.language)
    except OSError as error:
        words = message("{file}: {why}", file=error.filename or message("a file"), why=error.strerror or error)
        return _explained(ConfigurationError(words), given.language)
    except Exception as error:  # noqa: BLE001 - an author gets one line, which whoever mends it can use
        return _explained(ConfigurationError(_unforeseen(error)), given.language)


def _explained(error: IvrError, language: str) -> int:
    """Say what keeps a command from its work."""
    told = error.told(language) if isinstance(error, FlowFaults | SettingsFaults) else [error.args[0]]
    print(f"flow: {in_language(told[0], language)}", *told[1:], sep="\n", file=sys.stderr)
    return 1


def _unforeseen(error: Exception) -> Message:
    """A fault of the program, in one line that whoever mends it can use."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return message(
        "the program itself broke at {place}: {kind}: {error}; report this line with the folder",
        place=f"{Path(last.filename).name}:{last.lineno}", kind=type(error).__name__, error=error,
    )  # fmt: skip


def _options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument(
        "--language", choices=LANGUAGES, default=language_of(os.environ),
        help="the language of what is told, %(choices)s; else that of the locale (%(default)s)",
    )  # fmt: skip
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


def _say(given: argparse.Namespace, words: Message) -> None:
    print(in_language(words, given.language))


def _load(root: Path) -> Bundle:
    """The bundle of a folder, not proven; raises `FlowFaults` where it cannot be built."""
    checked = check_folder(root, prove=False)
    if checked.bundle is None or checked.findings:
        raise FlowFaults(checked.findings)
    return checked.bundle


def _proven(given: argparse.Namespace) -> tuple[Sources, Bundle]:
    """Sources and their bundle; raises `FlowFaults` with every finding."""
    checked = check_folder(given.root, progress=lambda what: _progress(what, given.language))
    if checked.bundle is None or checked.findings:
        raise FlowFaults(checked.findings)
    return checked.sources, checked.bundle


def _progress(what: str, language: str) -> None:
    if sys.stderr.isatty():
        words = in_language(message("proving {what} ...", what=what), language) if what else ""
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)


def _warn(bundle: Bundle, given: argparse.Namespace) -> None:
    """Print what is told and never refused."""
    for warning in closing.warnings(bundle, clock.now().astimezone(bundle.zone).date()):
        _say(given, message("warning: {warning}", warning=warning.told(given.language)))


def _told(faults: FlowFaults, given: argparse.Namespace) -> int:
    for line in faults.told(given.language):
        print(line)
    count = len(faults.findings)
    words = message("{count} things to mend", count=count) if count > 1 else message("1 thing to mend")
    print(in_language(words, given.language), file=sys.stderr)
    return 1


def check(given: argparse.Namespace) -> int:
    """Print everything that is wrong, or that there is nothing."""
    try:
        _, bundle = _proven(given)
    except FlowFaults as faults:
        return _told(faults, given)
    _warn(bundle, given)
    for line in budgets.report(bundle):
        _say(given, line)
    words = message(
        "{flows} flows, {steps} steps, {prompts} prompts in {languages} languages: nothing to mend",
        flows=len(bundle.flows), steps=sum(len(flow.steps) for flow in bundle.flows.values()),
        prompts=len(bundle.prompts[bundle.languages[0]].prompts), languages=len(bundle.languages),
    )  # fmt: skip
    _say(given, words)
    return 0


def publish(given: argparse.Namespace) -> int:
    """Prove the folder, then let new calls run on it."""
    try:
        sources, bundle = _proven(given)
    except FlowFaults as faults:
        return _told(faults, given)
    _warn(bundle, given)
    installation = Installation.here()
    if schema.present(installation.database) != schema.newest():
        raise DatabaseOutdated
    with installation.database.begin() as connection:
        before = published.current(connection)
        replaced = published.sources_of(connection, before)
        digest = published.publish(connection, installation.keyring, sources, clock.now(), given.by, given.reason)
    if before == digest:
        _say(given, message("new calls run on {digest} already; nothing was changed", digest=digest))
    elif before:
        words = message(
            "new calls run on {digest} (before: {before}); python -m ivr flow rollback undoes it",
            digest=digest, before=before,
        )  # fmt: skip
        _say(given, words)
    else:
        _say(given, message("new calls run on {digest}", digest=digest))
    _tell_restart([] if replaced is None else needing_restart(replaced, sources), given)
    return 0


def _tell_restart(places: Sequence[str], given: argparse.Namespace) -> None:
    """What running processes do not take up by themselves."""
    if places:
        words = message(
            "restart every process for {places} of config.yaml: they read these when they start",
            places=", ".join(places),
        )
    else:
        words = message(
            "nothing needs a restart: flows, prompts, hours, holidays, queues, routing and billers are of the bundle"
        )
    _say(given, words)


def rollback(given: argparse.Namespace) -> int:
    """Let new calls run on the bundle before the present one."""
    installation = Installation.here()
    with installation.database.look() as transaction:
        connection = transaction.connection
        digest = published.previous(connection)
        text = connection.scalar(select(PublishedBundle.sources).where(PublishedBundle.hash == digest))
        if digest is None or text is None:
            raise ConfigurationError(
                message("there is no earlier bundle to go back to; see: python -m ivr flow history")
            )
    sources = Sources.load(text)
    build(sources, catalogue())  # one that this program cannot run any more must not become the present one
    with installation.database.begin() as connection:
        if published.previous(connection) != digest:
            raise ConfigurationError(message("another publication came between; see: python -m ivr flow history"))
        published.publish(connection, installation.keyring, sources, clock.now(), given.by, given.reason or "rollback")
    _say(given, message("new calls run on {digest} again; calls under way stay on theirs", digest=digest))
    return 0


def history(given: argparse.Namespace) -> int:
    """Print what was published when, the newest first."""
    installation = Installation.here()
    zone = installation.settings.bank.zone
    with installation.database.begin(durable=False) as connection:
        rows = published.history(connection)
    for number, row in enumerate(rows):
        mark = "*" if number == 0 else " "
        print(f"{mark} {row.at.astimezone(zone):%Y-%m-%d %H:%M}  {row.bundle}  {row.by:12} {row.reason}".rstrip())
    if not rows:
        _say(given, message("nothing was published yet; python -m ivr flow publish"))
    return 0


def write_schema(given: argparse.Namespace) -> int:
    """Write the schemas in docs/."""
    for path, text in SCHEMAS.items():
        (ROOT / path).write_text(text(), encoding="utf-8")
        _say(given, message("wrote {path}", path=path))
    return 0


def diagram(given: argparse.Namespace) -> int:
    """Print a flow as a Mermaid diagram."""
    bundle = _load(given.root)
    _known_flow(bundle, given.flow)
    print(mermaid(bundle, given.flow))
    return 0


def _known_flow(bundle: Bundle, name: str) -> None:
    if name not in bundle.flows:
        words = message("there is no flow '{name}'; {remedy}", name=name, remedy=near(name, bundle.flows))
        raise ConfigurationError(words)


def test(given: argparse.Namespace) -> int:
    """Play the transcripts beside the flows and print what they cover."""
    bundle = _load(given.root)
    for name in given.flows:
        _known_flow(bundle, name)
    names = given.flows or sorted(bundle.flows)
    coverage, failed, calls = Coverage(bundle), 0, 0
    unread = [] if given.flows else strays(given.root, bundle.flows)
    for stray in unread:
        print(stray.told(given.language))
    for name in names:
        for result in _played(bundle, given.root / "flows" / f"{name}{TRANSCRIPT}"):
            calls += 1
            coverage.add(result.trail)
            if result.problem:
                failed += 1
                print(f"{result.file}:{result.line}: {result.name}: {in_language(result.problem, given.language)}")
    for place, what in (each for name in names for each in coverage.missing(name) if given.missing):
        _say(given, message("no call shows {place}: {what}", place=place, what=what))
    print(coverage.table(names))
    _say(given, _count(calls, failed))
    return 1 if failed or unread else 0


def _count(calls: int, failed: int) -> Message:
    played = message("{calls} calls", calls=calls) if calls != 1 else message("1 call")
    if failed:
        return message("{played}, {failed} failed", played=played, failed=failed)
    return message("{played}, all as written", played=played)


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
    "schema": (
        write_schema,
        "Write docs/*.schema.json, which complete the files in an editor.",
        "schema",
    ),
    "diagram": (diagram, "Print a flow as a Mermaid diagram.", "diagram bills"),
}
