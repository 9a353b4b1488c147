"""What callers say finds the option they mean, and never one they refused; a yes is only a yes."""

import random
import string

import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from ivr.engine.heard.pinyin import loosely, syllables
from ivr.engine.heard.rules import HEARD, MOST, folded
from ivr.engine.hearing import match, yes_no
from ivr.engine.languages import listed

SEED = random.SystemRandom().randrange(2**32)

ZH, EN = "zh-CN", "en"

MENU = {
    "1": ("查询余额", "余额", "账户查询", "查余额"),
    "2": ("缴费", "生活缴费", "交电费"),
    "3": ("转账", "汇款"),
    "4": ("挂失", "口头挂失", "卡丢了"),
    "5": ("修改密码", "改密码"),
    "6": ("还款", "信用卡还款"),
    "7": ("余额明细", "交易明细"),
    "8": (),
    "0": ("人工", "人工服务", "转人工"),
    "star": ("返回", "上一级"),
}

CHINESE = [
    ("余额", "1"),
    ("查询余额", "1"),
    ("我想查一下余额", "1"),
    ("我想查一下我的余额。", "1"),
    ("能不能帮我查余额", "1"),
    ("查询，余额", "1"),
    ("茶寻鱼鹅", "1"),
    ("我要茶寻鱼鹅谢谢", "1"),
    ("余 额", "1"),
    ("查詢餘額", "1"),
    ("余额明细", "7"),
    ("交一明细", "7"),
    ("转账", "3"),
    ("转帐", "3"),
    ("轉帳", "3"),
    ("砖章", "3"),
    ("我要转账吧", "3"),
    ("赚脏", "3"),
    ("会款", "3"),
    ("瓜四", "4"),
    ("我的卡丢了", "4"),
    ("挂失！", "4"),
    ("修改蜜马", "5"),
    ("还款", "6"),
    ("环款", "6"),
    ("信用卡还款", "6"),
    ("姓用卡还款", "6"),
    ("人工", "0"),
    ("转人工", "0"),
    ("仁公", "0"),
    ("返回", "star"),
    # spoken keys
    ("一", "1"),
    ("幺", "1"),
    ("1", "1"),
    ("３", "3"),
    ("三。", "3"),
    ("按三", "3"),
    ("请按3", "3"),
    ("选三", "3"),
    ("我选第三个", "3"),
    ("三号键", "3"),
    ("按义", "1"),
    ("选伞", "3"),
    ("按八", "8"),
    ("按零", "0"),
    ("两", "2"),
    ("星号键", "star"),
    ("米字键", "star"),
    ("按*", "star"),
    # nothing fits
    ("九", None),
    ("井号键", None),
    ("不按三", None),
    ("", None),
    ("。。。", None),
    ("今天天气怎么样", None),
    ("余", None),
    ("是", None),
    # two fit
    ("余额还是转账", None),
    ("转账挂失", None),
    # the longer one wins
    ("转账还是人工服务", "0"),
    # refused
    ("不要转账", None),
    ("我不想转账", None),
    ("我不要去办理转账", None),
    ("别转账", None),
    ("不是转账", None),
    ("不用帮我转账", None),
    ("不要砖章", None),
    ("轉帳不要", None),
    ("转账不要了", None),
    ("转账我就不办了", None),
    ("要不要转账", None),
    ("不要转账，我要查余额", "1"),
    ("不是转账是挂失", "4"),
    ("余额不用查了，转账", "3"),
    ("不要余额，不要转账，要余额", "1"),
    ("不，转账", "3"),
    ("不好意思我要转账", "3"),
    ("要不查余额", "1"),
]


@pytest.mark.parametrize(("said", "key"), CHINESE)
def test_mandarin_finds_its_option(said: str, key: str | None) -> None:
    assert match(said, MENU, ZH) == key


OPTIONS = {
    "1": ("balance", "account balance", "check my balance"),
    "2": ("pay bills", "bill payment"),
    "3": ("transfer", "transfer money"),
    "4": ("lost card", "report a lost card"),
    "5": ("change password", "password"),
    "0": ("agent", "operator", "speak to someone"),
    "star": ("go back", "previous menu"),
}

ENGLISH = [
    ("balance", "1"),
    ("BALANCE!", "1"),
    ("I'd like to check my balance please", "1"),
    ("balances", "1"),
    ("ｂａｌａｎｃｅ", "1"),
    ("paying a bill", "2"),
    ("transferring money", "3"),
    ("transfers", "3"),
    ("I want to report the lost cards", "4"),
    ("changing the password", "5"),
    ("Operator.", "0"),
    ("go back", "star"),
    ("one", "1"),
    ("number two", "2"),
    ("press 3", "3"),
    ("I'd like option three, please.", "3"),
    ("the star key", "star"),
    ("oh", "0"),
    ("", None),
    ("?!", None),
    ("the", None),
    ("the.", None),
    ("nine", None),
    ("hash", None),
    ("agency", None),
    ("rebalance", None),
    ("what is the weather", None),
    ("balance or transfer", None),
    ("transfer money or balance", "3"),
    ("don't transfer", None),
    ("I don’t want to transfer", None),
    ("I do not want to make a transfer", None),
    ("no transfer", None),
    ("not a transfer, my balance", "1"),
    ("no, transfer", "3"),
    ("not press 3", None),
    ("I do not know my balance", "1"),
]


@pytest.mark.parametrize(("said", "key"), ENGLISH)
def test_english_finds_its_option(said: str, key: str | None) -> None:
    assert match(said, OPTIONS, EN) == key


def test_exact_words_win_over_homophones_and_these_over_near_sounds() -> None:
    options = {"1": ("收费",), "2": ("首飞",), "3": ("馊飞",)}
    assert match("收费", options, ZH) == "1"
    assert match("首飞", options, ZH) == "2"
    assert match("手肺", {"1": ("首飞",), "3": ("馊飞",)}, ZH) == "1"
    assert match("手肺", options, ZH) is None, "two are as near"
    assert match("手飞还是收费", {"1": ("收费",), "2": ("首非",)}, ZH) == "1"
    assert match("收费还是手飞", {"1": ("收费",), "2": ("首非",)}, ZH) == "1", "a poorer echo takes nothing away"


def test_a_word_of_one_character_needs_the_character_or_the_whole_text() -> None:
    assert match("卡", {"1": ("卡",)}, ZH) == match("我的卡", {"1": ("卡",)}, ZH) == "1"
    assert match("咖", {"1": ("卡",)}, ZH) == "1"
    assert match("喝咖啡", {"1": ("卡",)}, ZH) is None


def test_a_key_with_a_word_before_it_is_found_and_the_same_key_twice_is_not() -> None:
    assert match("按三", {"own 3": ("转账",), "0": ("人工",)}, ZH) == "own 3"
    assert match("按零", {"own 0": (), "0": ("人工",)}, ZH) is None
    assert match("press 3", {"own 3": (), "0": ()}, EN) == "own 3"


@pytest.mark.parametrize(
    ("syllable", "loose"),
    [("zhang", "zang"), ("chi", "ci"), ("shi", "si"), ("nan", "lan"), ("ning", "lin"), ("sheng", "sen"), ("n", "n")],
)
def test_confusable_sounds_are_one(syllable: str, loose: str) -> None:
    assert loosely(syllable) == loose
    assert loosely(loose) == loose


YES_ZH = listed(
    """
    是 是的 是的没错 对 对的 对对对 对，没错 好 好的 好的谢谢 行 可以 可以的 确认 我确认 确认转账 确定
    没错 没错的 没问题 没有问题 正确 金额正确 信息都是对的 同意 嗯是的 嗯，对 那好吧 好呀 ok OK的
    不错，是的 麻烦你了，确认 對 確認 沒錯 一 按一 1 １ 对没问题
    """
)
NO_ZH = listed(
    """
    不 不是 不是的 不对 不，不对 不对不对 不行 不要 不可以 不确认 不同意 不用了 不用了谢谢 不需要 取消
    取消吧 好的取消 确认取消 错了 错 是错的 是不对的 金额错了 金额不对 有误 算了 算了吧 我不想转了 没有
    没有，不是 否 拒绝 不是，是三百 對不起，錯了 不對 二 按二 2 对不起我按错了 no
    """
)
UNCLEAR_ZH = listed(
    """
    是不是 是不是的 对不对 好不好 要不要 可不可以 能不能改一下 确认不确认 不知道 不清楚 我没听清
    再说一遍 等一下 稍等 什么 不错 不错不错 不错了 嗯 对吗 是吗 对不起 不好意思 我是想问一下手续费
    好像是 我要转账 不要取消 别取消 好的不用改 对，但是不用短信 三 转账 今天是星期三 银行 对方是谁 要
    怎么改 差不多吧 没关系
    """
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [*((s, True) for s in YES_ZH), *((s, False) for s in NO_ZH), *((s, None) for s in (*UNCLEAR_ZH, "", "。", " "))],
)
def test_mandarin_yes_is_only_a_yes(said: str, meant: bool | None) -> None:
    assert yes_no(said, ZH) is meant


def phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split("|"))


YES_EN = phrases(
    """
    yes|Yes.|yeah|yep|correct|that's right|right|ok|OK|okay|sure|yes please|yes, that's correct|
    go ahead|I confirm|no problem|yes, of course|one|press 1|1|fine, thank you|that is correct
    """
)
NO_EN = phrases(
    """
    no|No!|nope|no, that's wrong|wrong|cancel|not correct|that's not right|it isn't right|don't|
    no thank you|stop|no, that's right|two|2|incorrect|please cancel it|I don’t confirm
    """
)
UNCLEAR_EN = phrases(
    """
    |what|I don't know|not sure what|maybe|say that again|don't cancel|not wrong|do not cancel it|
    yes no|hello|is it right to send money to my brother|three|I know|nobody|why not|yes but not today|
    right now I am at home
    """
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [*((s, True) for s in YES_EN), *((s, False) for s in NO_EN), *((s, None) for s in UNCLEAR_EN)],
)
def test_english_yes_is_only_a_yes(said: str, meant: bool | None) -> None:
    assert yes_no(said, EN) is meant


def test_an_unknown_language_is_answered_with_what_to_do() -> None:
    for ask in (lambda: match("oui", {"1": ("oui",)}, "fr"), lambda: yes_no("oui", "fr")):
        with pytest.raises(LookupError, match=r"'fr' \(there are en, zh-CN\): add a module to ivr/engine/heard/"):
            ask()
    assert list(HEARD) == [EN, ZH]


SAID = st.lists(
    st.one_of(
        st.sampled_from(
            ["不要", "转账", "余额", "人工", "挂失", "，", "我想", "一下", "三", "transfer", "not ", "balance ", ". "]
        ),
        st.text(max_size=8),
        st.text(string.ascii_letters + " '’.*#0123456789", max_size=8),
    ),
    max_size=12,
).map("".join)


@seed(SEED)
@settings(deadline=None)
@given(SAID, st.sampled_from([(ZH, MENU), (EN, OPTIONS)]), st.randoms(use_true_random=False))
def test_the_order_of_options_and_words_decides_nothing(
    said: str, menu: tuple[str, dict[str, tuple[str, ...]]], chance: random.Random
) -> None:
    note(f"seed {SEED}")
    language, options = menu
    shuffled = {
        key: chance.sample(words, len(words)) for key, words in chance.sample(list(options.items()), len(options))
    }
    answer = match(said, options, language)
    assert match(said, shuffled, language) == answer
    assert answer is None or answer in options


@seed(SEED)
@settings(deadline=None)
@given(SAID, st.sampled_from([ZH, EN]))
def test_no_text_breaks_the_hearing(said: str, language: str) -> None:
    note(f"seed {SEED}")
    assert yes_no(said, language) in (True, False, None)
    assert match(said, {"1": (said,), "2": ()}, language) in ("1", "2", None)


@seed(SEED)
@settings(deadline=None)
@given(st.text(max_size=40))
def test_each_character_has_one_syllable(text: str) -> None:
    note(f"seed {SEED}")
    assert len(syllables(text)) == len(text)
    assert all(syllables(text))


@pytest.mark.parametrize(
    "hostile",
    [
        "转账" * 5000,
        "不要" * 5000 + "转账",
        "不余额" * 5000,
        "\ufdfa" * 5000,
        "\ud800" * 500,
        "\x00" * 500,
        "'" * 9999,
        "a'" * 9999,
        "是" * 9999,
        "对不" * 5000,
        "一" * 9999,
        "not " * 5000 + "transfer",
        ".*" * 5000,
        "(((" * 500,
        "𠮷" * 600,
        "👨‍👩‍👧" * 500,
    ],
)
def test_long_and_hostile_texts_are_heard_to_a_bound(hostile: str) -> None:
    assert len(folded(hostile)) <= MOST
    for language, options in ((ZH, MENU), (EN, OPTIONS)):
        assert match(hostile, options, language) == match(hostile[:500], options, language)
        assert yes_no(hostile, language) is yes_no(hostile[:500], language)
