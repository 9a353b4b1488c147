"""Names of roles, states, levels and audited operations in Chinese; the English is in `english/`."""

from collections.abc import Collection, Mapping

from ivr.centre.staff.roles import NAMED_BY_UNIT, Role, first
from ivr.console.words import say

ROLES: Mapping[str, str] = {
    Role.AGENT: "座席",
    Role.LEADER: "班长",
    Role.HEAD: "负责人",
    Role.QA: "质检员",
    Role.STATS: "统计员",
    Role.PARTY: "党群工作部",
    Role.UNIT: "责任单位",
    Role.DEPT: "总行部门",
    Role.TECH: "科技开发部",
    Role.HR: "人力资源部",
    Role.AUDIT: "审计",
}
STATES: Mapping[str, tuple[str, str]] = {  # name, and the shape of its mark
    "inactive": ("未启用", "ring"),
    "active": ("在用", "ready"),
    "locked": ("已锁定", "soon"),
    "closed": ("已离职", "done"),
}
LEVELS: Mapping[str, str] = {
    "1A": "一级甲等",
    "1B": "一级乙等",
    "2A": "二级甲等",
    "2B": "二级乙等",
    "3A": "三级甲等",
    "3B": "三级乙等",
}
DEEDS: Mapping[str, str] = {
    "staff_added": "账号新增",
    "staff_certified": "证书登记",
    "staff_activated": "账号启用",
    "staff_locked": "账号锁定",
    "staff_unlocked": "账号解锁",
    "staff_closed": "账号注销",
    "staff_roles_changed": "角色变更",
    "staff_reset": "密码重置",
    "staff_password_changed": "本人改密",
    "second_factor_set_up": "动态码启用",
    "recovery_codes_renewed": "备用码更换",
    "roster_imported": "名册导入",
    "signed_in": "登录成功",
    "signed_out": "退出登录",
    "sign_in_refused": "登录被拒",
    "audit_viewed": "审计日志查看",
    "alarms_acknowledged": "告警知悉",
    "queue_closed": "队列关闭",
    "queue_opened": "队列重新开放",
    "agent_signed_out": "座席签退",
    "agent_skills_changed": "座席技能变更",
    "call_moved": "来电移走",
    "talk_listen": "通话监听",
    "talk_whisper": "通话耳语",
    "talk_barge": "通话强插",
    "talk_left": "介入结束",
    "publish": "流程发布",
    "calls_exported": "来电导出",
    "recording_heard": "录音听取",
    "lock_lifted": "客户密码解锁",
    "customers_imported": "客户导入",
    "log_restored": "日志恢复说明",
}


def role_word(code: str) -> str:
    """A role's name in the page's language."""
    return say(ROLES[code])


def roles_words(codes: Collection[str]) -> str:
    """The names of all roles, in order of precedence."""
    return say("、").join(role_word(role) for role in Role if role in codes)


def place_of(codes: Collection[str], unit: str) -> str:
    """How a member of staff is shown: by branch or department, else by role."""
    return unit if unit and NAMED_BY_UNIT & set(codes) else role_word(first(codes))


def deed_word(code: str) -> str:
    """The name of an audited operation; an unknown code is shown as it is."""
    return say(DEEDS[code]) if code in DEEDS else code
