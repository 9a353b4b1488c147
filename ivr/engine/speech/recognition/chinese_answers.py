"""Mandarin yes and no: a yes has lasting effects and must be one of a short closed set; a no is any refusal."""

import re

from ivr.engine.speech.recognition.rules import Answer

_POLITE = re.compile("对不起|不好意思|抱歉|麻烦|请问")
# Questions (是不是, 对不对), not knowing, not having heard, waiting, and double negatives.
_UNCLEAR = re.compile(
    "(?<!不)(.)不\\1|没事|没关系|不知道|不确定|不清楚|不明白|不懂|不太|听不|没听|没懂|没明白|怎么|什么|为何|哪|吗|重复|再说|再听|再念"
    "|等一|等等|稍等|差不多|(?:不|别)要?想?(?:取消|放弃|停)|是否|能否"
)
_ASKS = re.compile("吗|么$|(?<!不)(.)不\\1|[对是]吧|是否|能否|哪|什么|怎么")
_NOT_WRONG = "没有?问题|没有?错|不会错|没有?异议"
_STOP = re.compile("取消|放弃|算了|停止|终止|作废")
_NO = re.compile(
    "不[是对行要好用办转付缴交认成]|不(?:可以|同意|正确|需要|确认|想|能)|(?<![不没有会])错|有误|否|拒绝|没有|别|^不(?!错)|^没|^no+p?e?$"
)
_YES_FIRST = re.compile(f"(?:嗯|{_NOT_WRONG}|是的|对(?!方)[的头]?|好(?!像)[的吧]?|可以|确认|正确|行)")
_NO_KEYS = ("二", "按二")

# The closed set. 对吧, 是啊, 好, 行, 可以, OK and 没问题 are not in it: they may be fillers or questions.
_SO = "(?:是的?|对的?|没错的?|正确的?)"
_DEED = "(?:继续|进行|办理)?(?:转账|缴费|交费|付款|支付|挂失|回电|办理|提交)"
_AGREED = f"(?:我|(?:请|麻烦)[你您]?(?:帮我)?)?(?:确认|确定|同意)(?:{_DEED})?"
_BEFORE = "(?:嗯|呃|好的?)*"
_AFTER = "(?:谢谢[你您]?|多谢|麻烦[你您]了?)*"
_YES = re.compile(f"按?一|{_BEFORE}(?:{_SO}{{1,3}}(?:{_AGREED})?|{_AGREED}){_AFTER}")
_COURTESY = re.compile("(?:嗯|呃|好的?|是的?|对的?|请|麻烦[你您]?|帮我|我要|我想)*")
_THANKS = re.compile(_AFTER)


def answer(text: str) -> Answer:
    """The answer to a yes-or-no question, from a text in simplified characters without punctuation.

    "不错" alone is unclear: it is a yes, and also what a recogniser leaves of "不，错". "嗯" may be a breath.

    The keys of the question, 1 and 2, are answers too.
    """
    if _YES.fullmatch(text):
        return "yes"
    said = _POLITE.sub("", text)
    if said in _NO_KEYS:
        return "no"
    if _UNCLEAR.search(said):
        return "unclear"
    if _STOP.search(said):
        return "no"
    if _NO.search(re.sub(_NOT_WRONG, "", said)):
        return "unclear" if _YES_FIRST.match(said) else "no"
    return "unclear"


def bare(text: str, label: str) -> str | None:
    """The part of a statement that may be a label of this length, where only courtesy surrounds it."""
    if _ASKS.search(text):
        return None
    for end in range(len(text), len(label) - 1, -1):
        start = end - len(label)
        if _COURTESY.fullmatch(text, 0, start) and _THANKS.fullmatch(text, end):
            return text[start:end]
    return None
