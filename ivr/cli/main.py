"""python -m ivr COMMAND: every command has --help with an example; error messages say what to do next."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from sqlalchemy.exc import DBAPIError, OperationalError

from ivr.foundation import logs
from ivr.foundation.errors import DatabaseOutdated, IvrError

_COMMANDS = {
    "migrate": "make the database, or bring it to the newest version",
    "seed": "load the demonstration bank",
    "flow": "check, test, draw, publish and roll back flows",
    "worker": "send texts and run the other background tasks",
    "call": "a telephone in the terminal",
    "trace": "what a caller heard, with the source of each prompt and value",
    "audit": "verify the audit log, or state that it was restored from a backup",
    "reconcile": "check the books for consistency",
    "calendar": "the days off and the make-up working days of a year",
    "customers": "import customers from a file, lift a lock",
    "queue": "why a caller was offered to an agent, and whether decisions can be made again",
    "staff": "accounts of staff: add, list, reset, and who may do what",
}
_MODULES = (
    "flow",
    "call",
    "trace",
    "audit",
    "reconcile",
    "calendar",
    "customers",
    "queue",
    "staff",
)  # the others are of ivr.cli.operations
NO_SUCH_TABLE = ("42P01", "42703", "no such table", "no such column")  # PostgreSQL's states, and SQLite's words


def _usage() -> str:
    rows = "\n".join(f"  {name:9} {words}" for name, words in _COMMANDS.items())
    return f"usage: python -m ivr COMMAND [--help]\n\n{rows}\n\nexample: python -m ivr flow check"


def _run(name: str, rest: Sequence[str]) -> int:
    # imported on demand, so that `call` does not load the database
    if name in _MODULES:
        command = import_module(f"ivr.cli.{name}").main
    else:
        from ivr.cli import operations

        command = getattr(operations, name)
    runner: Callable[[Sequence[str]], int] = command
    return runner(rest)


def _told(error: DBAPIError) -> str:
    """The problem with the database and the remedy; raises any other error again."""
    from ivr.platform.jobs.startup import unanswered

    if getattr(error.orig, "sqlstate", "") in NO_SUCH_TABLE or str(error.orig).startswith(NO_SUCH_TABLE):
        return str(DatabaseOutdated())
    if isinstance(error, OperationalError):
        return unanswered(error)
    raise error


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 for success, 1 for an explained failure, 2 for wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        print(_usage())
        return 0 if words else 2
    if words[0] not in _COMMANDS:
        print(f"there is no command '{words[0]}'\n\n{_usage()}", file=sys.stderr)
        return 2
    logs.configure()
    try:
        return _run(words[0], words[1:])
    except IvrError as error:
        print(f"{words[0]}: {error}", file=sys.stderr)
    except DBAPIError as error:
        print(f"{words[0]}: {_told(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of the output has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 1
