"""Erlang C against the published tables, Erlang A against what is known of it exactly."""

import math

import pytest

from ivr.centre.floor.erlang import (
    Demand,
    Target,
    erlang_a,
    needed_a,
    needed_c,
    service_level_a,
    service_level_c,
    waits_c,
)

EIGHTY_TWENTY = Target(0.8, 20)
HALF_HOUR = 1800


def calls(number: float, handle: float = 180, patience: float = math.inf) -> Demand:
    return Demand(number / HALF_HOUR, handle, patience)


@pytest.mark.parametrize(
    ("load", "agents", "waits"),
    [
        (10, 11, 0.6821),
        (10, 12, 0.4494),
        (10, 13, 0.2853),
        (10, 14, 0.1741),
        (10, 15, 0.1020),
        (1, 2, 1 / 3),
        (5, 5, 1),
    ],
)
def test_erlang_c_agrees_with_its_tables(load: float, agents: int, waits: float) -> None:
    assert waits_c(load, agents) == pytest.approx(waits, abs=5e-4)


def test_a_hundred_calls_of_three_minutes_in_half_an_hour_need_fourteen_agents() -> None:
    """The worked example of the trade: 10 erlangs, 80 % in 20 s; 14 agents give 88.8 %, 13 give 79.6 %."""
    assert needed_c(calls(100), EIGHTY_TWENTY) == 14
    assert service_level_c(calls(100), 14, 20) == pytest.approx(0.888, abs=1e-3)
    assert service_level_c(calls(100), 13, 20) == pytest.approx(0.796, abs=1e-3)
    assert needed_c(calls(0), EIGHTY_TWENTY) == needed_a(calls(0, patience=60), EIGHTY_TWENTY) == 0


def test_patience_as_long_as_a_talk_makes_the_callers_poisson() -> None:
    """Then each caller leaves at the same rate, served or not: M/M/infinity."""
    load, agents = 12.0, 10
    found = erlang_a(Demand(load / 240, 240, 240), agents)
    poisson = [math.exp(-load) * load**k / math.factorial(k) for k in range(80)]
    assert found.waits == pytest.approx(sum(poisson[agents:]))
    line = sum((k - agents) * p for k, p in enumerate(poisson) if k > agents)
    assert found.abandons == pytest.approx(line / load)
    assert found.mean_wait_seconds == pytest.approx(line / (load / 240))


def test_endless_patience_is_erlang_c() -> None:
    patient = calls(100, patience=1e9)
    assert erlang_a(patient, 14).waits == pytest.approx(waits_c(10, 14), abs=1e-6)
    assert service_level_a(patient, 14, 20) == pytest.approx(service_level_c(patient, 14, 20), abs=1e-6)
    assert needed_a(patient, EIGHTY_TWENTY) == 14


def test_in_the_end_everybody_is_answered_or_gone() -> None:
    demand = calls(140, patience=120)  # more than the agents can do
    found = erlang_a(demand, 12)
    level = service_level_a(demand, 12, 3600)
    assert level == pytest.approx(1, abs=1e-6)
    assert found.abandons > 1 - 12 / demand.load - 1e-9, "what cannot be served hangs up"


def test_who_hangs_up_needs_fewer_agents_and_a_large_centre_is_reckoned_too() -> None:
    assert needed_a(calls(100, patience=120), EIGHTY_TWENTY) < 14
    assert 1_900 <= needed_c(calls(11_400, 300), EIGHTY_TWENTY) <= 1_950
    assert 1_700 <= needed_a(calls(11_400, 300, 180), EIGHTY_TWENTY) <= 1_950
