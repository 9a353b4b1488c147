"""The golden table of TwiML: actions, their XML to the letter, and the same verbs built by the provider's own library.

Each row stands under the sentence of the provider's documentation that it proves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from twilio.twiml.voice_response import Gather as TheirGather
from twilio.twiml.voice_response import VoiceResponse

from ivr.engine.actions import Action, Continue, Enqueue, Gather, Hangup, Poll, Record, Speak, Utterance
from ivr.telephony.documents import Links
from ivr.telephony.twilio.twiml import Renderer, Voice

VOICES = {
    "zh-CN": Voice("cmn-CN", "Polly.Zhiyu-Neural", "cmn-Hans-CN"),
    "en": Voice("en-US", "Polly.Joanna-Neural", "en-US", "numbers_and_commands"),
}
RENDERER = Renderer(VOICES)
LINKS = Links("https://bank.example", 7)
HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
ACTION = "https://bank.example/voice/turn/7"
WAIT = "https://bank.example/voice/wait/7"
ON = f'<Redirect method="POST">{ACTION}</Redirect>'
LONG = "".join(f"第{n}条，账户余额一百元整。" for n in range(75))

Twin = Callable[[VoiceResponse], Any]


@dataclass(frozen=True)
class Row:
    """Actions, what is sent for them, and how the provider's library builds it."""

    proves: str
    actions: tuple[Action, ...]
    xml: str
    twin: Twin


def zh(text: str, recording: str | None = None) -> Utterance:
    """Said in Mandarin, or a recording of it."""
    return Utterance(text, "zh-CN", recording)


def en(text: str, recording: str | None = None) -> Utterance:
    """Said in English, or a recording of it."""
    return Utterance(text, "en", recording)


def said(text: str) -> str:
    """The Say of a Mandarin text."""
    return f'<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">{text}</Say>'


def said_en(text: str) -> str:
    """The Say of an English text."""
    return f'<Say language="en-US" voice="Polly.Joanna-Neural">{text}</Say>'


def says(parent: VoiceResponse | TheirGather, text: str) -> object:
    """The provider's library says a Mandarin text."""
    return parent.say(text, language="cmn-CN", voice="Polly.Zhiyu-Neural")


def says_en(parent: VoiceResponse | TheirGather, text: str) -> object:
    """The provider's library says an English text."""
    return parent.say(text, language="en-US", voice="Polly.Joanna-Neural")


def gathers(response: VoiceResponse, *texts: str, timeout: int = 6, **words: Any) -> None:
    """The provider's library asks in Mandarin, and goes on to the same URL without an answer."""
    gather = response.gather(**{"input": "dtmf", "action": ACTION, "method": "POST", "timeout": timeout, **words})
    for text in texts:
        says(gather, text)
    response.redirect(ACTION, method="POST")


def gather_en(response: VoiceResponse, text: str, **words: Any) -> None:
    """The same in English, by keys or speech."""
    gather = response.gather(
        input="dtmf speech", action=ACTION, method="POST", timeout=6, num_digits=1, finish_on_key="", speech_timeout=2,
        language="en-US", speech_model="numbers_and_commands", **words,
    )  # fmt: skip
    says_en(gather, text)
    response.redirect(ACTION, method="POST")


def enqueues(response: VoiceResponse, queue: str) -> object:
    """The provider's library puts the call into a queue."""
    return response.enqueue(queue, wait_url=WAIT, wait_url_method="POST", action=ACTION, method="POST")


def shape(element: Element) -> tuple[Any, ...]:
    """What a document says, whatever the order of its attributes."""
    return element.tag, element.attrib, element.text or "", tuple(shape(child) for child in element)


PIN = zh("请输入六位查询密码。")
KEYS = f'<Gather input="dtmf" action="{ACTION}" method="POST" timeout="6"'
SPEECH = 'input="dtmf speech" language="cmn-Hans-CN" speechTimeout="2"'
ENGLISH = 'input="dtmf speech" language="en-US" speechTimeout="2" speechModel="numbers_and_commands"'
REST = f'action="{ACTION}" method="POST" timeout="6" numDigits="1" finishOnKey=""'

GATHERS = (
    Row("numDigits: submits at once when reached", (Gather((PIN,), "zh-CN", 6, 6),),
        f'{KEYS} numDigits="6" finishOnKey="#">{said(PIN.text)}</Gather>{ON}',
        lambda r: gathers(r, PIN.text, num_digits=6, finish_on_key="#")),
    Row("numDigits: none, the finish key ends the number", (Gather((PIN,), "zh-CN", 6),),
        f'{KEYS} finishOnKey="#">{said(PIN.text)}</Gather>{ON}',
        lambda r: gathers(r, PIN.text, finish_on_key="#")),
    Row("finishOnKey: one key, or '' for none", (Gather((PIN,), "zh-CN", 6, 1, ""),),
        f'{KEYS} numDigits="1" finishOnKey="">{said(PIN.text)}</Gather>{ON}',
        lambda r: gathers(r, PIN.text, num_digits=1, finish_on_key="")),
    Row("timeout: seconds; starts after nested verbs finish, then it is the inter-digit timer",
        (Gather((PIN,), "zh-CN", 20, 6),),
        f'{KEYS.replace("6", "20")} numDigits="6" finishOnKey="#">{said(PIN.text)}</Gather>{ON}',
        lambda r: gathers(r, PIN.text, timeout=20, num_digits=6, finish_on_key="#")),
    Row("Gather without input falls through to the next verb", (Gather((), "zh-CN", 6, 1, ""),),
        f'{KEYS} numDigits="1" finishOnKey=""></Gather>{ON}',
        lambda r: gathers(r, num_digits=1, finish_on_key="")),
    Row("bargeIn: true unless it says otherwise", (Gather((PIN,), "zh-CN", 6, 6, interrupt=False),),
        f'{KEYS} numDigits="6" finishOnKey="#" bargeIn="false">{said(PIN.text)}</Gather>{ON}',
        lambda r: gathers(r, PIN.text, num_digits=6, finish_on_key="#", barge_in=False)),
    Row("input: dtmf speech; Gather's official list has cmn-Hans-CN and zh but not zh-CN",
        (Gather((PIN,), "zh-CN", 6, 1, "", speech=True),),
        f"<Gather {SPEECH} {REST}>{said(PIN.text)}</Gather>{ON}",
        lambda r: gathers(r, PIN.text, input="dtmf speech", num_digits=1, finish_on_key="", speech_timeout=2,
                          language="cmn-Hans-CN")),
    Row("hints: comma separated", (Gather((PIN,), "zh-CN", 6, 1, "", speech=True, hints=("转账", "查询,余额")),),
        f'<Gather {SPEECH} hints="转账,查询 余额" {REST}>{said(PIN.text)}</Gather>{ON}',
        lambda r: gathers(r, PIN.text, input="dtmf speech", num_digits=1, finish_on_key="", speech_timeout=2,
                          language="cmn-Hans-CN", hints="转账,查询 余额")),
    Row("speechTimeout: with any speechModel use an integer, not auto",
        (Gather((en("Press 1."),), "en", 6, 1, "", speech=True, hints=('a "bill" & more',)),),
        f'<Gather {ENGLISH} hints="a &quot;bill&quot; &amp; more" {REST}>{said_en("Press 1.")}</Gather>{ON}',
        lambda r: gather_en(r, "Press 1.", hints='a "bill" & more')),
)  # fmt: skip

SPOKEN = (
    Row("Redirect: what is said whole is over when the next document is asked for; no Gather took keys meanwhile",
        (Speak((zh("转账一百元。"),)), Continue()), f"{said('转账一百元。')}{ON}",
        lambda r: (says(r, "转账一百元。"), r.redirect(ACTION, method="POST"))),
    Row("Keep zh-CN as the internal locale and map it per engine: TTS voices use cmn-CN", (Speak((zh("您好。"),)),),
        said("您好。"), lambda r: says(r, "您好。")),
    Row("A mixed prompt is safer as two Say elements, one per language and voice",
        (Speak((zh("您好。"), en("Hello."))),),
        said("您好。") + said_en("Hello."), lambda r: (says(r, "您好。"), says_en(r, "Hello."))),
    Row("A mixed prompt: a Chinese name between English words",
        (Speak((en("You pay "), zh("李强"), en(", card ending in 8."))),),
        said_en("You pay ") + said("李强") + said_en(", card ending in 8."),
        lambda r: (says_en(r, "You pay "), says(r, "李强"), says_en(r, ", card ending in 8."))),
    Row("Say: texts of one language are one instruction, Chinese without spaces",
        (Speak((zh("您好。"), zh("再见。"))),),
        said("您好。再见。"), lambda r: says(r, "您好。再见。")),
    Row("Say: texts of one language are one instruction, English with them", (Speak((en("Hello."), en("Goodbye."))),),
        said_en("Hello. Goodbye."), lambda r: says_en(r, "Hello. Goodbye.")),
    Row("Say: a wrong voice/language pair makes the instruction fail, so a stranger is read by the first voice",
        (Speak((Utterance("Moin.", "de"),)),), said("Moin."), lambda r: says(r, "Moin.")),
    Row("Play: a recording replaces its text, in its place",
        (Speak((zh("一"), zh("二", "main.menu.2.wav"), zh("三"))),),
        f"{said('一')}<Play>https://bank.example/audio/zh-CN/main.menu.2.wav</Play>{said('三')}",
        lambda r: (says(r, "一"), r.play("https://bank.example/audio/zh-CN/main.menu.2.wav"), says(r, "三"))),
    Row("Play: a file name that is no URL is quoted", (Speak((en("x", "a b&c.wav"),)),),
        "<Play>https://bank.example/audio/en/a%20b%26c.wav</Play>",
        lambda r: r.play("https://bank.example/audio/en/a%20b%26c.wav")),
    Row("12100: unescaped &", (Speak((zh('A&B <李"强">'),)),), said("A&amp;B &lt;李&quot;强&quot;&gt;"),
        lambda r: says(r, 'A&B <李"强">')),
    Row("13520: Say unparseable; XML has no control characters, no surrogates",
        (Speak((zh("好\x00\x08\x1b\ud800\uffff的"),)),), said("好的"), lambda r: says(r, "好的")),
    Row("13520: Say empty", (Speak((zh("李强"), en(" "), zh(""), zh("\x00"), en("Hello."))),),
        said("李强") + said_en("Hello."), lambda r: (says(r, "李强"), says_en(r, "Hello."))),
)  # fmt: skip

VERBS = (
    Row("Pause: length; Redirect: method POST", (Poll(1),), f'<Pause length="1"/>{ON}',
        lambda r: (r.pause(length=1), r.redirect(ACTION, method="POST"))),
    Row("a slow service: said first, then asked for again", (Speak((zh("请稍候。"),)), Poll(1)),
        f'{said("请稍候。")}<Pause length="1"/>{ON}',
        lambda r: (says(r, "请稍候。"), r.pause(length=1), r.redirect(ACTION, method="POST"))),
    Row("Record: timeout (silence), finishOnKey, maxLength; verbs after a Record never run",
        (Speak((zh("请留言。"),)), Record(120, 6)),
        f'{said("请留言。")}<Record action="{ACTION}" method="POST" timeout="6" maxLength="120" finishOnKey="#"/>',
        lambda r: (says(r, "请留言。"),
                   r.record(action=ACTION, method="POST", timeout=6, max_length=120, finish_on_key="#"))),
    Row("Play: what a caller recorded, between texts",
        (Speak((zh("您的留言："), Utterance("", "zh-CN", audio_url="https://api.example/RE1?a=1&b"), zh("谢谢。"))),),
        f'{said("您的留言：")}<Play>https://api.example/RE1?a=1&amp;b</Play>{said("谢谢。")}',
        lambda r: (says(r, "您的留言："), r.play("https://api.example/RE1?a=1&b"), says(r, "谢谢。"))),
    Row("Enqueue: set your own waitUrl; action is called after the bridged conversation ends",
        (Speak((zh("正在为您转接。"),)), Enqueue("security", "zh-CN")),
        f'{said("正在为您转接。")}<Enqueue waitUrl="{WAIT}" waitUrlMethod="POST" action="{ACTION}" method="POST">'
        "security</Enqueue>",
        lambda r: (says(r, "正在为您转接。"), enqueues(r, "security"))),
    Row("Enqueue is not allowed in a waitUrl: who waits already is sent back to the waiting room",
        (Speak((zh("请继续等候。"),)), Enqueue("security", "zh-CN", still_queued=True)),
        f'{said("请继续等候。")}<Redirect method="POST">{WAIT}</Redirect>',
        lambda r: (says(r, "请继续等候。"), r.redirect(WAIT, method="POST"))),
    Row("Hangup: ends the call", (Speak((zh("再见。"),)), Hangup()), f"{said('再见。')}<Hangup/>",
        lambda r: (says(r, "再见。"), r.hangup())),
    Row("a document without verbs", (), "", lambda _: None),
)  # fmt: skip

ROWS = (*GATHERS, *SPOKEN, *VERBS)
