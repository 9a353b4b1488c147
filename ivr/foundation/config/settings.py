"""The whole of config.yaml as frozen typed settings."""

from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from ivr.foundation.calendar.spans import day_spans
from ivr.foundation.config.floor import FloorSettings
from ivr.foundation.config.sections import Count, Fen, Few, Level, Seconds, Section, Wait
from ivr.foundation.config.verification import Verification
from ivr.foundation.messages import message
from ivr.foundation.strictyaml import closest


class Bank(Section):
    """The bank's name in each language, and the time zone of its days and hours."""

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
        except (KeyError, ValueError, OSError) as error:  # OSError: a region such as Asia is a folder
            close = closest(value, available_timezones()) or ["Asia/Shanghai"]
            raise ValueError(
                message("there is no time zone '{value}'; write for example {close}", value=value, close=close[0])
            ) from error
        return value


class Speech(Section):
    """The provider's settings for one language: text-to-speech language, voice, recognition language, recognition
    model.
    """

    say: str
    voice: str
    hear: str
    model: str = "default"


class Telephony(Section):
    """Settings that differ between providers: the format of call ids (Twilio's, or `any`), and the SIP hosts whose
    callers are trusted to have the number in their address.
    """

    call_ids: Literal["twilio", "any"] = "twilio"
    trusted_sip_hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.\-\[\]:]{1,259}$")], ...] = ()


class CallLimits(Section):
    """Limits of one call, after which it goes to an agent."""

    steps_a_turn: Count = 100
    turns_a_call: Count = 200
    subflow_depth: Few = 10
    minutes: Count = 30
    misses: Few = 12


Confidence = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class LeastConfidence(Section):
    """Minimum recognition confidence (0 to 1), by the effect of the answer. 0 accepts any confidence, and an unknown
    one.
    """

    menu: Confidence = 0.0
    contact: Confidence = 0.5
    security: Confidence = 0.6
    money: Confidence = 0.7


class Transfer(Section):
    """Limits of transfers by telephone, written in yuan and stored in fen."""

    each_fen: Fen = Field(alias="each_yuan")
    a_day_fen: Fen = Field(alias="a_day_yuan")
    repeat_minutes: Count = 10
    held_hours_after_password_change: Count = 24


class Core(Section):
    """Timeouts and retry intervals for the core bank, in seconds."""

    answer_seconds: Annotated[int, Field(ge=1, le=60)] = 6
    inquiries_seconds: tuple[Annotated[int, Field(ge=1, le=86_400)], ...] = (5, 15, 60, 300, 1800)


class CardLoss(Section):
    """Oral reports of a lost card."""

    oral_report_days: Count = 5
    reports_a_day: Count = 3
    withheld_reports_a_day: Count = 30
    customer_reports_a_day: Count = 5


class Callbacks(Section):
    """The maximum number of callbacks a day for one number, and for all withheld numbers together."""

    a_day: Count = 3
    withheld_a_day: Count = 60


class Texts(Section):
    """The maximum number of texts a day to one number that unverified callers may request."""

    unproven_a_day: Count = 3


class Recordings(Section):
    """Recordings of talks with agents: after so many days they are deleted at the provider."""

    days: Annotated[int, Field(ge=30, le=3650)] = 180


class Console(Section):
    """Settings of the staff pages: the maximum number of live-page streams in one process; further pages poll.

    Each stream occupies a server thread, of which gunicorn.conf.py gives a process 512.
    """

    streams: Annotated[int, Field(ge=0, le=400)] = 300


class QueueSettings(Section):
    """One agent queue: its hours, its size, and the skills of its agents.

    `skill` (default: the queue's name) and `level` are what an agent needs; `relax` maps seconds of waiting to a lower
    level, `overflow` to other skills. `offered_seconds`: how long an offer rings at one agent. `preferred_seconds`: how
    long a caller is reserved for the agent who served them last. `name`: what the staff pages call
    it, in each language.
    """

    hours: str
    name: dict[str, str] = Field(default_factory=dict)
    max_waiting: Count = 50
    max_wait_minutes: Count = 10
    talk_seconds: Count = 180
    priority: int = 0
    skill: str = ""
    level: Level = 1
    relax: dict[Wait, Level] = Field(default_factory=dict)
    overflow: dict[Wait, dict[str, Level]] = Field(default_factory=dict)
    offered_seconds: int = Field(default=15, ge=5, le=60)
    preferred_seconds: int = Field(default=20, ge=0, le=120)


class WrapUpSettings(Section):
    """The choices of an agent's wrap-up: code -> wording in each language. Reports use the codes.

    `seconds`: the wrap-up time.
    """

    seconds: Seconds = 60
    categories: dict[str, dict[str, str]]
    products: dict[str, dict[str, str]]
    dispositions: dict[str, dict[str, str]]

    @property
    def pause(self) -> timedelta:
        """The agent's pause after a talk."""
        return timedelta(seconds=self.seconds)


class Route(Section):
    """A row of the routing table; a missing value matches everything."""

    intent: str | None = None
    language: str | None = None
    queue: str


class Biller(Section):
    """A biller under the key that a caller presses. `number` is the name of the number that identifies its bills."""

    id: str
    name: dict[str, str]
    number: dict[str, str]


class Budgets(Section):
    """Maximum seconds of speech before callers hear something; None sets no limit.

    `first_option`: the first key, at the greeting and in every menu of fixed options. `agent`: the key for an agent,
    from the greeting on. `steps`: flow.step -> its amount, from the greeting on.
    """

    first_option: Seconds | None = None
    agent: Seconds | None = None
    steps: dict[str, Seconds] = Field(default_factory=dict)


class Settings(Section):
    """The whole of config.yaml."""

    bank: Bank
    languages: tuple[str, ...]
    speech: dict[str, Speech]
    least_confidence: LeastConfidence = LeastConfidence()
    telephony: Telephony = Telephony()
    call: CallLimits = CallLimits()
    verification: Verification = Verification()
    transfer: Transfer
    core: Core = Core()
    card_loss: CardLoss = CardLoss()
    callbacks: Callbacks = Callbacks()
    texts: Texts = Texts()
    console: Console = Console()
    recordings: Recordings = Recordings()
    hours: dict[str, dict[str, str | tuple[str, ...]]]
    working_hours: tuple[str, ...] = ("09:00-12:00", "13:00-18:00")
    queues: dict[str, QueueSettings]
    wrap_up: WrapUpSettings
    floor: FloorSettings = FloorSettings()
    routing: tuple[Route, ...]
    billers: dict[str, Biller]
    budgets: Budgets = Budgets()

    @field_validator("working_hours")
    @classmethod
    def _parts_of_a_day(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        day_spans(value)
        return value
