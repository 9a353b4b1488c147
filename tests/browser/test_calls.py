"""A call from the browser phone: heard, answered by keys and words, and ended from either side."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.station import CODE, LI, PASSWORD, WANG, Station, ending

pytestmark = pytest.mark.browser

CALLED = "+8613700137000"


def call(page: Page) -> None:
    page.get_by_role("button", name="呼叫").click()
    expect(page.locator("#state")).to_have_text("通话中")


def hang_up(page: Page) -> None:
    page.locator("#hang-up").click()
    expect(page.locator("#state")).to_have_text("本机已挂机")


def use(page: Page, number: str) -> None:
    page.locator("#number").fill(number)
    page.locator("#number").press("Tab")


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.locator(f'[data-key="{key}"]').click()


def test_a_customer_calls_hears_proves_who_they_are_and_gets_a_text(open_phone: OpenPhone) -> None:
    page = open_phone().page
    call(page)
    expect(page.locator(".line.lit .words")).to_have_text("查询请按1")
    expect(page.locator(".line.lit")).to_have_attribute("aria-current", "true")
    press(page, "1")
    expect(page.locator(".line.lit .words")).to_have_text("请输密码")
    press(page, PASSWORD)
    expect(page.locator(".line.say .words", has_text="余额一百元")).to_be_visible()
    expect(page.locator(".line.keys .words").last).to_have_text("按键 ••••••（6 个）")
    assert PASSWORD not in page.locator(".phone").inner_html()
    expect(page.locator(".text .code").first).to_have_text(CODE)
    expect(page.locator(".line.lit")).to_have_count(1)
    hang_up(page)
    expect(page.locator(".line.lit")).to_have_count(0)
    expect(page.locator("#call")).to_have_attribute("aria-disabled", "false")


def test_silence_is_visible_and_can_be_cut_short(open_phone: OpenPhone) -> None:
    page = open_phone().page
    call(page)
    expect(page.locator("#waiting-word")).to_have_text("热线正在等您按 1 个键或说话")
    expect(page.locator("#waiting-seconds")).to_have_text("8 秒")
    page.get_by_role("button", name="不等了").click()
    expect(page.locator(".line.note .words")).to_have_text("未收到输入")
    expect(page.locator("#state")).to_have_text("对方已挂机")


def test_a_sentence_typed_is_heard_by_the_hotline(open_phone: OpenPhone) -> None:
    page = open_phone().page
    call(page)
    page.get_by_label("要说的话").fill("查余额")
    page.get_by_label("要说的话").press("Enter")
    expect(page.locator(".line.heard .words")).to_have_text("查余额")
    expect(page.locator(".line.say .words", has_text="您说查余额")).to_be_visible()
    hang_up(page)


def test_words_typed_where_only_keys_are_taken_are_kept_and_calmly_refused(open_phone: OpenPhone) -> None:
    typed = "查余额"
    phone = open_phone()
    phone.expected.append("status of 409")
    page, field = phone.page, phone.page.get_by_label("要说的话")
    call(page)
    press(page, "1")
    expect(page.locator(".line.lit .words")).to_have_text("请输密码")
    field.fill(typed)
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("热线此时只收按键。")
    expect(page.get_by_role("alert")).to_have_class("calm")
    expect(field).to_have_value(typed)
    expect(field).to_be_focused()
    expect(page.locator(".line.heard")).to_have_count(0)
    field.blur()
    press(page, PASSWORD)
    expect(page.get_by_role("alert")).to_have_text("")
    expect(page.locator(".line.say .words", has_text="余额一百元")).to_be_visible()
    hang_up(page)


@pytest.mark.parametrize("typed", [PASSWORD, "７３９１５４"])
def test_digits_typed_into_the_field_where_keys_are_awaited_are_keys_and_stand_nowhere(
    open_phone: OpenPhone, typed: str
) -> None:
    page = open_phone().page
    field = page.get_by_label("要说的话")
    call(page)
    press(page, "1")
    expect(page.locator(".line.lit .words")).to_have_text("请输密码")
    field.focus()
    page.keyboard.insert_text(typed)
    expect(field).to_have_value("")
    expect(field).not_to_be_focused()
    expect(page.locator(".line.say .words", has_text="余额一百元")).to_be_visible()
    assert PASSWORD not in page.locator("body").inner_text()
    hang_up(page)


def test_after_a_sentence_the_keys_are_the_telephones_again(open_phone: OpenPhone) -> None:
    page = open_phone().page
    call(page)
    page.keyboard.press("s")
    page.keyboard.type("查余额")
    page.keyboard.press("Enter")
    expect(page.locator(".line.heard .words")).to_have_text("查余额")
    expect(page.get_by_label("要说的话")).not_to_be_focused()
    expect(page.locator("#waiting.on")).to_be_visible()
    page.keyboard.type("1")
    expect(page.locator(".line.lit .words")).to_have_text("请输密码")
    page.keyboard.type(PASSWORD)
    expect(page.locator(".line.say .words", has_text="余额一百元")).to_be_visible()
    hang_up(page)


def test_the_far_end_hangs_up(open_phone: OpenPhone) -> None:
    page = open_phone().page
    call(page)
    press(page, "9")
    expect(page.locator("#state")).to_have_text("对方已挂机")
    expect(page.locator("#hang-up")).to_have_attribute("aria-disabled", "true")
    call(page)
    expect(page.locator(".line")).to_have_count(1)
    hang_up(page)


def test_the_calling_number_is_chosen_from_the_customers_typed_or_withheld(open_phone: OpenPhone) -> None:
    page = open_phone().page
    expect(page.locator("#number")).to_have_value(WANG)
    page.get_by_text("测试客户", exact=True).click()
    expect(page.get_by_text("没有登记手机银行")).to_be_visible()
    page.get_by_role("button", name="使用 李女士").click()
    expect(page.locator("#number")).to_have_value(LI)
    page.get_by_role("textbox", name="主叫号码").fill("+86 136 0013 6000")
    page.get_by_role("textbox", name="主叫号码").press("Tab")
    expect(page.locator("#customer")).to_have_value("other")
    page.get_by_label("本机号码", exact=True).select_option("anonymous")
    expect(page.locator("#no-texts")).to_contain_text("隐藏号码收不到短信")
    with page.expect_request("**/phone/api/calls") as dialled:
        call(page)
    assert dialled.value.post_data_json == {"from": "anonymous"}
    expect(page.locator("#number")).to_be_disabled()
    hang_up(page)


def test_a_text_that_arrives_outside_a_call_is_shown_with_sender_and_time(
    open_phone: OpenPhone, exchange_at: tuple[str, Station]
) -> None:
    page = open_phone(viewport={"width": 360, "height": 740}).page
    page.locator("#customer").select_option(LI)
    exchange_at[1].send_text(LI, "<b>还款</b>提醒：本月账单已出。")
    text = page.locator(".text").first
    expect(text.locator("p")).to_have_text("<b>还款</b>提醒：本月账单已出。")
    expect(text.locator("header")).to_contain_text("+86 400 999 0000")
    expect(page.locator("#newest")).to_contain_text("还款")
    page.locator("#newest").click()
    expect(text).to_be_in_viewport()


def test_a_refusal_is_shown_in_the_language_of_the_page(open_phone: OpenPhone) -> None:
    phone = open_phone()
    phone.expected.append("status of 400")
    page = phone.page
    page.locator("#number").fill("12345")
    page.locator("#number").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("这不是电话号码，请输入如 13800138000 或 +8613800138000 的号码。")
    expect(page.locator("#state")).to_have_text("待机")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    expect(page.get_by_role("alert")).to_contain_text("That is not a telephone number")


def test_an_incoming_call_rings_and_is_answered_rejected_or_missed(
    open_phone: OpenPhone, exchange_at: tuple[str, Station]
) -> None:
    page, station = open_phone().page, exchange_at[1]
    use(page, CALLED)
    state = page.locator("#state")
    leg = station.ring(CALLED)
    expect(state).to_have_text("来电振铃")
    expect(page.locator("#hotline-label")).to_have_text("来电号码")
    expect(page.get_by_role("button", name="拒接")).to_be_enabled()
    page.get_by_role("button", name="接听").click()
    expect(state).to_have_text("通话中")
    leg.hang_up("hotline", "hangup")
    expect(state).to_have_text("对方已挂机")
    leg = station.ring(CALLED)
    expect(state).to_have_text("来电振铃")
    page.keyboard.press("Escape")
    expect(state).to_have_text("本机已拒接")
    assert ending(leg) == ("caller", "rejected")
    assert leg.status == "busy"
    leg = station.ring(CALLED)
    expect(state).to_have_text("来电振铃")
    leg.hang_up("hotline", "canceled", status="canceled")
    expect(state).to_have_text("对方已挂机")
    page.reload()
    expect(page.locator("#number")).to_have_value(WANG)
    with page.expect_response("**/events?after=0&wait=0"):
        use(page, CALLED)
    expect(state).to_have_text("待机")


@pytest.mark.parametrize(
    "typed", ["13600136000", "136 0013 6000", "8613600136000", "008613600136000", "１３６００１３６０００"]
)
def test_a_number_is_taken_as_it_is_dialled_at_home(open_phone: OpenPhone, typed: str) -> None:
    page = open_phone().page
    use(page, typed)
    expect(page.locator("#number")).to_have_value("+8613600136000")
    with page.expect_request("**/phone/api/calls") as dialled:
        call(page)
    assert dialled.value.post_data_json == {"from": "+8613600136000"}
    hang_up(page)


def test_a_refused_number_is_forgiven_when_another_is_typed(open_phone: OpenPhone) -> None:
    phone = open_phone()
    phone.expected.append("status of 400")
    page = phone.page
    page.locator("#number").fill("12345")
    page.locator("#number").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("这不是电话号码")
    page.locator("#number").fill("1360")
    expect(page.get_by_role("alert")).to_have_text("")


def test_the_text_at_hand_is_of_this_call(open_phone: OpenPhone, exchange_at: tuple[str, Station]) -> None:
    page = open_phone(viewport={"width": 360, "height": 740}).page
    page.locator("#customer").select_option(LI)
    exchange_at[1].send_text(LI, "验证码 111222，请勿告诉他人。")
    expect(page.locator("#newest")).to_contain_text("111222")
    call(page)
    expect(page.locator("#newest")).to_be_hidden()
    expect(page.locator(".text").first).to_contain_text("111222")
    exchange_at[1].send_text(LI, "验证码 333444，请勿告诉他人。")
    expect(page.locator("#newest")).to_contain_text("333444")
    hang_up(page)


def test_two_pages_with_one_number_are_told_of_each_other(open_phone: OpenPhone) -> None:
    page = open_phone().page
    words = "本机号码正在另一个页面使用，来电和短信两边都会收到。"
    expect(page.get_by_role("alert")).to_have_text("")
    other = page.context.new_page()
    other.goto(page.url)
    for each in (page, other):
        expect(each.get_by_role("alert")).to_have_text(words)
        expect(each.get_by_role("alert")).to_have_class("calm")
    other.locator("#customer").select_option(LI)
    for each in (page, other):
        expect(each.get_by_role("alert")).to_have_text("")
    other.locator("#customer").select_option(WANG)
    expect(page.get_by_role("alert")).to_have_text(words)
    other.close()
    expect(page.get_by_role("alert")).to_have_text("")


def test_whoever_leaves_during_a_call_is_asked_first(open_phone: OpenPhone) -> None:
    page = open_phone().page
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.reload()
    expect(page.locator("#number")).to_have_value(WANG)
    assert asked == []
    call(page)
    page.reload()
    expect(page.locator("#number")).to_have_value(WANG)
    assert asked == ["beforeunload"]
