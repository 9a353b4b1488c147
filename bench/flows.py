"""Scripted calls through the project's own flows, with the expected texts from its prompts."""

from bench.calls import Step
from ivr.calls.publishing.sources import read_sources
from ivr.calls.services.registry import catalogue
from ivr.engine.sources import build
from ivr.foundation.config import read_settings
from ivr.installation import ROOT

WANG, QUERY_PASSWORD = "8613800138000", "739164"


def _said() -> dict[str, str]:
    settings = read_settings(ROOT / "config.yaml")
    bundle = build(read_sources(ROOT, settings), catalogue())
    chinese = bundle.prompts["zh-CN"]
    welcome = "".join(bundle.prompts[each].render("main.welcome", bundle.constants) for each in ("zh-CN", "en"))
    keys = ("main.menu", "ask.silence", "verify.ask_query", "identify.offer")
    return {"main.welcome": welcome} | {key: chinese.render(key, bundle.constants) for key in keys}


def listening() -> list[Step]:
    """A caller who repeats the menu several times, and is silent once."""
    said = _said()
    menu = said["main.menu"]
    return [
        Step("", said["main.welcome"]), Step("1", menu), Step("9", menu), Step("", said["ask.silence"] + menu),
        Step("9", menu), Step("9", menu),
    ]  # fmt: skip


def checking() -> list[Step]:
    """A caller whose query password is checked, from the greeting to the balance of a card."""
    said = _said()
    return [
        Step("", said["main.welcome"]), Step("1", said["main.menu"]), Step("2", said["identify.offer"], part=True),
        Step("1", said["verify.ask_query"]), Step(QUERY_PASSWORD, "余额", part=True),
    ]  # fmt: skip


def deepest() -> list[Step]:
    """A caller who hears a balance and its movements, which gives the largest session."""
    return [*checking(), Step("1", "交易", part=True)]
