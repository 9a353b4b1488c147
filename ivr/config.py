"""config.yaml and the environment, as frozen typed settings."""

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from ivr.errors import ConfigurationError
from ivr.phone import normal
from ivr.strictyaml import YamlFault, read_file


def _fen(value: object) -> object:
    return int(Decimal(value) * 100) if isinstance(value, str) else value


Fen = Annotated[int, BeforeValidator(_fen), Field(ge=0)]
Count = Annotated[int, Field(ge=1)]


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
    subflow_depth: Count = 10
    minutes: Count = 30
    misses: Count = 12


class QueryRules(Section):
    """How long a query verification lasts, and when wrong query passwords lock."""

    valid_minutes: Count = 10
    failures_in_call: Count = 3
    failures_a_day: Count = 5
    failures_in_row: Count = 10


class TransactionRules(Section):
    """When wrong transaction passwords lock, and for how long."""

    failures_a_day: Count = 3
    locked_hours: Count = 24
    failures_in_row: Count = 6


class CallerNumberRules(Section):
    """When a caller number is sent to agents only."""

    failures_an_hour: Count = 10
    customers_an_hour: Count = 3


class CodeRules(Section):
    """One-time codes by text."""

    digits: Count = 6
    valid_seconds: Count = 120
    checks: Count = 3
    resend_seconds: Count = 60
    sends_a_call: Count = 3
    sends_an_hour: Count = 5
    sends_a_day: Count = 10


class Hashing(Section):
    """Argon2id parameters, and how many hashes one process computes at once."""

    memory_kib: Count = 19456
    passes: Count = 2
    lanes: Count = 1
    at_once: Count = 1


class PasswordRules(Section):
    """The form of both telephone passwords."""

    digits: Count = 6


class Verification(Section):
    """Everything about proving who calls."""

    passwords: PasswordRules = PasswordRules()
    query: QueryRules = QueryRules()
    transaction: TransactionRules = TransactionRules()
    caller_number: CallerNumberRules = CallerNumberRules()
    code: CodeRules = CodeRules()
    recent_passwords: Count = 5
    hashing: Hashing = Hashing()


class Transfer(Section):
    """Limits of transfers by telephone."""

    each_yuan: Fen
    a_day_yuan: Fen
    repeat_minutes: Count = 10
    held_hours_after_password_change: Count = 24


class Core(Section):
    """Patience with the core bank, in seconds."""

    answer_seconds: Count = 6
    inquiries_seconds: tuple[Count, ...] = (5, 15, 60, 300, 1800)


class CardLoss(Section):
    """Oral reports of a lost card."""

    oral_report_days: Count = 5
    reports_a_day: Count = 3


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
    hours: dict[str, dict[str, tuple[str, ...]]]
    holidays: tuple[str, ...] = ()
    queues: dict[str, QueueSettings]
    routing: tuple[Route, ...]
    billers: dict[str, Biller]


class Environment(BaseModel):
    """What differs between installations and must not be in a file: addresses and secrets."""

    model_config = ConfigDict(frozen=True)

    public_url: str
    database_url: str
    hotline_number: str
    account_sid: str = ""
    auth_token: str = Field(default="", repr=False)
    api_url: str = ""
    secret_key: str = Field(default="", repr=False)
    core_url: str = ""
    core_token: str = Field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = Field(default=5000, ge=1, le=65535)

    @property
    def has_provider(self) -> bool:
        """True when the credentials of a telephone provider were given."""
        return bool(self.account_sid and self.auth_token)


def read_environment(env: Mapping[str, str] = os.environ) -> Environment:
    """The environment of docs/operations.md; raises `ConfigurationError` naming the variable that is wrong."""
    host, port = env.get("HOST") or "127.0.0.1", env.get("PORT") or "5000"
    hotline = normal(env.get("IVR_HOTLINE_NUMBER") or "+862160195588")
    if hotline is None:
        raise ConfigurationError("IVR_HOTLINE_NUMBER is no telephone number; write it as +86 and the digits")
    if bool(env.get("TWILIO_ACCOUNT_SID")) != bool(env.get("TWILIO_AUTH_TOKEN")):
        raise ConfigurationError("set both TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or neither")
    try:
        return Environment(
            public_url=(env.get("IVR_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
            database_url=env.get("IVR_DATABASE_URL") or "sqlite:///var/hotline.db",
            hotline_number=hotline,
            account_sid=env.get("TWILIO_ACCOUNT_SID", ""),
            auth_token=env.get("TWILIO_AUTH_TOKEN", ""),
            api_url=(env.get("TWILIO_API_URL") or "").rstrip("/"),
            secret_key=env.get("IVR_SECRET_KEY", ""),
            core_url=(env.get("IVR_CORE_URL") or "").rstrip("/"),
            core_token=env.get("IVR_CORE_TOKEN", ""),
            host=host,
            port=int(port),
        )
    except (ValidationError, ValueError) as error:
        raise ConfigurationError(f"PORT must be a number from 1 to 65535, not {port!r}") from error


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
    if faults:
        raise ConfigurationError("\n".join(f"{name}: {fault}" for fault in faults))
