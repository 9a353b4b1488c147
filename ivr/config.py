"""config.yaml as frozen typed settings."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from ivr.errors import ConfigurationError
from ivr.money import parse_yuan
from ivr.strictyaml import YamlFault, read_file

_DAYS = "mon|tue|wed|thu|fri|sat|sun"
_DAY_RANGE = re.compile(rf"({_DAYS})(-({_DAYS}))?")
_TIME_RANGE = re.compile(r"(([01][0-9]|2[0-3]):[0-5][0-9])-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)", re.ASCII)


def _fen(value: object) -> object:
    """Yuan as the file writes them."""
    if not isinstance(value, str):
        return value
    fen = parse_yuan(value)
    if fen is None:
        raise ValueError(f"'{value}' is no amount in yuan; write 5000.00")
    return fen


Fen = Annotated[int, BeforeValidator(_fen), Field(ge=1, le=1_000_000_000)]  # ten million yuan at most
Count = Annotated[int, Field(ge=1, le=10_000)]
Few = Annotated[int, Field(ge=1, le=100)]  # tries and repetitions: more of them is no limit any more
Six = Annotated[int, Field(ge=6, le=6)]  # what the flows ask for


class Section(BaseModel):
    """A part of config.yaml: frozen, and a word it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bank(Section):
    """The bank's name in each language, and the zone its days and hours are counted in."""

    name: dict[str, str]
    time_zone: str = "Asia/Shanghai"

    @property
    def zone(self) -> ZoneInfo:
        """The zone of `time_zone`."""
        return ZoneInfo(self.time_zone)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError) as error:
            raise ValueError("no such time zone; write for example Asia/Shanghai") from error
        return value


class Speech(Section):
    """The provider's tags for one language: text to speech, voice, recognition, recognition model."""

    say: str
    voice: str
    hear: str
    model: str = "default"


class CallLimits(Section):
    """What one call may use before it is offered an agent."""

    steps_a_turn: Count = 100
    turns_a_call: Count = 200
    subflow_depth: Few = 10
    minutes: Count = 30
    misses: Few = 12


class QueryRules(Section):
    """How long a query verification lasts, and when wrong query passwords lock."""

    valid_minutes: Count = 10
    failures_in_call: Few = 3
    failures_a_day: Few = 5
    failures_in_row: Few = 10


class TransactionRules(Section):
    """When wrong transaction passwords lock, and for how long."""

    failures_a_day: Few = 3
    locked_hours: Count = 24
    failures_in_row: Few = 6


class CallerNumberRules(Section):
    """When a caller number, or all withheld numbers together, are sent to agents only."""

    failures_an_hour: Count = 10
    customers_an_hour: Count = 3


class CallRules(Section):
    """How many customers, and how many numbers that are nobody's, one call may name."""

    customers: Count = 3
    not_found: Count = 3


class CodeRules(Section):
    """One-time codes by text."""

    digits: Six = 6
    valid_seconds: Count = 120
    checks: Few = 3
    resend_seconds: Count = 60
    sends_a_call: Few = 3
    sends_an_hour: Few = 5
    sends_a_day: Few = 10


class Hashing(Section):
    """Argon2id parameters, and how many hashes one process computes at once."""

    memory_kib: Annotated[int, Field(ge=8, le=4_194_304)] = 19456
    passes: Few = 2
    lanes: Few = 1
    at_once: Few = 1


class PasswordRules(Section):
    """The form of both telephone passwords, and how many new ones are looked at under one code."""

    digits: Six = 6
    judged_a_code: Few = 3


class Verification(Section):
    """Everything about proving who calls."""

    passwords: PasswordRules = PasswordRules()
    query: QueryRules = QueryRules()
    transaction: TransactionRules = TransactionRules()
    caller_number: CallerNumberRules = CallerNumberRules()
    withheld: CallerNumberRules = CallerNumberRules(failures_an_hour=60, customers_an_hour=40)
    each_call: CallRules = CallRules()
    code: CodeRules = CodeRules()
    recent_passwords: Few = 5
    hashing: Hashing = Hashing()


class Transfer(Section):
    """Limits of transfers by telephone."""

    each_yuan: Fen
    a_day_yuan: Fen
    repeat_minutes: Count = 10
    held_hours_after_password_change: Count = 24


class Core(Section):
    """Patience with the core bank, in seconds."""

    answer_seconds: Annotated[int, Field(ge=1, le=60)] = 6
    inquiries_seconds: tuple[Annotated[int, Field(ge=1, le=86_400)], ...] = (5, 15, 60, 300, 1800)


class CardLoss(Section):
    """Oral reports of a lost card."""

    oral_report_days: Count = 5
    reports_a_day: Count = 3
    withheld_reports_a_day: Count = 30
    customer_reports_a_day: Count = 5


class Callbacks(Section):
    """How many callbacks one number, or all withheld numbers together, may ask for in a day."""

    a_day: Count = 3
    withheld_a_day: Count = 60


class Texts(Section):
    """How many texts a day go to one number on the word of callers who proved nothing."""

    unproven_a_day: Count = 3


class QueueSettings(Section):
    """One agent queue: its hours, its size, and what an expected wait is reckoned from."""

    hours: str
    agents: int = Field(default=1, ge=0)
    max_waiting: Count = 50
    max_wait_minutes: Count = 10
    talk_seconds: Count = 180
    priority: int = 0


class Route(Section):
    """A row of the routing table; what is left out fits everything."""

    intent: str | None = None
    language: str | None = None
    queue: str


class Biller(Section):
    """Who can be paid, under the key a caller presses."""

    id: str
    name: dict[str, str]


class Settings(Section):
    """The whole of config.yaml."""

    bank: Bank
    languages: tuple[str, ...]
    speech: dict[str, Speech]
    call: CallLimits = CallLimits()
    verification: Verification = Verification()
    transfer: Transfer
    core: Core = Core()
    card_loss: CardLoss = CardLoss()
    callbacks: Callbacks = Callbacks()
    texts: Texts = Texts()
    hours: dict[str, dict[str, tuple[str, ...]]]
    holidays: tuple[str, ...] = ()
    queues: dict[str, QueueSettings]
    routing: tuple[Route, ...]
    billers: dict[str, Biller]


def read_settings(path: Path) -> Settings:
    """The settings in a file; raises `ConfigurationError` that lists every fault with its place."""
    try:
        tree = read_file(path)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path} is missing; run from the project's folder or give --config") from error
    except YamlFault as fault:
        lines = [f"{path.name}:{f.line}:{f.column}: {f.problem}; {f.remedy}" for f in fault.faults]
        raise ConfigurationError("\n".join(lines)) from fault
    return settings_from(tree, path.name)


def settings_from(tree: Mapping[str, Any], name: str = "config.yaml") -> Settings:
    """The settings in a tree of text; raises `ConfigurationError`."""
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        lines = [f"{name}: {'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise ConfigurationError("\n".join(lines)) from error
    _check_references(settings, name)
    return settings


def _check_references(settings: Settings, name: str) -> None:
    known = settings.hours
    faults = [
        f"queues.{q}.hours: no hours called '{s.hours}'" for q, s in settings.queues.items() if s.hours not in known
    ]
    faults += [f"routing: no queue called '{r.queue}'" for r in settings.routing if r.queue not in settings.queues]
    spoken = settings.speech
    faults += [f"speech: nothing for the language '{each}'" for each in settings.languages if each not in spoken]
    faults += [f"bank.name: nothing for '{each}'" for each in settings.languages if each not in settings.bank.name]
    if not settings.routing or settings.routing[-1].intent or settings.routing[-1].language:
        faults.append("routing: the last row must fit every caller (a queue alone)")
    faults += [*_hours_faults(settings), *_plain_faults(settings)]
    if faults:
        raise ConfigurationError("\n".join(f"{name}: {fault}" for fault in faults))


def _hours_faults(settings: Settings) -> Iterator[str]:
    for name, table in settings.hours.items():
        for days, spans in table.items():
            found = _DAY_RANGE.fullmatch(days)
            order = _DAYS.split("|")
            if found is None or (found[3] and order.index(found[3]) < order.index(found[1])):
                yield f"hours.{name}: '{days}' is no weekday or range of them; write mon or mon-fri"
            for span in spans:
                found = _TIME_RANGE.fullmatch(span)
                if found is None or found[1] >= found[3]:
                    yield f"hours.{name}.{days}: '{span}' is no time range; write 09:00-17:30"
    for holiday in settings.holidays:
        if not _is_date(holiday):
            yield f"holidays: '{holiday}' is no date; write 2027-01-01"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _plain_faults(settings: Settings) -> Iterator[str]:
    if not settings.languages:
        yield "languages: at least one answers"
    if len(set(settings.languages)) < len(settings.languages):
        yield "languages: one is written twice"
    if settings.transfer.each_yuan > settings.transfer.a_day_yuan:
        yield "transfer.each_yuan: more than may be sent in a day"
