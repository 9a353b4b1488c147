"""The cases about a single turn. Each prints its rounds and returns rows of the report."""

import statistics
import time
from contextlib import ExitStack

from bench import bundles, calls
from bench.calls import Step
from bench.context import SERVICES, STATE_BYTES, Bench, largest_state
from bench.report import Row, times
from bench.rounds import interleaved, spread
from bench.traffic import Traffic


def turn(bench: Bench) -> list[Row]:
    """A durable signed turn compared with the menu of Twilio's tutorial and with a constant string."""
    walk = calls.information(SERVICES)
    with ExitStack() as stack:
        contenders = {
            "constant": bench.contender(stack, "bench.contenders:constant()", {}, [Step("1", bundles.MENU)] * 10),
            "menu": bench.contender(stack, "bench.menu:menu()", {}, walk),
            "hotline": bench.contender(stack, "bench.contenders:product()", bench.database("turn", 10), walk),
            "hotline FULL": bench.contender(stack, "bench.contenders:product_full()", bench.database("full", 10), walk),
        }
        result = interleaved(contenders, bench.rounds, bench.seconds, bench.say)
    rates = ", ".join(f"{name} {result.rate(name):.0f}/s ({result.cost(name):.0f} µs)" for name in contenders)
    quick, full = result.ratio("hotline", "menu"), result.ratio("hotline FULL", "menu")
    return [
        Row("durable signed turn / stateless unsigned menu", times(quick), ">= 0.5, aiming at 0.7", quick[0] >= 0.5,
            f"{rates}; by processor time of the server {times(result.cost_ratio('menu', 'hotline'))}"),
        Row("the same where every turn commits as money does (FULL)", times(full), "", None,
            "the disk decides: each turn waits for it"),
        Row("durable signed turn / constant TwiML string", times(result.ratio("hotline", "constant")), "", None),
        Row("stateless menu / constant TwiML string", times(result.ratio("menu", "constant")), "", None),
    ]  # fmt: skip


def steps(bench: Bench) -> list[Row]:
    """One call in bundles of ten, a thousand and ten thousand steps."""
    with ExitStack() as stack:
        contenders = {}
        for size in bench.sizes:
            bench.say(f"a bundle of {size} steps")
            settings = bench.database(f"steps{size}", size)
            walk = calls.information((size - 2) // 2)
            contenders[str(size)] = bench.contender(stack, "bench.contenders:product()", settings, walk)
        result = interleaved(contenders, bench.rounds, bench.seconds, bench.say)
    rows = []
    for size in bench.sizes[1:]:
        ratio = result.cost_ratio(str(size), str(bench.sizes[0]))
        rates = (
            f"{result.rate(str(size)):.0f}/s; by turns a second {times(result.ratio(str(size), str(bench.sizes[0])))}"
        )
        what = f"cost of a turn, {size:,} steps / {bench.sizes[0]} steps"
        rows.append(Row(what, times(ratio), "<= 1.10", ratio[0] <= 1.10, rates))
    return rows


def long_calls(bench: Bench) -> list[Row]:
    """Calls of a hundred turns: the last ten compared with turns 10 to 19, and the size of the session."""
    ratios = []
    with ExitStack() as stack:
        settings = bench.database("long", 10)
        contender = bench.contender(stack, "bench.contenders:product()", settings, calls.long_call(100))
        for number in range(bench.rounds):
            with Traffic(contender.server.port, number) as traffic:
                outcome = traffic.saturate(contender.plan, 1, bench.seconds * 2)
            if outcome.errors:
                raise RuntimeError(outcome.errors[0])
            early, late = (
                statistics.median(took for turn in part for took in outcome.by_turn.get(turn, []))
                for part in (range(10, 20), range(90, 100))
            )
            ratios.append(late / early)
            bench.say(f"round {number + 1}/{bench.rounds}: turn 90-99 / turn 10-19 = {ratios[-1]:.3f}")
    state = largest_state(bench.folder / "long.db")
    ratio = spread(ratios)
    return [
        Row("cost of turns 90-99 / turns 10-19 of a call", times(ratio), "<= 1.10", ratio[0] <= 1.10),
        Row("session of a call after its 100th turn", f"{state:,} bytes", "<= 2,048", state <= STATE_BYTES, "sealed"),
    ]


def past_calls(bench: Bench) -> list[Row]:
    """One call in databases with a growing number of past calls."""
    with ExitStack() as stack:
        contenders, filled = {}, {}
        for past in bench.past:
            began = time.monotonic()
            settings = bench.database(f"past{past}", 10, past)
            size = (bench.folder / f"past{past}.db").stat().st_size / 1e6
            filled[past] = f"filled in {time.monotonic() - began:.0f} s, {size:,.0f} MB"
            bench.say(f"{past:,} past calls, {filled[past]}")
            walk = calls.information(SERVICES)
            contenders[str(past)] = bench.contender(stack, "bench.contenders:product()", settings, walk)
        result = interleaved(contenders, bench.rounds, bench.seconds, bench.say)
    rows = []
    for past in bench.past[1:]:
        ratio = result.ratio("0", str(past))
        what = f"time of a turn, {past:,} past calls / none"
        note = f"{result.rate(str(past)):.0f}/s; {filled[past]}"
        rows.append(Row(what, times(ratio), "<= 2.5", ratio[0] <= 2.5, note))
    return rows
