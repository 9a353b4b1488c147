"""The frame of every page: navigation by permission, and the functions for templates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, request, url_for

from ivr.centre.staff.permissions import Permission, permitted
from ivr.console import cookies
from ivr.console.office import now, office
from ivr.console.words import CHINESE, EN, language, own_words, say
from ivr.console.words.desk import AGENT_STATES, REASONS, intent_word, queue_word, told
from ivr.console.words.floor import ANNOUNCEMENTS, MODES, PARTIES, alarm_word, definition
from ivr.console.words.names import LEVELS, ROLES, STATES, deed_word, place_of, roles_words
from ivr.console.words.refusals import refusal


@dataclass(frozen=True, slots=True)
class Entry:
    """One navigation entry: label, endpoint, and permission."""

    words: str
    endpoint: str
    permission: Permission

    @property
    def is_here(self) -> bool:
        """Whether this page belongs to the entry; entries other than the home include the pages below them."""
        place = url_for(self.endpoint)
        return request.path == place or (not place.endswith("/") and request.path.startswith(f"{place}/"))


NAVIGATION = (
    Entry("首页", "console.home.show", Permission.HOME),
    Entry("工作台", "console.desk.show", Permission.DESK),
    Entry("现场监控", "console.floor.show", Permission.FLOOR),
    Entry("大屏", "console.wallboard.show", Permission.QUEUES_VIEW),
    Entry("通话记录", "console.calls.index", Permission.CALLS_VIEW),
    Entry("统计指标", "console.figures.show", Permission.REPORTS_VIEW),
    Entry("员工", "console.staff.index", Permission.STAFF_VIEW),
    Entry("审计日志", "console.audit.index", Permission.AUDIT_VIEW),
)


def words_and_facts() -> dict[str, Any]:
    """The variables and functions of all templates."""
    signed_in = g.get("signed_in")
    is_in = signed_in is not None and signed_in.stage == "open"
    return {
        "_": say,
        "language": language(),
        "other_language": EN if language() == CHINESE else CHINESE,
        "page_address": _page_address(),
        "page_query": [(name, value) for name, value in request.args.items() if name != "lang"],
        "own_words": own_words,
        "roles_words": roles_words,
        "role_options": ROLES,
        "state_options": STATES,
        "level_options": LEVELS,
        "day": day,
        "moment": moment,
        "queue_word": queue_word,
        "definition": definition,
        "party_words": PARTIES,
        "mode_words": MODES,
        "announcement_words": ANNOUNCEMENTS,
        "intent_word": intent_word,
        "told": told,
        "alarm_word": alarm_word,
        "agent_states": AGENT_STATES,
        "agent_reasons": REASONS,
        "spelled": spelled,
        "percent": percent,
        "clock_time": clock_time,
        "server_now": now().isoformat() if g.get("office") is not None else "",
        "zone": office().zone.key if g.get("office") is not None else "",
        "deed_word": deed_word,
        "refusal": refusal,
        "bank_name": _bank_name(),
        "csrf_token": cookies.csrf_token if g.get("office") is not None else lambda: "",
        "signed_in": signed_in if is_in else None,
        "place": place_of(signed_in.actor.roles, signed_in.actor.unit) if is_in else "",
        "navigation": [each for each in NAVIGATION if is_in and permitted(signed_in.actor, each.permission)],
        "permitted": lambda name: is_in and permitted(signed_in.actor, Permission(name)),
    }


def moment(at: datetime) -> str:
    """A time as pages show it: 11-27 14:05, with the year if it is not the current one."""
    local = at.astimezone(office().zone)
    return local.strftime("%m-%d %H:%M" if local.year == now().year else "%Y-%m-%d %H:%M")


def day(at: datetime) -> str:
    """A date as pages show it, likewise."""
    local = at.astimezone(office().zone)
    return local.strftime("%m-%d" if local.year == now().year else "%Y-%m-%d")


def clock_time(at: datetime) -> str:
    """A time of today as pages write it: 14:05:09."""
    return at.astimezone(office().zone).strftime("%H:%M:%S")


def spelled(seconds: float | None) -> str:
    """A duration: 2:31, 1:05:09; a dash where there is none."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def percent(rate: float | None, digits: int = 1) -> str:
    """A rate (0 to 1): 71.2%; a dash where there is none."""
    return "–" if rate is None else f"{rate * 100:.{digits}f}%"


def _bank_name() -> str:
    names = office().bank_name if g.get("office") is not None else {}
    return names.get(language()) or next(iter(names.values()), "")


def _page_address() -> str:
    """The path of this page; for the response to a form, the path of the form's page."""
    endpoint = g.get("form_page") or request.endpoint or ""
    if endpoint in ("", "console.unknown"):
        return url_for("console.home.show")
    return url_for(endpoint, **(request.view_args or {}))
