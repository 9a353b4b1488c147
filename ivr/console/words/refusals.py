"""Messages for refusals: the problem and the remedy."""

from collections.abc import Mapping

from ivr.console.words import say

REFUSALS: Mapping[str, str] = {
    "required": "请填写这一项",
    "form": "这一项的内容不合要求",
    "too_long": "这一项太长",
    "wrong": "用户名或密码不对。再错 {left} 次将锁定 15 分钟。",
    "wrong_last": "用户名或密码不对。已锁定 15 分钟。",
    "throttled": "多次登录失败，请在 {minutes} 分钟后再试。",
    "shut": "该账号未启用或已停用，请联系科技开发部。",
    "expired": "临时密码已过期，请联系科技开发部重置。",
    "published": "演示密码只在演示环境中有效，请联系科技开发部。",
    "code_wrong": "动态码不对或已用过，请等下一个码再试。",
    "password_wrong": "现用密码不对",
    "password_short": "密码至少 {least} 位；启用动态码后至少 8 位",
    "password_long": "密码最多 {most} 位",
    "password_named": "密码中不能包含用户名",
    "password_simple": "密码至少要有 5 个不同的字符",
    "passwords_differ": "两次输入的新密码不一致",
    "password_same": "新密码不能与现用密码相同",
    "factor_there": "动态码已经启用",
    "certificate_missing": "没有二级乙等（含）以上的普通话证书，不能启用座席账号；请人力资源部先登记证书",
    "certificate_date": "证书日期应写成 2026-01-31 的样子，且不晚于今天",
    "certificate_level": "普通话等级应为一级甲等至三级乙等，或 1A 至 3B",
    "roles_apart": "远程银行部以外的角色只能单独持有",
    "role_unknown": "没有这个角色",
    "role_not_yours": "人力资源部只能导入座席",
    "user_name_taken": "该用户名已有人使用",
    "user_name_twice": "该用户名在文件中出现两次",
    "user_name_form": "用户名应为 2 至 32 位小写字母、数字、点或下划线，以字母开头",
    "name_form": "姓名应为 1 至 60 个字",
    "unit_form": "责任单位和总行部门要写明部门，最多 60 个字",
    "roster_missing": "请选择名册文件",
    "roster_encoding": "文件既不是 UTF-8 也不是 GB18030，请另存为 CSV UTF-8",
    "roster_heads": "第一行应为：用户名、姓名、角色、部门、普通话等级、证书日期",
    "roster_cells": "这一行的列数与第一行不同",
    "roster_empty": "文件中没有人员",
    "roster_long": "一次最多导入 {most} 行",
    "lost_race": "刚刚有别的改动，请核对后再试",
    "not_now": "现在的状态已不允许这样做，请核对后再试",
    "no_talk": "您现在没有在通话",
    "still_talking": "通话还没有结束，挂断后再提交",
    "nothing_to_resume": "自助语音里没有可以继续的步骤",
    "no_self_service": "这通来电不能转回自助语音",
    "unknown_reason": "没有这个置忙原因",
    "own_talk": "您自己在通话中，不能介入通话",
    "agent_not_talking": "该座席现在没有通话",
    "not_there_yet": "线路正在接通，请稍后再试",
    "no_agent": "没有这位座席",
    "no_skill": "座席至少要服务一个队列；不再服务请签退",
    "skill_level": "技能等级应为 1 至 5",
    "not_waiting": "该来电已不在等候，或正在振铃",
    "queue_is_closed": "该队列已关闭",
    "not_closed": "该队列没有关闭",
    "unknown_announcement": "没有这条播报",
    "closure_end": "关闭时间应在 1 分钟至 {hours} 小时之间",
}


def refusal(rule: str, facts: Mapping[str, object] | None = None) -> str:
    """The message of a rule in the page's language."""
    return say(REFUSALS[rule], **(facts or {}))
