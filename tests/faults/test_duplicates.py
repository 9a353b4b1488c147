"""Webhooks that come twice, late, early, out of order, or to two workers at once: one effect, the same bytes."""

from tests.faults.storms import storm
from tests.journeys.steps import BALANCE, BILLS, LOSS, sign, to_bill, to_code, to_new_password, to_transfer
from tests.support.books import check_books, moved
from tests.support.caller import Caller
from tests.support.hotline import CARD, LI, STRANGER, WANG, Hotline

COPIES = 20


def test_the_last_keys_of_a_transfer_sent_again_answers_the_same_bytes(hotline: Hotline) -> None:
    caller = to_code(hotline, hotline.mandarin(), "100").press(hotline.code()).hear("转账成功")
    for _ in range(3):
        again = caller.again()
        assert (again.status, again.body) == (200, caller.reply.body)
    assert len(moved(hotline)) == 1
    caller.press("#").press(BILLS).hear("缴电费")  # the call goes on from where it stood
    check_books(hotline)


def test_twenty_copies_of_the_last_keys_at_once_move_money_once(hotline: Hotline, other_worker: Hotline) -> None:
    caller = to_code(hotline, hotline.mandarin(), "100")
    request = caller.request(hotline.code())
    replies = storm([((hotline, other_worker)[n % 2].door, request) for n in range(COPIES)])
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1
    assert "转账成功" in replies[0].text
    assert [fen for _, _, fen in moved(hotline)] == [100_00]
    assert hotline.balance(CARD[LI]) == 1_350_00
    assert len([body for body in hotline.texts() if "转账100.00元，交易号" in body]) == 1
    assert hotline.one("select count(*) from audit_entries where deed = 'transfer_money'") == 1
    check_books(hotline)


def test_yes_and_no_at_once_have_one_winner(hotline: Hotline, other_worker: Hotline) -> None:
    caller = sign(to_bill(hotline.mandarin()).press("1"))
    yes, no = caller.request("1"), caller.request("2")
    replies = storm([(hotline.door, yes), (other_worker.door, no)] * 5)
    assert len({reply.body for reply in replies}) == 1
    assert len(moved(hotline)) == (1 if "缴费成功" in replies[0].text else 0)
    check_books(hotline)


def test_many_copies_of_a_new_call_are_one_call(hotline: Hotline, other_worker: Hotline) -> None:
    caller = Caller(hotline.door, STRANGER)
    request = hotline.door.signed(f"{hotline.door.public_url}/voice", caller.pairs(CallStatus="ringing"))
    replies = storm([((hotline, other_worker)[n % 2].door, request) for n in range(10)])
    assert {(reply.status, reply.body) for reply in replies} == {(200, replies[0].body)}
    assert "欢迎致电" in replies[0].text
    assert hotline.ask("select turn from calls") == [(1,)]
    assert hotline.one("select count(*) from turns") == 1


def test_copies_of_a_wrong_password_count_once(hotline: Hotline, other_worker: Hotline) -> None:
    caller = hotline.mandarin().press(BALANCE).press("1")
    request = caller.request("111111")
    replies = storm([((hotline, other_worker)[n % 2].door, request) for n in range(10)])
    assert len({reply.body for reply in replies}) == 1
    assert "您还可以再试两次" in replies[0].text
    assert hotline.one("select failures_day from lockouts where kind = 'query'") == 1


def test_guesses_from_many_calls_at_once_are_all_counted(hotline: Hotline, other_worker: Hotline) -> None:
    """A lock cannot be outrun: of ten guesses at once five are looked at, then the password is locked."""
    callers = [hotline.mandarin(number).press(BALANCE) for number in ("+8613700001111", "+8613700002222")]
    calls = [*callers, *(hotline.mandarin("anonymous").press(BALANCE) for _ in range(8))]
    for each in calls:
        each.press("1").press(f"{CARD[WANG]}#")
    requests = [((hotline, other_worker)[n % 2].door, each.request(f"48{n}193")) for n, each in enumerate(calls)]
    replies = storm(requests)
    heard = [reply.text for reply in replies]
    assert sum("您还可以再试" in text for text in heard) == 4
    assert sum("密码已锁定" in text for text in heard) == 6
    assert hotline.one("select failures_day from lockouts where kind = 'query'") == 5


def test_copies_of_a_turn_that_sends_a_code_send_one(hotline: Hotline, other_worker: Hotline) -> None:
    caller = to_transfer(hotline.mandarin()).press("100#").press("1")
    request = caller.request("285907")
    replies = storm([((hotline, other_worker)[n % 2].door, request) for n in range(10)])
    assert len({reply.body for reply in replies}) == 1
    assert len(hotline.texts()) == 1
    assert hotline.one("select count(*) from one_time_codes") == 1


def test_copies_of_a_password_change_change_it_once(hotline: Hotline, other_worker: Hotline) -> None:
    caller = to_new_password(hotline, hotline.mandarin()).press("508264")
    request = caller.request("508264")
    replies = storm([((hotline, other_worker)[n % 2].door, request) for n in range(10)])
    assert len({reply.body for reply in replies}) == 1
    assert "密码修改成功" in replies[0].text
    assert hotline.one("select count(*) from postings where kind = 'password'") == 1
    assert hotline.one("select count(*) from passwords where customer_id = 'wang_fang' and kind = 'query'") == 2


def test_copies_of_a_report_of_loss_report_once(hotline: Hotline, other_worker: Hotline) -> None:
    caller = hotline.mandarin().press(LOSS).press("1")
    request = caller.request("1")
    replies = storm([((hotline, other_worker)[n % 2].door, request) for n in range(10)])
    assert len({reply.body for reply in replies}) == 1
    assert "挂失成功" in replies[0].text
    assert len(hotline.texts()) == 1


def test_two_calls_cannot_spend_the_same_money(hotline: Hotline, other_worker: Hotline) -> None:
    hotline.do("update bills set amount_fen = 500000 where amount_fen in (18640, 6325)")
    calls = [
        sign(to_bill(hotline.mandarin()).press("2")),
        sign(to_bill(hotline.mandarin(), "12000786", "2").press("2")),
    ]
    replies = storm([(hotline.door, calls[0].request("1")), (other_worker.door, calls[1].request("1"))])
    heard = sorted("缴费成功" in reply.text for reply in replies)
    assert heard == [False, True]
    assert "可用余额不足" in "".join(reply.text for reply in replies)
    check_books(hotline)


def test_an_old_turn_answers_what_it_answered_then(hotline: Hotline) -> None:
    caller = hotline.mandarin()
    menu, request = caller.reply.body, caller.last
    caller.press(BALANCE).press("1")
    late = hotline.door.send("POST", *request)
    assert (late.status, late.body) == (200, menu)
    caller.press("739164").hear("尾号四四五八的账户，余额")


def test_a_turn_that_was_not_offered_is_answered_by_a_person(hotline: Hotline) -> None:
    """A turn lost in a power cut looks like this: the caller is still on the line."""
    caller = hotline.mandarin()
    future = hotline.door.post(f"{hotline.door.public_url}/voice/turn/7", caller.pairs(Digits="1"))
    assert future.status == 200
    assert "正在为您转接人工客服" in future.text
    assert "general</Enqueue>" in future.text
    caller.press(BALANCE).hear("请选择银行卡")


def test_a_call_nobody_opened_is_answered_by_a_person(hotline: Hotline) -> None:
    stray = Caller(hotline.door, WANG)
    reply = hotline.door.post(f"{hotline.door.public_url}/voice/turn/1", stray.pairs(Digits="1"))
    assert "general</Enqueue>" in reply.text
    over = hotline.door.post(f"{hotline.door.public_url}/voice/turn/1", stray.pairs(CallStatus="completed"))
    assert "请您重新拨打" in over.text
    assert hotline.one("select count(*) from calls") == 0
