"""Which new passwords are too easy to guess: every rule, with what it refuses and what it allows."""

import pytest

from ivr.bank.customers.weakness import weakness

PERSONAL = ("6222021001122334458", "110101199003074215", "+8613800138000", "44030619781126501X")

REFUSED = {
    "simple": ("000000", "999999", "112112", "121121", "110011", "100000", "787877"),
    "sequence": ("012345", "123456", "456789", "789012", "890123", "987654", "543210", "210987", "098765"),
    "pattern": ("123123", "907907", "135135", "246246", "113355", "001122"),
    "date": (
        "900307", "070390", "030790", "260304", "991231", "311299", "123199", "000229", "290200", "199003", "202612",
        "190001", "209912",
    ),
    "personal": ("622202", "334458", "210011", "307421", "074215", "138001", "380013", "138000", "126501"),
}  # fmt: skip
LEFT = ("508264", "739164", "285907", "582047", "916358", "846213", "370582", "705938", "135792", "902468")


@pytest.mark.parametrize(("why", "password"), [(why, each) for why, group in REFUSED.items() for each in group])
def test_a_weak_password_is_refused_for_its_reason(why: str, password: str) -> None:
    assert weakness(password, PERSONAL) == why


@pytest.mark.parametrize("password", LEFT)
def test_a_good_password_is_left(password: str) -> None:
    assert weakness(password, PERSONAL) is None


@pytest.mark.parametrize("password", ["232323", "101010", "454545"])
def test_two_digits_in_turn_are_weak(password: str) -> None:
    assert weakness(password) == "simple"


@pytest.mark.parametrize("password", ["991332", "003200", "321300", "139913", "189913", "210013"])
def test_what_is_no_date_is_not_refused_as_one(password: str) -> None:
    assert weakness(password) != "date"


def test_a_part_of_a_number_is_weak_only_for_its_holder() -> None:
    assert weakness("307421") is None
    assert weakness("307421", ["110101199003074215"]) == "personal"


@pytest.mark.parametrize("number", ["6222 0210 0112 2334 458", "6222-0210-0112-2334-458"])
def test_spaces_in_a_number_hide_nothing(number: str) -> None:
    assert weakness("210011", [number]) == "personal"
