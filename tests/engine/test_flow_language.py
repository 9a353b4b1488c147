"""The flow language by step type: the cases of each type, none missing, and rules for all of them."""

import pytest

from ivr.engine.registry import step_types
from ivr.engine.transcripts import play_text
from tests.engine.small_bank import faults, small_bundle
from tests.engine.step_cases import CASES, PLAYED, REFUSED, Does, Refuses, flows, texts


def test_every_step_type_has_its_cases_of_both_kinds() -> None:
    assert step_types().keys() == CASES.keys()
    for verb, cases in CASES.items():
        assert {type(case) for case in cases} == {Does, Refuses}, verb


@pytest.mark.parametrize(("verb", "case"), PLAYED)
def test_a_step_does_what_its_word_says(verb: str, case: Does) -> None:
    bundle = small_bundle(flows(case.steps), texts(), texts())
    call_row = case.call_row if "language" in case.call_row else case.call_row.replace("{", "{language: zh-CN, ", 1)
    rows = [f"call: {call_row}", *case.call.split(" | ")]
    if (verb == "menu" and "choices" in case.steps) or "each" in case.steps:
        rows.insert(1, "service: {find_balance: found, accounts: 2}")
    text = "a call:\n" + "".join(f"  - {row}\n" for row in rows)
    assert {result.problem for result in play_text(bundle, "x", text)} == {""}


@pytest.mark.parametrize(("verb", "case"), REFUSED)
def test_what_a_step_cannot_mean_is_refused_with_its_place(verb: str, case: Refuses) -> None:
    found = faults(flows(case.steps), texts(), texts())
    assert [case.message in each for each in found] == [True], (verb, found)
    assert found[0].startswith("flows/main.yaml:19:"), found


def test_a_step_has_one_verb_and_an_unknown_one_is_answered_with_the_list() -> None:
    assert (
        "no verb names this step; did you mean 'menu'? Step types: authenticate, branch"
        in faults(flows("x: {mneu: main.x}"), texts(), texts())[0]
    )
    assert (
        "a step has one verb, this one has say and go; make two steps of it"
        in faults(flows("x: {say: main.x, go: bye}"), texts(), texts())[0]
    )


def test_all_faults_of_a_file_are_told_at_once() -> None:
    found = faults(
        flows("x: {say: main.hello}\n  y: {go: nowhere}\n  z: {service: nothing, outcomes: {}}"), texts(), texts()
    )
    assert [each.split(": ")[0] for each in found] == [
        "flows/main.yaml:19:6", "flows/main.yaml:20:11", "flows/main.yaml:21:16"
    ]  # fmt: skip
