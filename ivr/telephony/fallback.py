"""The static answers: valid TwiML that needs no database, no bundle and no session."""

from collections.abc import Mapping

from ivr.telephony.twilio.twiml import Voice, document, escape

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


def _say(texts: Mapping[str, str], voices: Mapping[str, Voice]) -> str:
    return "".join(
        f'<Say language="{voices[language].say}" voice="{voices[language].voice}">{escape(text)}</Say>'
        for language, text in texts.items()
        if language in voices
    )


def apology(voices: Mapping[str, Voice], base: str, queue: str) -> str:
    """Apologise and wait for a person; said when everything else failed."""
    wait = f"{base}/voice/fallback/wait"
    return document(
        _say(_SORRY, voices),
        f'<Enqueue waitUrl="{wait}" waitUrlMethod="POST">{escape(queue)}</Enqueue>',
        _say(_LATER, voices),
        "<Hangup/>",
    )


def hold(voices: Mapping[str, Voice]) -> str:
    """One round of waiting without a database."""
    return document(_say(_HOLD, voices), f'<Pause length="{HOLD_SECONDS}"/>')


def gone(voices: Mapping[str, Voice]) -> str:
    """For a webhook of a call that is over, or that nobody knows."""
    return document(_say(_GONE, voices), "<Hangup/>")


def empty() -> str:
    """The answer to a notification."""
    return document()
