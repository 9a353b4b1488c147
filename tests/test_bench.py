"""The bench's callers hear what they expect: prompts and menus that change leave it measuring what is still there."""

from contextlib import ExitStack
from pathlib import Path

from bench import calls, flows
from bench.calls import plan
from bench.context import SERVICES, Bench


def test_every_walk_of_the_bench_goes_to_its_end(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 1, 0.1, (10,), (0,), lambda _: None)
    with ExitStack() as stack:
        own = bench.contender(stack, "app:app", bench.database("own", 0), flows.listening())
        assert len(plan(own.server.port, flows.checking(), flows.WANG)) == len(flows.checking())
        assert len(plan(own.server.port, flows.deepest(), flows.WANG)) == len(flows.deepest())
        made = bench.contender(
            stack, "bench.contenders:product()", bench.database("made", 10), calls.information(SERVICES)
        )
        assert len(plan(made.server.port, calls.long_call(20))) == 20
