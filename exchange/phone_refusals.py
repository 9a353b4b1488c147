"""The refusals of the phone API, in both languages."""

from dataclasses import dataclass


@dataclass
class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """Becomes {"error": {"code", "message_zh", "message_en"}} with an HTTP status."""

    status: int
    code: str
    message_zh: str
    message_en: str

    def body(self) -> dict[str, dict[str, str]]:
        return {"error": {"code": self.code, "message_zh": self.message_zh, "message_en": self.message_en}}


def not_local() -> Refusal:
    return Refusal(403, "not_local", "电话仅限本机使用。", "The phone works on this machine only.")


def bad_request(name: str) -> Refusal:
    return Refusal(400, "bad_request", f"请求内容有误：{name}。", f"This field is missing or wrong: {name}.")


def bad_number() -> Refusal:
    return Refusal(
        400,
        "bad_number",
        "这不是电话号码，请输入如 13800138000 或 +8613800138000 的号码。",
        "That is not a telephone number; write one such as 13800138000 or +8613800138000.",
    )


def no_such_number() -> Refusal:
    return Refusal(404, "no_such_number", "您拨打的号码是空号。", "There is no such number here.")


def no_such_call() -> Refusal:
    return Refusal(404, "no_such_call", "没有这通电话。", "There is no such call.")


def no_such_phone() -> Refusal:
    return Refusal(404, "no_such_phone", "该话机尚未登记。", "This phone is not registered.")


def call_over() -> Refusal:
    return Refusal(409, "call_over", "通话已结束。", "The call is over.")


def not_ringing() -> Refusal:
    return Refusal(409, "not_ringing", "这通电话当前无法接听或拒接。", "This call cannot be answered or rejected now.")


def keys_only() -> Refusal:
    return Refusal(409, "keys_only", "热线此时只收按键。", "The hotline only takes keys now.")


def not_listening() -> Refusal:
    return Refusal(
        409, "not_listening", "热线此时没有在听，请稍候再说。", "The hotline is not listening now. Please wait."
    )


def not_settled() -> Refusal:
    return Refusal(409, "not_settled", "线路正忙，请稍后再试。", "The line is still busy with what came before.")
