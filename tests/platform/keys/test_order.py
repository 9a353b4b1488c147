"""Which orders of which secrets are refused, and what the refusal says to write."""

from itertools import permutations

import pytest

from ivr.foundation.crypto import Keyring
from ivr.platform.keys.order import fault

A, B, C, D = (letter * 16 for letter in (b"a", b"b", b"c", b"d"))  # the oldest first


def test_a_fresh_database_takes_any_secrets() -> None:
    assert fault((), (A,)) is None
    assert fault((), (A, B, C)) is None


@pytest.mark.parametrize("given", [(A, B), (A, B, C), (A, B, C, D)])
def test_known_secrets_in_their_order_and_newer_ones_are_taken(given: tuple[bytes, ...]) -> None:
    assert fault((A, B), given) is None


@pytest.mark.parametrize("given", [each for each in permutations((A, B, C)) if each != (A, B, C)])
def test_every_other_order_is_refused_with_the_right_one(given: tuple[bytes, ...]) -> None:
    """`given` is told by its places from the front of IVR_SECRET_KEY, where the newest stands."""
    told = fault((A, B, C), given)
    assert told is not None
    assert "wrong order" in told
    front = list(reversed(given))
    places = told.partition("in this order: ")[2].partition(": the newest")[0]
    assert [front[int(place) - 1] for place in places.split(", ")] == [C, B, A]


def test_a_new_secret_at_the_end_is_refused() -> None:
    """The commonest mistake of a rotation: index, pepper and audit log would change with it."""
    told = fault((A,), (B, A))
    assert told is not None
    assert "places now, in this order: 2, 1:" in told


@pytest.mark.parametrize(
    ("known", "given", "said"),
    [
        ((A, B), (B,), "write the oldest one, which must stand last"),
        ((A, B), (A,), "write the one that stood at place 2 from the end"),
        ((A, B, C), (A, C, D), "write the one that stood at place 2 from the end"),
        ((A,), (B,), "made with another key"),
        ((A, B), (C, D), "made with another key"),
        ((A,), (A, A), "twice"),
        ((), (A, B, A), "twice"),
    ],
)
def test_what_is_missing_is_named(known: tuple[bytes, ...], given: tuple[bytes, ...], said: str) -> None:
    assert said in (fault(known, given) or "")


def test_a_check_value_is_of_its_secret_alone() -> None:
    old, new = "0123456789abcdef" * 4, "fedcba9876543210" * 4
    both = Keyring((new, old))
    assert both.checks == (*Keyring((old,)).checks, *Keyring((new,)).checks)
    assert len(set(both.checks)) == 2
    assert "check" not in repr(both), "it is no secret, and of no use in a log"
