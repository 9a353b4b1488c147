"""python -m ivr trace: what a caller heard, with file and line of each prompt and the source of each value."""

import argparse
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from ivr.calls import tracing
from ivr.calls.tracing import RecordedCall, RecordedTurn, TraceEntry
from ivr.foundation.errors import ConfigurationError
from ivr.installation import opened


def main(argv: Sequence[str]) -> int:
    """Print the trace of one call."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr trace",
        description="What a caller heard, turn by turn: the line of each step and prompt, and what set each value. "
        "No value is printed, and nothing that was keyed.",
        epilog="example: python -m ivr trace CA0123456789abcdef0123456789abcdef",
    )
    parser.add_argument("call", nargs="?", help="the id of a call, as in the log (default: the newest call)")
    given = parser.parse_args(argv)
    with opened() as installation, installation.database.begin(durable=False) as connection:
        sid = given.call or tracing.newest(connection)
        if sid is None:
            raise ConfigurationError("nobody has called yet")
        call = tracing.read_call(connection, sid)
        sources = tracing.sources_of(connection, call)
        zone = installation.settings.bank.zone
    traced = tracing.trace(tracing.bundle_of(sources, call), call)
    for line in _lines(call, traced, zone):
        print(line)
    return 0


def _lines(call: RecordedCall, turns: list[tuple[RecordedTurn, list[TraceEntry]]], zone: ZoneInfo) -> Iterator[str]:
    ended = f"{call.ended_at.astimezone(zone):%H:%M:%S} {call.ending}" if call.ended_at else "not over yet"
    yield f"{call.call}  {call.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S} - {ended}  bundle {call.bundle}"
    if call.erased:
        yield "what this call was sent was erased a day after its end; its steps and prompts are kept"
    for turn, stops in turns:
        yield f"\nturn {turn.turn}  {turn.at.astimezone(zone):%H:%M:%S}"
        for stop in stops:
            yield f"  {stop.where or '-':28} {stop.place} {stop.what}".rstrip()
            for heard in stop.heard:
                yield f"    < {heard.where:24} {heard.key}"
                yield from (f"        {{{slot}}} {came}" for slot, came in heard.values)
        if turn.said is None:
            yield "  what was said was not written down by the release that took this turn"
    if not turns:
        yield "nothing is kept of its turns"
