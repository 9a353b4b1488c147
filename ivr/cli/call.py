"""python -m ivr call: dial the hotline of a running exchange from the terminal."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ivr.exchange.terminal import run_terminal


def main(argv: Sequence[str]) -> int:
    """Dial; keys are typed as lines, or read from a script."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr call",
        description="A telephone in the terminal, for a hotline started with: make run",
        epilog="example: python -m ivr call --from +8613800138000",
    )
    parser.add_argument("--from", dest="number", default="+8613800138000", help="the number that calls, or anonymous")
    parser.add_argument("--url", default="http://127.0.0.1:5000", help="where the exchange is (default %(default)s)")
    parser.add_argument("--script", type=Path, help="a file of lines to key instead of the keyboard")
    given = parser.parse_args(argv)
    script = given.script.read_text(encoding="utf-8").splitlines() if given.script else None
    return run_terminal(given.url, given.number, script=script, out=sys.stdout, input=sys.stdin)
