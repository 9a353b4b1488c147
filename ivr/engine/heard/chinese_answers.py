"""是 or 不是: a yes moves money, so a yes is only what says nothing else; a no is any refusal."""

import re

from ivr.engine.heard.rules import Answer

_POLITE = re.compile("对不起|不好意思|抱歉|麻烦|请问")
# Questions (是不是, 对不对), not knowing, not having heard, waiting, and a denial of the denial.
_UNCLEAR = re.compile(
    "(?<!不)(.)不\\1|没事|没关系|不知道|不确定|不清楚|不明白|不懂|不太|听不|没听|没懂|没明白|怎么|什么|为何|哪|吗|重复|再说|再听|再念"
    "|等一|等等|稍等|差不多|(?:不|别)要?想?(?:取消|放弃|停)|是否|能否"
)
_NOT_WRONG = "没有?问题|没有?错|不会错|没有?异议"
_STOP = re.compile("取消|放弃|算了|停止|终止|作废")
_NO = re.compile(
    "不[是对行要好用办转付缴交认成]|不(?:可以|同意|正确|需要|确认|想|能)|(?<![不没有会])错|有误|否|拒绝|没有|别|^不(?!错)|^没|^no+p?e?$"
)
_YES = re.compile(f"{_NOT_WRONG}|是的?|对[的头]?|好[的吧嘞]?|行|可以的?|确认|确定|正确|无误|准确|同意|ok|okay|yes|yeah")
_BESIDE = re.compile(
    "不错|谢谢|感谢|麻烦|你们?|您|我|就|那|都|全部?|请|这个?|样|了|啦|呀|啊|哦|吧|呢|哎|呃|的|很|非常|完全|继续|办理|转账|支付|付款|缴费|提交|嗯|金额|信息|账号|号码|姓名|名字|户名|收款人"
)
_YES_FIRST = re.compile(f"(?:嗯|{_NOT_WRONG}|是的|对(?!方)[的头]?|好(?!像)[的吧]?|可以|确认|正确|行)")
_KEYS = {"一": "yes", "1": "yes", "按一": "yes", "按1": "yes", "二": "no", "2": "no", "按二": "no", "按2": "no"}


def answer(text: str) -> Answer:
    """What is said to a yes-or-no question, in simple characters without punctuation.

    "不错" alone is unclear: it is a yes, and also what a recogniser leaves of "不，错". So is "嗯", which may be
    no more than a breath. The keys of the question, 1 and 2, are answers too.
    """
    said = _POLITE.sub("", text)
    key = _KEYS.get(said)
    if key is not None:
        return "yes" if key == "yes" else "no"
    if _UNCLEAR.search(said):
        return "unclear"
    if _STOP.search(said):
        return "no"
    if _NO.search(re.sub(_NOT_WRONG, "", said)):
        return "unclear" if _YES_FIRST.match(said) else "no"
    rest = _YES.sub("", said)
    return "yes" if rest != said and not _BESIDE.sub("", rest) else "unclear"
