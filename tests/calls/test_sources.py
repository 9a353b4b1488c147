"""Reading a folder into the sources of a bundle: what belongs to it, and what changes its hash."""

import shutil
import wave
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pytest

from ivr.calls.publishing.sources import BUNDLED, constants_of, needing_restart, read_sources, rules_of
from ivr.calls.services.registry import catalogue
from ivr.engine.bundle import Bundle
from ivr.engine.sources import Sources, build
from ivr.foundation.config import read_settings
from ivr.foundation.errors import FlowFileError

ROOT = Path(__file__).parents[2]
SETTINGS = read_settings(ROOT / "config.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of flows, prompts and calendar."""
    for name in ("flows", "prompts", "calendar"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_flows_and_prompts_are_read_and_transcripts_are_left(folder: Path) -> None:
    (folder / "flows" / "main.test.yaml").write_text("a: []\n", encoding="utf-8")
    sources = read_sources(folder, SETTINGS)
    assert {"main.yaml", "defaults.yaml"} <= sources.flows.keys()
    assert "main.test.yaml" not in sources.flows
    assert sources.prompts.keys() == {"zh-CN.yaml", "en.yaml"}


def test_the_sources_survive_being_stored_and_build_the_same_bundle(folder: Path) -> None:
    sources = read_sources(folder, SETTINGS)
    again = Sources.load(sources.dump())
    assert again.hash == sources.hash
    bundle = build(again, catalogue())
    assert isinstance(bundle, Bundle)
    assert bundle.languages == SETTINGS.languages
    assert tuple(bundle.queues) == tuple(SETTINGS.queues)
    assert bundle.queue_for("card_loss", "zh-CN") == "security"
    assert bundle.limits.misses == SETTINGS.call.misses
    assert asdict(bundle.least_confidence) == SETTINGS.least_confidence.model_dump()


def test_a_recording_has_its_length_and_what_is_no_sound_has_none(folder: Path) -> None:
    recordings = folder / "prompts" / "zh-CN"
    recordings.mkdir(exist_ok=True)
    with wave.open(str(recordings / "common.goodbye.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 20_000)
    (recordings / "common.more.1.wav").write_bytes(b"RIFF1")
    sources = read_sources(folder, SETTINGS)
    assert sources.lengths["zh-CN"] == {"common.goodbye.wav": 2.5}
    assert Sources.load(sources.dump()) == sources
    bundle = build(sources, catalogue())
    assert bundle.prompts["zh-CN"].recorded_seconds("common.goodbye", 1) == 2.5


def test_any_change_changes_the_hash_a_recording_too(folder: Path) -> None:
    before = read_sources(folder, SETTINGS).hash
    recording = folder / "prompts" / "zh-CN" / "common.goodbye.wav"
    recording.parent.mkdir(exist_ok=True)
    recording.write_bytes(b"RIFF1")
    with_recording = read_sources(folder, SETTINGS)
    assert "common.goodbye.wav" in with_recording.recordings["zh-CN"]
    recording.write_bytes(b"RIFF2")
    assert len({before, with_recording.hash, read_sources(folder, SETTINGS).hash}) == 3


def test_limits_that_prompts_speak_are_those_of_the_configuration() -> None:
    constants = constants_of(SETTINGS)
    assert constants["bank_name"] == {"zh-CN": "远山银行", "en": "Yuanshan Bank"}
    assert (constants["each_limit"], constants["day_limit"]) == (500_000, 2_000_000)  # fen
    assert constants["oral_days"] == SETTINGS.card_loss.oral_report_days


def test_a_language_without_prompts_and_a_file_that_is_not_utf8_are_explained(folder: Path) -> None:
    (folder / "flows" / "bad.yaml").write_bytes("余额".encode("gbk"))
    with pytest.raises(FlowFileError, match=r"flows/bad\.yaml:1:1: .*not UTF-8: the byte 0xD3"):
        build(read_sources(folder, SETTINGS), catalogue())
    (folder / "flows" / "bad.yaml").unlink()
    (folder / "prompts" / "en.yaml").unlink()
    with pytest.raises(FlowFileError, match=r"prompts/en\.yaml:1:1: file: the file is missing; every language"):
        build(read_sources(folder, SETTINGS), catalogue())


def _ruled(**parts: object) -> Sources:
    return Sources({}, {}, rules_of(SETTINGS.model_copy(update=parts)))


def test_what_is_of_the_bundle_needs_no_restart_and_the_rest_is_named() -> None:
    queues = {**SETTINGS.queues, "general": SETTINGS.queues["general"].model_copy(update={"agents": 9})}
    other = _ruled(queues=queues, routing=SETTINGS.routing[-1:], billers={})
    assert other.hash != _ruled().hash
    assert needing_restart(_ruled(), other) == []
    transfer = SETTINGS.transfer.model_copy(update={"each_fen": 1})
    zone = SETTINGS.bank.model_copy(update={"time_zone": "Asia/Urumqi"})
    told = needing_restart(_ruled(), _ruled(transfer=transfer, bank=zone))
    assert told == ["bank.time_zone", "transfer.each_yuan"]
    assert set(type(SETTINGS).model_fields) == set(_ruled().rules["rest"]) | BUNDLED


def test_a_published_bundle_knows_its_holidays_without_the_folder(folder: Path) -> None:
    stored = read_sources(folder, SETTINGS).dump()
    shutil.rmtree(folder)
    bundle = build(Sources.load(stored), catalogue())
    moments = {
        "2026-10-08 12:00": True,
        "2026-10-01 12:00": False,  # a holiday, a Thursday
        "2026-10-10 17:00": True,  # a Saturday that is worked like a Monday
        "2026-10-17 17:00": False,  # any other
    }
    at = {text: datetime.fromisoformat(text).replace(tzinfo=bundle.zone) for text in moments}
    assert {text: bundle.is_open("business", moment) for text, moment in at.items()} == moments


def test_a_bundle_of_the_release_before_keeps_its_holidays(folder: Path) -> None:
    sources = read_sources(folder, SETTINGS)
    older = {name: part for name, part in sources.rules.items() if name != "calendar"} | {"holidays": ["2026-10-15"]}
    bundle = build(replace(sources, rules=older), catalogue())
    assert not bundle.is_open("business", datetime(2026, 10, 15, 12, tzinfo=bundle.zone))
