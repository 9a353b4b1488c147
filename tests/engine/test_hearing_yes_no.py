"""A yes is one of a closed set, said as a statement: a question, a filler or a polite refusal is not a yes."""

import pytest

from ivr.engine.speech.languages import split_words
from ivr.engine.speech.matching import yes_no

ZH, EN = "zh-CN", "en"

YES_ZH = split_words(
    """
    是 是。 是的 是的没错 是的，谢谢 是是是 对 对的 对对对 对，没错 對 确认 確認 我确认 请确认 确认。 确认谢谢
    确认转账 確認轉帳 确认转帐 确认缴费 确认交费 确认付款 确认支付 确认挂失 我确认转账 请帮我确认转账 确定 确定转账
    同意 我同意 同意转账 正确 没错 没错的 沒錯 嗯是的 嗯，对 嗯，确认转账 好的，确认 是的，确认转账 对的，我同意
    一 按一 1 １
    """
)
NO_ZH = split_words(
    """
    不 不是 不是的 不对 不，不对 不对不对 不行 不要 不可以 不确认 不同意 不用了 不用了谢谢 不需要 取消
    取消吧 好的取消 确认取消 取消转账 错了 错 是错的 是不对的 金额错了 金额不对 有误 算了 算了吧 我不想转了 没有
    没有，不是 否 拒绝 不是，是三百 對不起，錯了 不對 二 按二 2 对不起我按错了 no 不要转 先不转了 不确认转账
    """
)
UNCLEAR_ZH = split_words(
    """
    是不是 是不是的 对不对 好不好 要不要 可不可以 能不能改一下 确认不确认 不知道 不清楚 我没听清
    再说一遍 等一下 稍等 什么 不错 不错不错 不错了 对吗 是吗 对不起 不好意思 我是想问一下手续费
    好像是 我要转账 不要取消 别取消 好的不用改 对，但是不用短信 三 转账 今天是星期三 银行 对方是谁 要
    怎么改 差不多吧 没关系
    是？ 是? 对？ 对的？ 是的？ 确认？ 确认转账？ 没错？ 同意？ 按一？ 对吧 是吧 对嘛 是么 是呀
    是啊 对啊 确认吧 同意吧 是吧对吧
    嗯 嗯嗯 啊 哦 哦，是 好 好的 好了 好吧 好呀 好的谢谢 行 行吧 行了 可以 可以了 可以的 OK ok OK的
    没问题 没有问题 那好吧
    确认一下 确认一下金额 确认金额 我想确认 我再确认一下 先确认收款人 确定吗 你确定 是李强
    是我 对方 对了我想问 对了 是转给李强
    不错，是的 就这样 好说 随便 都行 应该是 应该对 可能是 大概对 世 事 四 市 队 要的 继续 来吧 信息都是对的 金额正确吗
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
    yes|Yes.|YES|yeah|yep|yup|yes yes|yes please|Yes, please.|yes, thank you|yes, go ahead|um yes|okay, yes|
    OK, I confirm|
    correct|yes, correct|that's right|That’s right.|that is right|yes, that's correct|that is correct|it is correct|
    yes it is|yes I do|confirm|confirmed|I confirm|I confirm.|please confirm|yes, I confirm|confirm it|confirm this|
    I confirm the transfer|confirm the transfer|confirm the payment|confirm my payment, please|I agree|agree|agreed|
    I agree to that|yes, I agree, thank you|one|press 1|press one|1
    """
)
NO_EN = phrases(
    """
    no|No!|nope|no, that's wrong|wrong|cancel|not correct|that's not right|it isn't right|don't|
    no thank you|stop|no, that's right|two|2|press two|incorrect|please cancel it|I don’t confirm|cancel the transfer|
    no thanks, I'm good|never|I do not agree|don't transfer|not now
    """
)
UNCLEAR_EN = phrases(
    """
    |what|I don't know|not sure what|maybe|say that again|don't cancel|not wrong|do not cancel it|
    yes no|hello|is it right to send money to my brother|three|I know|nobody|why not|yes but not today|
    right now I am at home|
    yes?|Yes?|correct?|confirm?|that's right?|I agree?|one?|is that right|is that right?|is this correct|is it|
    am I right|
    ok|OK|okay|Okay.|I'm okay|I'm OK thanks|I'm good|I'm fine|fine|fine, thank you|sure|sure sure|right|right right|
    good|
    all good|sounds good|looks good|alright|go ahead|continue|proceed|do it|absolutely|of course|yes, of course|
    no problem|mm-hmm|uh-huh|um|uh|well|well yes|I think so|I guess so|probably|could be|whatever|that's fine|
    whose is it|
    yes I have a question|yes I want to ask something|confirm the name first|I want to confirm|let me confirm|
    can you confirm|transfer|the transfer|pay|thank you|thanks|please|correct me|it's right after the other one
    """
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [*((s, True) for s in YES_EN), *((s, False) for s in NO_EN), *((s, None) for s in UNCLEAR_EN)],
)
def test_english_yes_is_only_a_yes(said: str, meant: bool | None) -> None:
    assert yes_no(said, EN) is meant


LABELLED = [
    (ZH, ("继续转账", "取消"), "继续转账", True),
    (ZH, ("继续转账", "取消"), "请继续转账，谢谢", True),
    (ZH, ("继续转账", "取消"), "我要继续转账", True),
    (ZH, ("继续转账", "取消"), "继续转帐", True),
    (ZH, ("继续转账", "取消"), "继续转账？", None),
    (ZH, ("继续转账", "取消"), "继续转账吗", None),
    (ZH, ("继续转账", "取消"), "不继续转账", False),
    (ZH, ("继续转账", "取消"), "先别继续转账", False),
    (ZH, ("继续转账", "取消"), "取消", False),
    (ZH, ("同意", "更换号码"), "更换号码", False),
    (ZH, ("同意", "更换号码"), "我想更换一下号码", False),
    (ZH, ("同意", "更换号码"), "更幻号码", False),
    (ZH, ("同意", "更换号码"), "统一", None),
    (ZH, ("取消挂失", "返回"), "取消挂失", True),
    (EN, ("report it lost", "cancel"), "report it lost", True),
    (EN, ("report it lost", "cancel"), "Report it lost, please.", True),
    (EN, ("report it lost", "cancel"), "yes, report it lost", True),
    (EN, ("report it lost", "cancel"), "report it lost?", None),
    (EN, ("report it lost", "cancel"), "don't report it lost", False),
    (EN, ("report it lost", "cancel"), "should I report it lost", None),
    (EN, ("transfer it again", "cancel"), "transfer it again", True),
    (EN, ("transfer it again", "cancel"), "I'd like to transfer it again", True),
    (EN, ("agree", "another number"), "another number", False),
    (EN, ("agree", "another number"), "use another number please", False),
]


@pytest.mark.parametrize(("language", "labels", "said", "meant"), LABELLED)
def test_what_a_question_announces_answers_it(
    language: str, labels: tuple[str, str], said: str, meant: bool | None
) -> None:
    assert yes_no(said, language, {"1": labels[:1], "2": labels[1:]}) is meant
