"""Faults of config.yaml and the environment are reported at start with their position; nothing is guessed."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from ivr.foundation.config import read_settings, settings_from
from ivr.foundation.crypto import Keyring
from ivr.foundation.environment import read_environment
from ivr.foundation.errors import ConfigurationError
from ivr.foundation.strictyaml import read_file
from tests.support.databases import ROOT

SID = "AC" + "0123456789abcdef" * 2


def changed(place: str, value: object) -> dict[str, Any]:
    """config.yaml with another value in one place."""
    tree: dict[str, Any] = copy.deepcopy(json.loads(json.dumps(read_file(ROOT / "config.yaml", "bank:"))))
    *way, last = place.split("/")
    part: Any = tree
    for step in way:
        part = part[step]
    part[last] = value
    return tree


def test_the_projects_own_settings_are_read() -> None:
    settings = read_settings(ROOT / "config.yaml")
    assert settings.transfer.each_fen == 5_000_00


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *(
            ("transfer/each_yuan", each)
            for each in ("0", "0.001", "1e9", "abc", "Infinity", "NaN", "-5", "20000.01", "")
        ),
        ("transfer/a_day_yuan", "99999999999"),
        ("verification/code/digits", "4"),
        ("verification/passwords/digits", "8"),
        ("verification/code/checks", "100000"),
        ("verification/query/failures_a_day", "1000000"),
        ("verification/hashing/memory_kib", "1"),
        ("call/turns_a_call", "1000000000"),
        ("card_loss/oral_report_days", "0"),
        ("core/answer_seconds", "3600"),
        *(("least_confidence/money", each) for each in ("1.01", "-0.1", "NaN", "inf", "high", "70%", "")),
        ("least_confidence/money", "0.59"),
        ("least_confidence/menu", "0.6"),
        ("languages", ["zh-CN", "en", "zh-CN"]),
        ("languages", []),
        ("hours/agents", {"mon-sun": ["09:00-25:00"]}),
        ("hours/agents", {"mon-sun": ["24:00-24:00"]}),
        ("hours/agents", {"mon-sun": ["17:30-17:30"]}),
        ("hours/agents", {"mon-sun": "open"}),
        ("hours/agents", {"2026-02-30": "closed"}),
        ("hours/agents", {"fri-mon": ["09:00-17:30"]}),
        ("hours/agents", {"daily": ["09:00-17:30"]}),
        ("holidays", ["2027-01-01"]),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_its_place(place: str, value: object) -> None:
    with pytest.raises(ConfigurationError) as refused:
        settings_from(changed(place, value))
    assert place.split("/")[0] in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("IVR_PUBLIC_URL", "hotline.example.com"),
        ("IVR_PUBLIC_URL", "ftp://hotline.example.com"),
        ("IVR_PUBLIC_URL", "https://hotline.example.com/x?a=1"),
        ("IVR_PUBLIC_URL", "https://"),
        ("IVR_PUBLIC_URL", "https://hotline.example.com:port"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_ACCOUNT_SID", "AC" + "0" * 31 + "/"),
        ("TWILIO_API_URL", "http://twilio.example.com"),
        ("TWILIO_API_URL", "http://127.0.0.1.example.com"),
        ("TWILIO_API_URL", "twilio.example.com"),
        ("PORT", "none"),
        ("PORT", "70000"),
    ],
)
def test_an_environment_that_cannot_work_is_refused_by_name(variable: str, value: str) -> None:
    env = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "made-up", variable: value}
    with pytest.raises(ConfigurationError, match=variable):
        read_environment(env)


@pytest.mark.parametrize("url", ["https://hotline.example.com/bank", "http://127.0.0.1:5000", "https://[::1]:8443"])
def test_an_environment_that_works_is_taken(url: str) -> None:
    made = read_environment({"IVR_PUBLIC_URL": url, "TWILIO_API_URL": "http://127.0.0.1:5001", "PORT": "5002"})
    assert (made.public_url, made.port) == (url, 5002)


@pytest.mark.parametrize("secret", ["a" * 64, "ab" * 32, "1234567" * 6])
def test_a_secret_that_repeats_itself_is_refused(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="repeats itself"):
        Keyring.from_text(secret)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"is missing; run this from the project's folder, .* with --root"):
        read_settings(tmp_path / "config.yaml")


def test_a_file_that_is_a_folder_or_empty_is_said(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        read_settings(tmp_path / "config.yaml")
    (tmp_path / "empty.yaml").touch()
    with pytest.raises(ConfigurationError, match="begin with a key, such as  bank:"):
        read_settings(tmp_path / "empty.yaml")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("queues:", "queus:", "shape queus: the key 'queus' is unknown here. did you mean 'queues'?"),
        (
            "  misses: 12",
            "  missis: 12",
            "shape call.missis: the key 'missis' is unknown here. did you mean 'misses'?",
        ),
        ("  misses: 12", "  misses: many", "shape call.misses: 'misses:' is a whole number, such as 3"),
        ("  misses: 12", "  misses: [12]", "shape call.misses: 'misses:' is a whole number, such as 3"),
        (
            "transfer:",
            "transfer:\n  each_yuan: 1\nx:",
            "shape transfer.a_day_yuan: 'a_day_yuan:' is missing. write a_day_yuan:",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said_in_plain_words_with_line_and_column(
    right: str, wrong: str, said: str, tmp_path: Path
) -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    line = text[: text.index(f"\n{right}") + 1].count("\n") + 1
    (tmp_path / "config.yaml").write_text(text.replace(f"\n{right}", f"\n{wrong}", 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        read_settings(tmp_path / "config.yaml")
    assert any(
        re.match(rf"config\.yaml:{line}:[0-9]+: {re.escape(said)}", each) for each in str(refused.value).split("\n")
    ), refused.value


WATER = "name: {zh-CN: 水费, en: water}"
GENERAL = "  - {queue: general}"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            WATER,
            "name: {zh-CN: 水费}",
            "language billers.2.name: the name is missing in 'en'. Callers in 'en' would hear an apology where it is "
            "spoken. write en: and the name.",
        ),
        (
            WATER,
            "name: {zh-CN: 水费, eng: water}",
            "language billers.2.name: the name is missing in 'en'. Callers in 'en' would hear an apology where it is "
            "spoken. write en: and the name; there is no language 'eng'.",
        ),
        (WATER, "name: {zh-CN: ' ', en: water}", "language billers.2.name: the name is missing in 'zh-CN'."),
        (
            "id: gas",
            "id: water",
            "billers billers.3.id: the biller '2' has the id 'water' too. Callers would hear the other's name, and pay "
            "the other. give each its own.",
        ),
        (
            "{language: en, queue",
            "{language: eng, queue",
            "language routing.0.language: there is no language 'eng'. This row would never fit. did you mean 'en'?",
        ),
        (
            "routing: ",
            f"routing:\n{GENERAL}\n#",
            "routing routing.1: this row never fits: row 1 takes every caller it could. No caller would reach "
            "'english' by it. put it before row 1, or take it out.",
        ),
        (
            "queue: security}",
            "queue: securty}",
            "queues routing.1.queue: there is no queue 'securty'. did you mean 'security'?",
        ),
        (
            "security: 0.6",
            "security: 0.8",
            "confidence least_confidence.money: 'money' takes words that are less sure than 'security' does. What does "
            "more would be confirmed on a weaker hearing. write 0.8 or more here, or less at security.",
        ),
        (GENERAL, "", "routing routing: the last row must fit every caller. end with a row of a queue alone"),
        (
            "{hours: agents, max_waiting: 50",
            "{hours: agent, max_waiting: 50",
            "hours queues.general.hours: there are no hours 'agent'. did you mean 'agents'?",
        ),
        (
            'relax: {"30": 2, "60": 1}',
            'relax: {"30": 1, "60": 2}',
            "queues queues.transfers.relax.60: level 2 after 60 s is not below 1, the level until then. Callers who "
            "wait would gain no agent by it. lower it, or take the row out.",
        ),
        (
            'overflow: {"60": {general: 2}}',
            'overflow: {"60": {generel: 2}}',
            "queues queues.payments.overflow.60.generel: no queue has the skill 'generel'. Callers who wait would gain "
            "no agent by it. did you mean 'general'?",
        ),
        (
            '    mon-fri: ["09:00-17:30"]',
            '    mon-fri: ["09:00-17:30"]\n    fri: ["09:00-12:00"]',
            "hours hours.business.fri: 'fri' is in 'mon-fri' already. write each day once",
        ),
        ("Asia/Shanghai", "Asia", "shape bank.time_zone: there is no time zone 'Asia'; write for example Asia/"),
        (
            "Asia/Shanghai",
            "Asia/Shangai",
            "shape bank.time_zone: there is no time zone 'Asia/Shangai'; write for example Asia/Shanghai.",
        ),
        ("steps_a_turn: 100", "steps_a_turn：100", "yaml: this is not YAML: a full-width ： stands here. write : and"),
        ("misses: 12", "misses: 12 ＃ all", "shape call.misses: a full-width ＃ stands here. write #."),
    ],
)
def test_what_fits_nothing_is_said_with_what_callers_meet_and_what_to_write(
    right: str, wrong: str, said: str, tmp_path: Path
) -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "config.yaml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        read_settings(tmp_path / "config.yaml")
    lines = str(refused.value).split("\n")
    assert any(re.match(rf"config\.yaml:[0-9]+:[0-9]+: {re.escape(said)}", line) for line in lines), lines


def test_parts_that_do_not_fit_each_other_are_said_with_line_and_column(tmp_path: Path) -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8").replace("mon-sun:", "daily:", 1)
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"^config\.yaml:[0-9]{2,}:[0-9]+: hours hours\.\w+\.daily: 'daily' is not a weekday"
    ):
        read_settings(tmp_path / "config.yaml")


def test_holidays_of_an_earlier_release_are_sent_to_their_file() -> None:
    with pytest.raises(ConfigurationError, match=r"move each day to holidays: of calendar/2026\.yaml, calendar/2027"):
        settings_from(changed("holidays", ["2027-01-01", "2026-10-01"]))
