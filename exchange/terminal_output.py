"""Formats events for the terminal phone, in Chinese and English."""

from collections.abc import Callable, Mapping
from typing import Any

Event = Mapping[str, Any]

HELP = (
    "  1  1234#      按键 / press keys\n"
    "  739164#       多出的键随即按下 / keys beyond the entry follow at once\n"
    "  early 1       播报时按键（脚本） / press while it speaks (scripts)\n"
    "  say 查询余额   说话 / speak\n"
    "  wait          不作声，等计时结束 / stay silent until the timer runs out\n"
    "  hangup        挂机 / hang up\n"
    "  ?             帮助 / help\n"
)

PROMPT = "         按键、say 要说的话、wait、hangup、? / keys, say WORDS, wait, hangup, ?  > "
"""The input prompt."""

NOBODY = (
    "! {url} 没有热线应答。请先在另一个终端运行 make run；端口不是 5000 时加上 --url。\n"
    "! no hotline answers at {url}. Start one in another terminal: make run; for another port than 5000 add --url.\n"
)

_ENDED_BY = {"caller": "本机挂机 / you hung up", "hotline": "对方挂机 / the hotline hung up"}


def _listening(event: Event) -> str:
    wants = [{"dtmf": "按键 keys", "speech": "语音 speech"}[kind] for kind in event["input"]]
    if event["num_digits"]:
        wants.append(f"{event['num_digits']} 位 digits")
    if event["finish_on_key"] and "dtmf" in event["input"]:
        wants.append(f"以 {event['finish_on_key']} 结束 to finish")
    return f"… 请输入 / listening: {', '.join(wants)} ({event['timeout']} s)"


_WRITERS: Mapping[str, Callable[[Event], str]] = {
    "ringing": lambda _: "- 振铃 / ringing",
    "answered": lambda _: "- 接通 / answered",
    "say": lambda e: f"< {e['text']}",
    "play": lambda e: f"< [放音 / playing] {e['text'] or e['url']}",
    "beep": lambda _: "< [提示音 / beep]",
    "pause": lambda e: f"- 停顿 / pause {e['seconds']} s",
    "listening": _listening,
    "keys": lambda e: f"> {e['digits']}",
    "heard": lambda e: f"> 「{e['text']}」",
    "no_input": lambda _: "- 未输入 / no input",
    "queued": lambda e: f"- 排队 / queued: {e['queue']}",
    "left_queue": lambda e: f"- 离开队列 / left the queue: {e['result']}",
    "connected": lambda e: f"- 已接通 / connected with {e['with']}",
    "recording": lambda e: f"- 录音 / recording {e['status']}",
    "warning": lambda e: f"! 警告 / warning {e['code']}: {e['message']}",
    "error": lambda e: f"! 错误 / error {e['code']}: {e['message']}",
    "ended": lambda e: f"- {_ENDED_BY.get(e['by'], '交换机挂机 / the exchange hung up')} ({e['reason']})",
    "text": lambda e: f"* 短信 / text from {e['from']}: {e['body']}",
    "incoming_call": lambda e: f"* 来电 / incoming call from {e['from']}",
}


def describe(event: Event) -> str:
    """One line: the UTC time to the second where the event has one, then the event."""
    writer = _WRITERS.get(event["type"])
    line = writer(event) if writer else f"- {event['type']}"
    return f"{str(event.get('at', ''))[11:19]:8} {line}\n"
