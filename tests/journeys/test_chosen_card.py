"""Who was identified by a card is not asked for that card's account again; the other accounts stay in reach."""

from tests.journeys.steps import BALANCE, BILLS, TRANSFER, prove, prove_by_card, sign
from tests.support.books import moved
from tests.support.hotline import CARD, QUERY, STRANGER, WANG, Hotline


def test_the_balance_is_of_the_card_that_was_chosen(hotline: Hotline) -> None:
    caller = prove_by_card(hotline.mandarin().press(BALANCE), "2").not_hear("请选择")
    caller.hear("尾号四三二幺的账户，余额八千元").press("2")
    caller.hear("您名下有多个账户", "尾号四四五八的账户，请按1").press("1").hear("尾号四四五八的账户，余额五万")


def test_a_card_number_that_was_keyed_names_its_account_too(hotline: Hotline) -> None:
    caller = hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{CARD[WANG]}#").press(QUERY[WANG])
    caller.hear("尾号四四五八的账户，余额").not_hear("您名下有多个账户")


def test_an_identity_card_names_no_account(hotline: Hotline) -> None:
    prove(hotline.mandarin().press(BALANCE)).hear("您名下有多个账户")


def test_a_bill_is_paid_from_the_card_that_was_chosen_and_star_asks_for_another(hotline: Hotline) -> None:
    caller = prove_by_card(hotline.mandarin().press(BILLS), "2").press("2").press("12000786#")
    caller.hear("本期应缴六十三元二角五分", "请输入六位交易密码").not_hear("请选择付款账户").press("*")
    caller.hear("请选择付款账户").press("1")
    sign(caller).hear("从尾号四四五八的账户").press("1").hear("缴费成功")
    assert len(moved(hotline)) == 1
    assert hotline.balance(CARD[WANG]) == 52_380_66 - 63_25


def test_money_leaves_the_card_that_was_chosen_and_star_asks_for_another(hotline: Hotline) -> None:
    caller = prove_by_card(hotline.mandarin().press(TRANSFER)).hear("请选择收款人").not_hear("请选择转出账户")
    caller.press("*").hear("请选择转出账户").press("2").hear("请选择收款人", "尾号四四五八")


def test_the_card_holds_for_all_that_is_done_in_a_call(hotline: Hotline) -> None:
    caller = prove_by_card(hotline.mandarin().press(BALANCE), "2").press("#").press(TRANSFER)
    caller.hear("请选择收款人", "尾号四四五八").press("#").press(BILLS).press("1").press("3100458812#")
    caller.hear("请输入六位交易密码")


def test_an_account_without_enough_is_not_taken_twice(hotline: Hotline) -> None:
    hotline.do("update bills set amount_fen = 900000 where amount_fen = 18640")
    caller = prove_by_card(hotline.mandarin().press(BILLS), "2").press("1").press("3100458812#")
    sign(caller).press("1").hear("该账户可用余额不足，请选择其他账户", "请选择付款账户")


def test_another_customer_is_not_taken_for_the_card_before(hotline: Hotline) -> None:
    """王芳's card was named first, then her identity card: no card names the account any more."""
    caller = hotline.mandarin().press(BALANCE).press("1").press("*")
    prove(caller).hear("您名下有多个账户")
