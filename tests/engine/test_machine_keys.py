"""The global keys: agent, repeat, and back, which never crosses a committed effect."""

from ivr.engine.events import ServiceAnswered
from tests.engine.played_call import AT, PlayedCall, bank


def test_zero_is_an_agent_and_nine_says_it_again() -> None:
    assert PlayedCall(bank()).press("9").keys == ["main.menu"]
    assert PlayedCall(bank()).press("0").turn.invoke is not None


def test_repeat_is_no_miss_of_its_question_and_ends_with_the_call_all_the_same() -> None:
    line = PlayedCall(bank(misses=6)).press("9", "9", "9", "9", "9")
    assert (line.step, line.session.frames[-1].no_match) == ("menu", 0)
    assert line.press("9").step == "to_agent"


def test_back_that_leads_nowhere_ends_too() -> None:
    line = PlayedCall(bank(misses=3)).press("*", "*")
    assert line.step == "menu"
    assert line.press("*").step == "to_agent"


def test_back_goes_to_the_question_before() -> None:
    line = PlayedCall(bank("main.second")).press("1")
    assert line.step == "third"
    assert line.press("*").step == "second"


def test_back_at_the_first_question_asks_it_again() -> None:
    assert PlayedCall(bank()).press("*").keys == ["main.menu"]


def test_back_never_crosses_an_effect_that_stands() -> None:
    line = PlayedCall(bank("main.fork")).press("1")
    line.take(ServiceAnswered(AT, "done", committed=True))
    assert line.step == "third"
    assert line.press("*").step == "third"


def test_back_crosses_into_another_flow_only_to_a_question_from_where_no_variable_is_missed() -> None:
    """The frame of the other flow is gone, and so are its variables: q leads to tell, which speaks one."""
    assert PlayedCall(bank("main.fork")).press("2", "*").step == "fork"
    spoken = PlayedCall(bank("elsewhere"))
    spoken.session.frames[-1].variables["amount"] = 500
    spoken.press("1")
    assert spoken.step == "tell"
    spoken.press("1")
    assert (spoken.session.frames[-1].flow, spoken.step) == ("main", "third")
    spoken.press("*")
    assert (spoken.session.frames[-1].flow, spoken.step) == ("main", "third")
