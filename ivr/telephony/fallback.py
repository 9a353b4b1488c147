"""Static answers: documents that need no database, no bundle and no session."""

from collections.abc import Mapping, Sequence

from ivr.engine.actions import Utterance
from ivr.telephony.documents import Documents

_SORRY = {
    "zh-CN": "非常抱歉，系统暂时繁忙，正在为您转接人工客服，请稍候。",
    "en": "We are very sorry, our system is busy at the moment. We are connecting you to an agent, please hold.",
}
_HOLD = {"zh-CN": "人工客服繁忙，请您继续等待。", "en": "All agents are busy. Please stay on the line."}
_LATER = {
    "zh-CN": "人工客服暂时无法接听，请您稍后再拨。感谢您的来电，再见。",
    "en": "No agent can answer at the moment. Please call again shortly. Thank you for calling, goodbye.",
}
_GONE = {"zh-CN": "本次通话已结束，请您重新拨打。再见。", "en": "This call has ended. Please dial again. Goodbye."}
HOLD_SECONDS = 20


def _said(texts: Mapping[str, str], languages: Sequence[str]) -> tuple[Utterance, ...]:
    return tuple(Utterance(text, language) for language, text in texts.items() if language in languages)


def apology(documents: Documents, languages: Sequence[str], base: str, queue: str) -> str:
    """Apologise and queue for an agent; the answer when everything else failed."""
    wait = f"{base}/voice/fallback/wait"
    return documents.last_resort(_said(_SORRY, languages), queue, wait, _said(_LATER, languages))


def hold(documents: Documents, languages: Sequence[str]) -> str:
    """One round of the wait loop without a database."""
    return documents.pause(_said(_HOLD, languages), HOLD_SECONDS)


def gone(documents: Documents, languages: Sequence[str]) -> str:
    """For a webhook of a call that is over or unknown."""
    return documents.goodbye(_said(_GONE, languages))
