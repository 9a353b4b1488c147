"""The home page of each role: the pages that exist, and those that are planned."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ivr.centre.staff.permissions import Permission
from ivr.centre.staff.roles import Role, first
from ivr.console.access import needs
from ivr.console.office import actor

pages = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Home:
    """The home page of a role: title, description, and planned pages."""

    title: str
    about: str
    to_come: tuple[tuple[str, str], ...] = ()


HOMES: Mapping[Role, Home] = {
    Role.AGENT: Home(
        "工作台",
        "来电、回拨和工单都在这里办理。",
        (
            ("来电", "振铃、接听、客户资料与话术"),
            ("回拨", "承诺过的回电，按约定时间"),
            ("小结", "每通电话的分类与处理结果"),
        ),
    ),
    Role.LEADER: Home(
        "现场监控",
        "队列和座席的即时情况。",
        (
            ("现场监控", "等候、座席状态、监听与强插"),
            ("大屏", "五米外可读的四个数"),
            ("通话记录", "每通电话的经过与录音"),
        ),
    ),
    Role.HEAD: Home(
        "审批与评定",
        "外呼项目由您审批，评定由您签发；自己提出的不能自己批准。",
        (("外呼项目", "待批准的项目与对来电的影响"), ("评定", "每月座席评定"), ("报表", "服务水平与接通率")),
    ),
    Role.QA: Home("质检", "每月抽样的录音与评分。", (("抽样", "每位座席每月的录音"), ("评分", "五项标准与书面点评"))),
    Role.STATS: Home(
        "报表", "每周的统计与分析，每个数都带口径。", (("周报", "自动起草，由您签发"), ("自助查询", "按业务分类的汇总"))
    ),
    Role.PARTY: Home(
        "投诉工单",
        "登记、分发、督办、责任认定与归档。",
        (("投诉工单", "今日待分发与临近期限"), ("督办", "催办及其期限"), ("通报", "分类统计与改进事项")),
    ),
    Role.UNIT: Home("本单位的投诉", "分发给本单位的投诉在这里办理和答复。", (("投诉工单", "本单位承办的工单与期限"),)),
    Role.DEPT: Home(
        "外呼项目与变更通知",
        "提出外呼项目，提前通知业务变更。",
        (("外呼项目", "起草、提交、跟踪本部门的项目"), ("变更通知", "新产品、收费、网点与营业时间")),
    ),
    Role.TECH: Home(
        "账号与运行状况",
        "员工账号由科技开发部管理；这里看不到客户资料和录音。",
        (("运行状况", "服务、队列与告警"), ("语音流程", "编辑、检查、发布")),
    ),
    Role.HR: Home("座席名册", "座席名册、普通话证书与培训。", (("培训", "课程、出勤与成绩"),)),
    Role.AUDIT: Home("审计日志", "谁在何时做了什么、为什么。只能查看，不能更改。"),
}


LEADS: Mapping[Role, str] = {Role.AGENT: "console.desk.show", Role.LEADER: "console.floor.show"}
"""Roles whose home is a page of their own."""


@pages.get("/")
@needs(Permission.HOME)
def show() -> str | Response:
    """The home page of the reader's first role."""
    if first(actor().roles) in LEADS:
        return redirect(url_for(LEADS[first(actor().roles)]))
    return render_template("home.html", home=HOMES[first(actor().roles)])
