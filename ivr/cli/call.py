"""python -m ivr call: call the hotline of a running exchange from the terminal; optionally record a transcript."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from exchange.terminal import TerminalCall, converse
from exchange.terminal_output import HELP
from ivr.foundation.errors import ConfigurationError, FlowFileError


def main(argv: Sequence[str]) -> int:
    """Make a call; keys are typed as lines, or read from a script."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr call",
        description="A telephone in the terminal, for a hotline started with: make run",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"lines, each played when the hotline next waits:\n{HELP}"
        "example: python -m ivr call --from +8613800138000 \\\n"
        "  --record flows/balance.test.yaml --name 'a customer hears the balance'",
    )
    parser.add_argument("--from", dest="number", default="+8613800138000", help="the number that calls, or anonymous")
    parser.add_argument("--url", default="http://127.0.0.1:5000", help="where the exchange is (default %(default)s)")
    parser.add_argument("--script", type=Path, help="a file of lines to key instead of the keyboard, as told below")
    parser.add_argument(
        "--type-ahead",
        choices=("dropped", "kept"),
        help="keys pressed while nothing listens: lost, or kept for the next question (default: as the exchange does)",
    )
    parser.add_argument("--record", type=Path, help="append the call to this file of transcripts, with made-up digits")
    parser.add_argument("--name", help="what the recorded call is called")
    given = parser.parse_args(argv)
    if (given.record is None) != (given.name is None):
        parser.error("--record FILE.test.yaml and --name 'a customer hears ...' belong together")
    script = _text(given.script, "write one key or word a line").splitlines() if given.script else None
    call = TerminalCall(given.url.rstrip("/"), given.number, sys.stdout, given.type_ahead)
    if given.record is None:
        return converse(call, script, sys.stdin)
    return _record(call, script, given.record, given.name)


def _record(call: TerminalCall, script: list[str] | None, file: Path, name: str) -> int:
    """Check that the transcript can be added before the call, then record it."""
    # imported here, since calling without recording needs no database
    from ivr.calls.recording import transcript
    from ivr.engine.transcripts import writing
    from ivr.installation import opened

    if not file.name.endswith(".test.yaml"):
        raise ConfigurationError(f"{file} is no file of transcripts: those are called flows/<flow>.test.yaml")
    _check(file, name)
    with opened() as installation:
        code = converse(call, script, sys.stdin)
        if not call.sid:
            return code
        text = transcript(installation.database, call.sid, name, call.number, call.caller_actions)
    before = _check(file, name)
    with file.open("a", encoding="utf-8") as output:
        output.write(writing.appended(before, text))
    print(f"{file}: '{name}' was added; play it with: python -m ivr flow test {file.name.partition('.')[0]}")
    return code


def _check(file: Path, name: str) -> str:
    """The file's text; raises when the call could not be added to it."""
    from ivr.engine.transcripts import writing

    text = _text(file, "") if file.exists() else ""
    try:
        writing.check_new(text, name)
    except FlowFileError as error:
        raise FlowFileError(f"{file}: {error}") from error
    if not file.parent.is_dir():
        raise ConfigurationError(f"there is no folder {file.parent}")
    return text


def _text(path: Path, remedy: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}{f'; {remedy}' if remedy else ''}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is no text in UTF-8") from error
