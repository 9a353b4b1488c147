"""A yes is only a yes: whatever is unclear is neither a yes nor a no."""

import pytest

from ivr.engine.hearing import yes_no
from ivr.engine.languages import listed

ZH, EN = "zh-CN", "en"

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
