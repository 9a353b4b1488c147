"""What the floor calls its figures and alarms, and the definitions beside them; the English is in `english/floor.py`.

The English of a definition is the docstring of its metric: what a page shows is what the number is.
"""

from collections.abc import Mapping

from markupsafe import Markup

from ivr.centre.floor.alarms import OF_AGENTS
from ivr.centre.floor.models import FloorAlarm
from ivr.console.words import say
from ivr.console.words.desk import queue_word

DEFINITIONS: Mapping[str, str] = {  # metric -> its definition
    "service_level": "目标时间内接听数 ÷（来电数 − 目标时间内放弃数）。正在等候的暂不计入。",
    "answer_rate": "人工接听数 ÷ 转人工来电数。正在等候的暂不计入。",
    "speed_of_answer": "已接听来电从开始排队到人工服务的等候时间 ÷ 接听数。依据 GB/T 32312。",
    "abandonment_rate": "排队中放弃数 ÷ 排队数。选择回拨的不算放弃。",
    "handle_time": "已结束通话的通话、保持和小结时间之和 ÷ 这些通话数。",
    "needed_c": "达到目标所需的最少座席，假定客户一直等待（Erlang C）。",
    "needed_a": "达到目标所需的最少座席，客户会放弃（Erlang A，按今日耐心）。",
    "occupancy": "服务时间（通话、保持、小结）÷（服务时间 + 示闲等待时间），全部座席合计。",
}
ALARMS: Mapping[str, str] = {  # figure -> what is beyond its threshold
    "waiting": "{subject}等候 {value} 人",
    "longest_wait_seconds": "{subject}最长等候 {value}",
    "service_level_percent": "{subject}服务水平 {value}%",
    "agents_free": "{subject}空闲座席 {value}",
    "hold_seconds": "{subject} 的客户保持 {value}",
    "unreachable": "{subject} 失联",
}
PARTIES: Mapping[str, str] = {"customer": "客户", "agent": "座席", "consulted": "被咨询", "leader": "班长"}
MODES: Mapping[str, str] = {"listen": "监听", "whisper": "耳语", "barge": "强插"}
ANNOUNCEMENTS: Mapping[str, str] = {"busy": "排队人数较多", "fault": "系统故障", "drill": "暂停受理"}
IN_SECONDS = frozenset({"longest_wait_seconds", "hold_seconds"})


def definition(metric: str) -> str:
    """What a metric is, in the language of the page."""
    return say(DEFINITIONS[metric])


def alarm_word(alarm: FloorAlarm, clock: str) -> Markup:
    """An alarm in words; `clock` is its value as a clock that runs, where it is a duration."""
    subject = alarm.subject if alarm.kind in OF_AGENTS else queue_word(alarm.subject)
    value = clock if alarm.kind in IN_SECONDS else alarm.value
    return Markup(say(ALARMS[alarm.kind])).format(subject=subject, value=value)  # noqa: S704 - our own words
