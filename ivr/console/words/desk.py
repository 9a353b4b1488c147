"""What the desk calls states, reasons, queues, and what a caller did; the English stands in `english/desk.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.calls.screen_pop import PathStep
from ivr.console.desk_view import DeskView
from ivr.console.office import now, office
from ivr.console.words import language, say

AGENT_STATES: Mapping[str, tuple[str, str]] = {  # word, and the mark's shape
    "signed_out": ("签退|状态", "done"),
    "not_ready": ("置忙", "rest"),
    "ready": ("示闲", "ready"),
    "ringing": ("振铃", "ring"),
    "talking": ("通话", "talk"),
    "on_hold": ("保持|状态", "rest"),
    "wrap_up": ("小结", "wrap"),
    "not_responding": ("未应答", "soon"),
    "unreachable": ("失联", "lost"),
}
REASONS: Mapping[str, str] = {
    "break": "小休",
    "meal": "用餐",
    "training": "培训",
    "meeting": "会议",
    "admin": "处理工单",
}
INTENTS: Mapping[str, str] = {
    "balance": "账户查询",
    "bill_payment": "缴费",
    "card_loss": "挂失",
    "password": "密码",
    "transfer": "转账",
}
LEVELS: Mapping[str, tuple[str, str]] = {
    "none": ("未验密", "ring"),
    "query": ("查询密码已验", "ready"),
    "transaction": ("交易密码已验", "ready"),
}
FLOWS: Mapping[str, str] = {
    "main": "主菜单",
    "card_loss": "挂失",
    "balance": "账户查询",
    "bills": "缴费",
    "transfer": "转账",
    "passwords": "修改密码",
    "callback": "预约回拨",
    "agent": "转人工",
    "identify": "核对身份",
    "verify_query": "查询密码",
    "verify_transaction": "交易密码",
    "code_entry": "验证码",
    "queue_offer": "排队时预约回拨",
}
HAPPENED: Mapping[str, str] = {
    "no_input": "没有应答",
    "no_match": "按键无效",
    "wrong": "输入错误",
    "invalid": "输入无效",
    "locked": "已锁定",
    "branch": "须到网点办理",
    "blocked": "本次来电不能再试",
    "too_many": "次数过多",
    "not_found": "没有找到",
    "no_funds": "余额不足",
    "over_each": "超过单笔限额",
    "over_day": "超过当日限额",
    "held": "改密后暂停转账",
    "frozen": "卡已冻结",
    "lost": "卡已挂失",
    "done": "已办成",
    "pending": "已受理，待核心系统确认",
    "reported": "已挂失",
    "already": "此前已挂失",
    "unavailable": "核心系统没有应答",
    "sent": "验证码已发送",
    "right": "验证码正确",
    "expired": "验证码已过期",
    "closed": "队列不在服务时间",
    "full": "队列已满",
    "timeout": "等候超时",
}
TALK_STATES: Mapping[str, tuple[str, str]] = {
    "connecting": ("接通中", "ring"),
    "joining": ("接通中", "ring"),
    "talking": ("通话", "talk"),
    "on_hold": ("保持|状态", "rest"),
    "verifying": ("客户正在自助语音验密", "ring"),
    "reconnecting": ("正在重新接通", "soon"),
}
ENDED_BY: Mapping[str, str] = {
    "customer": "客户挂机",
    "agent": "座席挂机",
    "self_service": "转回自助语音",
    "rule": "系统",
}
IDLE_WORDS: Mapping[str, str] = {
    "ready": "有来电时在此处显示，不会打断您正在输入的内容",
    "signed_out": "按 R 示闲后开始接来电",
    "not_ready": "现在不派来电",
    "not_responding": "上一通来电没有接听，按 R 恢复示闲",
    "unreachable": "一段时间没有收到本工作台的应答，按 R 恢复示闲",
}
TONGUES: Mapping[str, str] = {"zh-CN": "普通话", "en": "英语"}
REVEAL_REASONS: Mapping[str, str] = {"check": "与客户核对", "business": "办理业务需要", "callback": "约定回拨"}
LOSS: Mapping[str, str] = {  # the outcome of report_loss -> what the agent is told
    "reported": "已挂失，短信已发给客户登记的手机。",
    "pending": "挂失已受理，正在等核心系统确认。",
    "already": "这张卡此前已经挂失。",
    "limit": "今天的挂失次数已满，请客户到网点办理。",
    "not_found": "没有找到这张卡。",
    "unavailable": "核心系统没有应答，请稍后再按一次。",
    "working": "正在办理，请稍后再按一次看结果。",
}
THIRD: Mapping[str, str] = {  # an agent who is consulted
    "ringing": "正在呼叫 {agent}",
    "coming": "{agent} 正在接入",
    "in": "{agent} 已接入",
    "refused": "{agent} 没有接",
    "unanswered": "{agent} 没有应答",
    "unreachable": "{agent} 的电话没有接通",
    "failed": "{agent} 的电话没有接通",
    "withdrawn": "咨询已取消",
    "left": "{agent} 已离开",
}
FACTS: Mapping[str, str] = {"mobile": "手机", "identity": "证件", "card": "卡 {last4}", "balance": "余额 {last4}"}
PROVEN: Mapping[str, str] = {"identified": "身份相符", "verified": "密码正确"}  # said where the flow proves it
PROVING = frozenset({"identify", "verify_query", "verify_transaction"})


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a caller's path, in the language of the page; `place` is the step, for whoever mends the menu."""

    at: datetime
    words: str
    place: str = ""
    is_failed: bool = False


def told(path: Sequence[PathStep]) -> list[Told]:
    """The path of a caller as an agent reads it: what was pressed, proven or refused, and where it broke off."""
    found: list[Told] = []
    for step in path:
        words = step_words(step)
        if words and not (found and found[-1].words == words):
            found.append(Told(step.at, words, f"{step.flow}.{step.step}", step.is_failed))
    return found


def way(desk: DeskView) -> list[Told]:
    """The way of a call to this desk and through it, in its order: what the caller did, the queue, the talk."""
    if desk.pop is None:
        return []
    found = told(desk.pop.path)
    if desk.pop.entered_at is not None:
        found.append(Told(desk.pop.entered_at, say("进入{queue}队列", queue=queue_word(desk.queue))))
    talk = desk.interaction
    if talk is not None and talk.ended_at is not None:
        waited = desk.waited_seconds
        words = say("接听") if waited is None else say("接听，等候 {length}", length=length(waited))
        held = (
            say("通话结束，共保持 {length}", length=length(talk.held_seconds)) if talk.held_seconds else say("通话结束")
        )
        found += [Told(talk.accepted_at, words), Told(talk.ended_at, held)]
    return sorted(found, key=lambda line: line.at)


def step_words(step: PathStep) -> str:
    """One step in words; empty for what says nothing to a reader."""
    flow = say(FLOWS[step.flow]) if step.flow in FLOWS else step.flow
    if step.is_failed:
        return say("{flow}：到此转人工", flow=flow)
    if step.what.isascii() and step.what.isdigit():
        return say("{flow}：按 {key}", flow=flow, key=step.what)
    if step.what in PROVEN and step.flow in PROVING:
        return say("{flow}：{what}", flow=flow, what=say(PROVEN[step.what]))
    if step.what in HAPPENED:
        return say("{flow}：{what}", flow=flow, what=say(HAPPENED[step.what]))
    return ""


def queue_word(name: str) -> str:
    """A queue as config.yaml names it; one that it does not name stays as it is."""
    rules = office().floor_rules.queues.get(name)
    names = rules.name if rules is not None else {}
    return names.get(language()) or next(iter(names.values()), name)


def intent_word(code: str) -> str:
    """What a caller came for."""
    return say(INTENTS[code]) if code in INTENTS else say("未说明")


def clock_time(at: datetime | None) -> str:
    """A moment of today: 14:05:09, with its day where it is another."""
    if at is None:
        return ""
    local = at.astimezone(office().zone)
    return local.strftime("%H:%M:%S" if local.date() == now().date() else "%m-%d %H:%M")


def length(seconds: int) -> str:
    """A length of time: 2:31, 1:05:09."""
    minutes, rest = divmod(seconds, 60)
    hours, left = divmod(minutes, 60)
    return f"{hours}:{left:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def for_templates(desk: DeskView) -> dict[str, object]:
    """What the desk's templates use."""
    steps = way(desk)
    return {
        "agent_states": AGENT_STATES,
        "reasons": REASONS,
        "levels": LEVELS,
        "talk_states": TALK_STATES,
        "ended_by": ENDED_BY,
        "idle_words": IDLE_WORDS,
        "tongues": TONGUES,
        "third_states": THIRD,
        "loss_words": LOSS,
        "fact_word": lambda fact: say(FACTS[fact.kind], last4=fact.last4),
        "reveal_reasons": REVEAL_REASONS,
        "queue_word": queue_word,
        "intent_word": intent_word,
        "clock_time": clock_time,
        "length": length,
        "steps": steps,
        "failed_words": next((step.words for step in reversed(steps) if step.is_failed), ""),
    }
