"""What callers say matches the option they mean, and never one they refused."""

import pytest

from ivr.engine.speech.matching import match, yes_no
from ivr.engine.speech.recognition.pinyin import loosely
from ivr.engine.speech.recognition.rules import RECOGNITION_RULES
from tests.engine.menus import MENU, OPTIONS

ZH, EN = "zh-CN", "en"

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
    # undone
    ("取消挂失", None),
    ("我要取消挂失", None),
    ("取消刚才的转账", None),
    ("撤销转账", None),
    ("撤销刚刚那笔汇款", None),
    ("解除挂失", None),
    ("解除口头挂失", None),
    ("恢复挂失的卡", None),
    ("停止转账", None),
    ("取消砖章", None),
    ("转账取消", None),
    ("挂失撤销", None),
    ("卡丢了后来找到了", None),
    ("我的卡丢了，现在又找到了", None),
    ("找到了，卡丢了", "4"),
    ("卡没找到挂失", "4"),
    ("取消转账，查余额", "1"),
    ("取消挂失，人工", "0"),
    ("转账取消，我要查余额", "1"),
    # what is refused before "我要" is over
    ("不我要人工", "0"),
    ("不要我要人工", "0"),
    ("不要机器人要人工", "0"),
    ("不是说我要转账", None),
    ("不要人工", None),
    ("别转人工", None),
    ("人工不要", None),
    # homophones, other scripts, other regions
    ("仁工服务", "0"),
    ("转仁工", "0"),
    ("我要轉賬", "3"),
    ("掛失", "4"),
    ("繳費", "2"),
    ("椒费", "2"),
    ("过失", None),
    ("刮失", "4"),
    ("卡掉了", None),
    ("唔该转账", "3"),
    ("俺要转账", "3"),
]


@pytest.mark.parametrize(("said", "key"), CHINESE)
def test_mandarin_finds_its_option(said: str, key: str | None) -> None:
    assert match(said, MENU, ZH) == key


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
    # undone
    ("cancel my transfer", None),
    ("cancel the transfer please", None),
    ("I want to cancel a transfer", None),
    ("I need to stop a transfer", None),
    ("undo my transfer", None),
    ("reverse the transfer", None),
    ("I found my lost card", None),
    ("my lost card was found", None),
    ("the lost card has been found", None),
    ("transfer cancelled", None),
    ("transfer money, lost card was found", "3"),
    ("cancel my transfer, check my balance", "1"),
    ("cancel the transfer and pay bills", "2"),
    ("stop it, operator", "0"),
    ("don't cancel", None),
    ("I found out about bill payments", None),
    ("cancel", None),
    # an agent is not refused by what was refused before
    ("I don't want a machine, I want an agent", "0"),
    ("why can't I speak to someone", "0"),
    ("no, agent", "0"),
    ("never mind, operator", "0"),
    ("no agent", None),
    ("I do not want an agent", None),
    # figures, plurals, politeness
    ("could you please check my balance", "1"),
    ("I'd like to pay my bills", "2"),
    ("bill payments", "2"),
    ("report lost cards", "4"),
    ("changing my password", "5"),
    ("the previous menu", "star"),
    ("speak to someone please", "0"),
    ("agents", "0"),
    ("option 3", "3"),
    ("4", "4"),
    ("44", None),
    ("transfer, balance", None),
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
    "said",
    ["尾号4458", "尾号四四五八的账户", "四四五八", "4458", "尾号是4458", "尾號四四五八", "尾号肆肆伍捌", "位号4458"],
)
def test_an_item_is_found_by_its_figures_in_mandarin(said: str) -> None:
    said = said.replace("肆肆伍捌", "4458")
    words = {"1": ("尾号四四五八的账户", "四四五八"), "2": ("尾号四三二幺的账户", "四三二幺")}
    assert match(said, words, ZH) == "1"
    assert match("尾号4321", words, ZH) == "2"


@pytest.mark.parametrize("said", ["4458", "the one ending in 4458", "four four five eight", "ending in 44 58"])
def test_an_item_is_found_by_its_figures_in_english(said: str) -> None:
    words = {"1": ("account ending in four four five eight", "four four five eight"), "2": ("four three two one",)}
    assert match(said, words, EN) == "1"
    assert match("4321 please", words, EN) == "2"


def test_an_option_that_undoes_is_chosen_by_its_own_word() -> None:
    assert match("取消挂失", {"1": ("挂失",), "2": ("取消挂失",)}, ZH) == "2"
    assert match("挂失", {"1": ("挂失",), "2": ("取消挂失",)}, ZH) == "1"
    assert match("cancel my callback", {"1": ("callback",), "2": ("cancel callback",)}, EN) == "2"


@pytest.mark.parametrize(
    ("syllable", "loose"),
    [("zhang", "zang"), ("chi", "ci"), ("shi", "si"), ("nan", "lan"), ("ning", "lin"), ("sheng", "sen"), ("n", "n")],
)
def test_confusable_sounds_are_one(syllable: str, loose: str) -> None:
    assert loosely(syllable) == loose
    assert loosely(loose) == loose


def test_an_unknown_language_is_answered_with_what_to_do() -> None:
    for ask in (lambda: match("oui", {"1": ("oui",)}, "fr"), lambda: yes_no("oui", "fr")):
        with pytest.raises(
            LookupError, match=r"'fr' \(there are en, zh-CN\): add a module to ivr/engine/speech/recognition/"
        ):
            ask()
    assert list(RECOGNITION_RULES) == [EN, ZH]
