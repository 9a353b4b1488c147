"""Which texts are valid numbers, and which of them the bank calls back."""

import pytest

from ivr.foundation import phone

FIVE_WITHHELD = ("+266696687", "+7378742833", "+2562533", "+8566696", "+86282452253")


@pytest.mark.parametrize(
    ("given", "e164"),
    [
        ("+8613800138000", "+8613800138000"),
        ("13800138000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("02168880000", "+862168880000"),
        ("+862168880000", "+862168880000"),
        ("075588880000", "+8675588880000"),
        ("+12125550123", "+12125550123"),
        ("+85223456789", "+85223456789"),
    ],
)
def test_a_number_is_kept_in_one_form(given: str, e164: str) -> None:
    assert phone.normal(given) == e164


@pytest.mark.parametrize(
    "given",
    [
        *FIVE_WITHHELD,
        "anonymous", "unknown", "", "+", "12345678", "110", "95588",
        "１３８００１３８０００", "+８６13800138000", "١٣٨٠٠١٣٨٠٠٠", "+86١٣٨٠٠١٣٨٠٠٠", "一三八00138000",
        "+8613800138000;ext=12", "13800138000x12", "+8613800138000,12", "13800138000#12", "138 0013 8000",
        "+8613800138000\n", "\n+8613800138000", "tel:+8613800138000", "sip:13800138000@bank.example",
        "+86138001380001234567890", "+861380013800", "--13800138000",
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(given: str) -> None:
    assert phone.normal(given) is None
    assert phone.callback_number(given) is None


@pytest.mark.parametrize(
    ("given", "e164"),
    [
        ("+8613800138000", "+8613800138000"),
        ("13800138000", "+8613800138000"),
        ("19912345678", "+8619912345678"),
        ("+8617712345678", "+8617712345678"),
        ("02168880000", "+862168880000"),
        ("01065550000", "+861065550000"),
        ("075588880000", "+8675588880000"),
        ("+8657188880000", "+8657188880000"),
    ],
)
def test_a_chinese_mobile_or_fixed_line_is_called_back(given: str, e164: str) -> None:
    assert phone.callback_number(given) == e164


@pytest.mark.parametrize(
    "given",
    [
        "+864008880000", "4008880000", "+868008100000", "8008100000",  # paid and free services
        "+8695588", "02195588", "01095588", "+862195588", "075595588",  # a service behind an area code
        "+18765550123", "+18764561234", "+12125550123", "+881612345678", "+8816123456789",  # islands and satellites
        "+85223456789", "+85291234567", "+886912345678", "+85366123456",  # other regions dial with their own code
        "+448081570000", "+870773111632", "+979123456789",
    ],
)  # fmt: skip
def test_no_other_number_is_called_back(given: str) -> None:
    assert phone.callback_number(given) is None


@pytest.mark.parametrize("spelling", FIVE_WITHHELD)
def test_a_withheld_number_that_is_spelt_on_the_keys_is_nobodys(spelling: str) -> None:
    assert phone.normal(spelling) is None


@pytest.mark.parametrize(
    ("e164", "shown"),
    [("+8613800138000", "138****8000"), ("+862168880000", "***********00"), ("+12125550123", "**********23")],
)
def test_a_number_is_shown_in_part(e164: str, shown: str) -> None:
    assert phone.masked(e164) == shown
