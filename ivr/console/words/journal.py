"""The words for outcomes, offers, legs and what happened at a step; the English stands in `english/journal.py`."""

from collections.abc import Mapping

from ivr.console.office import office
from ivr.console.words import desk, say
from ivr.console.words.desk import AGENT_STATES, LEVELS, queue_word

__all__ = ["AGENT_STATES", "LEVELS"]

OUTCOMES: Mapping[str, tuple[str, str]] = {  # word, and the mark's shape
    "answered": ("座席接听", "ready"),
    "abandoned": ("排队放弃", "done"),
    "callback": ("改为回拨", "fine"),
    "timeout": ("等候超时", "done"),
    "failed": ("转接失败", "done"),
    "waiting": ("正在等候", "ring"),
    "served": ("自助办完", "fine"),
    "hung_up": ("自助中挂机", "done"),
    "open": ("正在自助", "talk"),
}
OFFERS: Mapping[str, tuple[str, str]] = {
    "ringing": ("振铃中", "ring"),
    "accepted": ("已接受", "ring"),
    "answered": ("已接通", "ready"),
    "refused": ("拒接", "soon"),
    "unanswered": ("无人应答", "soon"),
    "unreachable": ("话路没有接上", "lost"),
    "withdrawn": ("已撤回", "done"),
}
RULES: Mapping[str, str] = {
    "preferred": "上次服务该客户的座席",
    "longest_idle": "空闲最久",
    "transfer": "转接",
    "consult": "咨询",
    "not_preferred": "不是上次服务的座席",
    "idle_for_less_time": "空闲时间较短",
}
LEGS: Mapping[str, str] = {"customer": "客户", "agent": "座席", "consulted": "被咨询人", "leader": "班长"}
LEG_STATES: Mapping[str, str] = {
    "ordered": "待呼叫",
    "ringing": "振铃中",
    "in": "在通话中",
    "left": "已离开",
    "failed": "未接通",
}
ENDED_BY: Mapping[str, str] = {
    "customer": "客户挂机",
    "agent": "座席挂机",
    "leader": "班长结束",
    "transfer": "已转接",
    "self_service": "转回自助语音",
    "line_failed": "座席话路没有接上",
    "provider": "通信故障",
    "timeout": "等候过久",
    "restart": "系统重启",
}
CAUSES: Mapping[str, str] = {  # the rules that change an agent's state
    "distribution": "系统派话",
    "call_ended": "通话结束",
    "no_answer": "无人应答",
    "line_never_came": "话路没有接上",
    "silent_desk": "工作台没有应答",
    "desk_back": "工作台恢复应答",
    "wrap_up_over": "小结时间已到",
    "wish": "此前的选择",
    "restart": "系统重启",
    "hang_up": "客户挂机",
    "book": "改为回拨",
    "time_out": "等候超时",
}
KINDS: Mapping[str, str] = {"inbound": "来电", "callback": "回拨", "transfer": "转接"}
TAPES: Mapping[str, str] = {
    "running": "录音中",
    "paused": "录音暂停",
    "processing": "录音处理中",
    "ready": "录音可听",
    "absent": "没有录音",
    "deleted": "录音已到期删除",
}
SHEETS: Mapping[str, str] = {"open": "未提交", "submitted": "已提交", "timed_out": "超时未写"}
HAPPENED: Mapping[str, str] = {
    **desk.HAPPENED,
    "give_up": "多次无效，转出",
    "repeat": "重听",
    "back": "返回上一级",
    "limit": "超过通话限度",
    "gate closed": "未验密，不能办理",
    "yes": "确认",
    "no": "否认",
    "open": "营业时间内",
    "joined": "进入队列",
    "offered": "请客户选择",
    "identified": "已识别客户",
    "verified": "已核验",
    "found": "已找到",
    "answered": "座席接听",
    "recorded": "已留言",
}


def queue_codes() -> list[str]:
    """The queues of config.yaml."""
    return list(office().floor_rules.queues)


def queue(code: str) -> str:
    """A queue; one that is not of ours keeps its name in config.yaml."""
    return queue_word(code)


def happened(what: str) -> str:
    """What happened at a step: a key that was pressed, a word of ours, else the outcome as flows name it."""
    if what in HAPPENED:
        return say(HAPPENED[what])
    return say("按 {key}", key=what) if len(what) == 1 and (what.isdigit() or what in "*#") else what


def cause(who: str) -> str:
    """Who or which rule changed an agent's state, as its journal names it."""
    kind, _, name = who.partition(":")
    if kind == "staff" and name:
        return name
    ended = ENDED_BY.get(who.removeprefix("ended_by_"))
    return say(CAUSES[who]) if who in CAUSES else say(ended) if ended else who
