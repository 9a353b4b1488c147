"""Shared by the flow commands: check the folder, and print messages in the chosen language."""

import argparse
import sys

from ivr.calls.publishing.folder import check_folder
from ivr.engine.bundle import Bundle
from ivr.engine.compile import closing_dates
from ivr.engine.findings import FlowFaults
from ivr.engine.sources import Sources
from ivr.foundation import clock
from ivr.foundation.messages import Message, in_language, message


def say(given: argparse.Namespace, words: Message) -> None:
    """Print a message in the chosen language."""
    print(in_language(words, given.language))


def proven(given: argparse.Namespace) -> tuple[Sources, Bundle]:
    """The checked sources and their bundle; raises `FlowFaults` with all findings."""
    checked = check_folder(given.root, progress=lambda what: _progress(what, given.language))
    if checked.bundle is None or checked.findings:
        raise FlowFaults(checked.findings)
    return checked.sources, checked.bundle


def _progress(what: str, language: str) -> None:
    if sys.stderr.isatty():
        words = in_language(message("proving {what} ...", what=what), language) if what else ""
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)


def warn(bundle: Bundle, given: argparse.Namespace) -> None:
    """Print the warnings of a bundle, which do not prevent publishing."""
    for warning in closing_dates.warnings(bundle, clock.now().astimezone(bundle.zone).date()):
        say(given, message("warning: {warning}", warning=warning.to_line(given.language)))


def print_findings(faults: FlowFaults, given: argparse.Namespace) -> int:
    """Print findings and their number; returns the exit status 1."""
    for line in faults.to_lines(given.language):
        print(line)
    count = len(faults.findings)
    words = message("{count} things to mend", count=count) if count > 1 else message("1 thing to mend")
    print(in_language(words, given.language), file=sys.stderr)
    return 1
