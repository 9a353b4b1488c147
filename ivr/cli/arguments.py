"""What commands that change something share: subcommands, and who does it and why."""

import argparse
from collections.abc import Callable, Sequence

from ivr.foundation.errors import ConfigurationError

Commands = argparse._SubParsersAction


def run(parser: argparse.ArgumentParser, argv: Sequence[str]) -> int:
    """Run the subcommand that was asked for: the function that it set as `command`."""
    given = parser.parse_args(argv)
    command: Callable[[argparse.Namespace], int] = given.command
    return command(given)


def add_by_and_reason(parser: argparse.ArgumentParser, needed_with: str = "") -> None:
    """Ask who does it, and why; `needed_with`: the option without which neither is needed."""
    with_it = f"; needed with {needed_with}" if needed_with else ""
    parser.add_argument("--by", required=not needed_with, default="", help=f"who does it{with_it}")
    parser.add_argument("--reason", required=not needed_with, default="", help=f"why{with_it}")


def by_and_reason(given: argparse.Namespace) -> tuple[str, str]:
    """Who does it, and why. Raises `ConfigurationError` where one of them says nothing."""
    by, reason = given.by.strip(), given.reason.strip()
    if not (by and reason):
        raise ConfigurationError("--by and --reason must say something: both stand in the audit log")
    return by, reason
