"""Keys: values are re-encrypted with the newest secret, look-ups stay, and nothing moved or changed decrypts."""

from collections.abc import Callable

import pytest

from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError

OLD = "0123456789abcdef" * 4
NEW = "fedcba9876543210" * 4
OTHER = "a5b4c3d2e1f00918" * 4
PLACE = "customers.mobile|wang_fang"
before, rotated = Keyring((OLD,)), Keyring((NEW, OLD))


def test_what_was_sealed_opens_again() -> None:
    sealed = before.seal_text(PLACE, "王芳 138")
    assert before.open_text(PLACE, sealed) == "王芳 138"
    assert "王芳".encode() not in sealed
    assert before.seal_text(PLACE, "王芳 138") != sealed, "a nonce is used once"


def test_after_a_rotation_old_values_open() -> None:
    assert rotated.open_text(PLACE, before.seal_text(PLACE, "138")) == "138"


def test_after_a_rotation_new_values_are_sealed_with_the_newest_secret() -> None:
    sealed = rotated.seal_text(PLACE, "138")
    assert Keyring((NEW,)).open_text(PLACE, sealed) == "138"
    with pytest.raises(ConfigurationError):
        before.open_text(PLACE, sealed)


def test_after_a_rotation_customers_are_found_and_passwords_fit() -> None:
    """The oldest secret keeps the indexes and the pepper, however many come before it."""
    for later in (rotated, Keyring((OTHER, NEW, OLD))):
        assert later.blind_index("mobile", "138") == before.blind_index("mobile", "138")
        assert later.pepper("password", "739164") == before.pepper("password", "739164")


def test_a_secret_that_is_no_longer_given_opens_nothing() -> None:
    with pytest.raises(ConfigurationError, match="older secret missing"):
        Keyring((NEW,)).open_text(PLACE, before.seal_text(PLACE, "138"))


@pytest.mark.parametrize(
    "elsewhere", ["customers.mobile|li_qiang", "customers.name|wang_fang", "payees.mobile|wang_fang", ""]
)
def test_a_value_that_was_moved_to_another_row_or_column_does_not_open(elsewhere: str) -> None:
    sealed = rotated.seal_text(PLACE, "138")
    with pytest.raises(ConfigurationError, match="does not open"):
        rotated.open_text(elsewhere, sealed)


@pytest.mark.parametrize("byte", [0, 3, 4, 15, 16, -17, -1], ids=str)
def test_a_value_of_which_one_bit_was_changed_does_not_open(byte: int) -> None:
    """In the key's id, the nonce, the text and its tag."""
    sealed = bytearray(rotated.seal_text(PLACE, "138"))
    sealed[byte] ^= 1
    with pytest.raises(ConfigurationError):
        rotated.open_text(PLACE, bytes(sealed))


@pytest.mark.parametrize("cut", [0, 3, 16, 20])
def test_a_value_that_was_cut_off_does_not_open(cut: int) -> None:
    with pytest.raises(ConfigurationError):
        rotated.open_text(PLACE, rotated.seal_text(PLACE, "138")[:cut])


@pytest.mark.parametrize("digest", [Keyring.blind_index, Keyring.pepper])
def test_a_digest_depends_on_its_key_its_purpose_and_its_value(digest: Callable[[Keyring, str, str], bytes]) -> None:
    told = {
        digest(keyring, kind, value)
        for keyring in (before, Keyring((OTHER,)))
        for kind in ("mobile", "identity")
        for value in ("138", "139")
    }
    assert len(told) == 8
    assert {len(each) for each in told} == {32}


def test_an_index_is_no_pepper() -> None:
    assert before.blind_index("password", "739164") != before.pepper("password", "739164")


def test_secrets_stand_in_one_variable_the_newest_first() -> None:
    assert Keyring.from_text(f" {NEW} ,{OLD},").secrets == rotated.secrets
    assert NEW not in repr(rotated)
    assert OLD not in repr(rotated)


@pytest.mark.parametrize("secrets", [(), ("short",), (NEW, "short"), ("ab" * 32,), (NEW, "a" * 64)])
def test_a_secret_that_is_too_weak_is_refused(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError):
        Keyring(secrets)
