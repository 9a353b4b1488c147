"""python -m ivr flow: check, test, draw, publish and roll back flows."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ivr.calls.publishing.folder import check_folder
from ivr.calls.publishing.sources import TRANSCRIPT, strays
from ivr.cli.output import print_findings, proven, say, warn
from ivr.cli.publishing import history, publish, rollback
from ivr.engine.bundle import Bundle
from ivr.engine.checks import budgets
from ivr.engine.compile.prompts_schema import prompts_schema_text
from ivr.engine.compile.schema import flow_schema_text
from ivr.engine.diagram import mermaid
from ivr.engine.findings import FlowFaults, suggestion
from ivr.engine.transcripts import Coverage, Result, play_text
from ivr.foundation.config import SettingsFaults
from ivr.foundation.config.schema import config_schema_text
from ivr.foundation.errors import ConfigurationError, IvrError
from ivr.foundation.messages import LANGUAGES, Message, in_language, language_of, message
from ivr.installation import ROOT

SCHEMAS = {
    Path("docs") / "flow.schema.json": flow_schema_text,
    Path("docs") / "prompts.schema.json": prompts_schema_text,
    Path("docs") / "config.schema.json": config_schema_text,
}
Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str]) -> int:
    """Run one of the flow commands; 1 for an error, with an explanation."""
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
    except (SQLAlchemyError, BrokenPipeError):  # handled in `main` for all commands
        raise
    except IvrError as error:
        return _explained(error, given.language)
    except OSError as error:
        words = message("{file}: {why}", file=error.filename or message("a file"), why=error.strerror or error)
        return _explained(ConfigurationError(words), given.language)
    except Exception as error:  # noqa: BLE001 - an author gets one line, to be reported
        return _explained(ConfigurationError(_unforeseen(error)), given.language)


def _explained(error: IvrError, language: str) -> int:
    """Print an error; returns the exit status."""
    told = error.to_lines(language) if isinstance(error, FlowFaults | SettingsFaults) else [error.args[0]]
    print(f"flow: {in_language(told[0], language)}", *told[1:], sep="\n", file=sys.stderr)
    return 1


def _unforeseen(error: Exception) -> Message:
    """A bug of the program, in one line for a report."""
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


def _load(root: Path) -> Bundle:
    """The bundle of a folder, unchecked; raises `FlowFaults` when it cannot be built."""
    checked = check_folder(root, prove=False)
    if checked.bundle is None or checked.findings:
        raise FlowFaults(checked.findings)
    return checked.bundle


def check(given: argparse.Namespace) -> int:
    """Print all findings, or that there are none."""
    try:
        _, bundle = proven(given)
    except FlowFaults as faults:
        return print_findings(faults, given)
    warn(bundle, given)
    for line in budgets.report(bundle):
        say(given, line)
    words = message(
        "{flows} flows, {steps} steps, {prompts} prompts in {languages} languages: nothing to mend",
        flows=len(bundle.flows), steps=sum(len(flow.steps) for flow in bundle.flows.values()),
        prompts=len(bundle.prompts[bundle.languages[0]].prompts), languages=len(bundle.languages),
    )  # fmt: skip
    say(given, words)
    return 0


def write_schema(given: argparse.Namespace) -> int:
    """Write the schemas in docs/."""
    for path, text in SCHEMAS.items():
        (ROOT / path).write_text(text(), encoding="utf-8")
        say(given, message("wrote {path}", path=path))
    return 0


def diagram(given: argparse.Namespace) -> int:
    """Print a flow as a Mermaid diagram."""
    bundle = _load(given.root)
    _known_flow(bundle, given.flow)
    print(mermaid(bundle, given.flow))
    return 0


def _known_flow(bundle: Bundle, name: str) -> None:
    if name not in bundle.flows:
        words = message("there is no flow '{name}'; {remedy}", name=name, remedy=suggestion(name, bundle.flows))
        raise ConfigurationError(words)


def test(given: argparse.Namespace) -> int:
    """Run the transcripts and print their coverage."""
    bundle = _load(given.root)
    for name in given.flows:
        _known_flow(bundle, name)
    names = given.flows or sorted(bundle.flows)
    coverage, failed, calls = Coverage(bundle), 0, 0
    unread = [] if given.flows else strays(given.root, bundle.flows)
    for stray in unread:
        print(stray.to_line(given.language))
    for name in names:
        for result in _played(bundle, given.root / "flows" / f"{name}{TRANSCRIPT}"):
            calls += 1
            coverage.add(result.trail)
            if result.problem:
                failed += 1
                print(f"{result.file}:{result.line}: {result.name}: {in_language(result.problem, given.language)}")
    for place, what in (each for name in names for each in coverage.missing(name) if given.missing):
        say(given, message("no call shows {place}: {what}", place=place, what=what))
    print(coverage.table(names))
    say(given, _count(calls, failed))
    return 1 if failed or unread else 0


def _count(calls: int, failed: int) -> Message:
    played = message("{calls} calls", calls=calls) if calls != 1 else message("1 call")
    if failed:
        return message("{played}, {failed} failed", played=played, failed=failed)
    return message("{played}, all as written", played=played)


def _played(bundle: Bundle, path: Path) -> list[Result]:
    """The results of a transcript file; empty when there is no such file."""
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
