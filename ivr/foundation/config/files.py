"""Reads and checks config.yaml, and reports every fault with its position."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ivr.foundation.config.checks import KeyPath, SettingsFault, faults
from ivr.foundation.config.faults import PlacedFault, SettingsFaults
from ivr.foundation.config.repair import repaired, type_at
from ivr.foundation.config.sections import Section
from ivr.foundation.config.settings import Settings
from ivr.foundation.errors import ConfigurationError
from ivr.foundation.messages import message
from ivr.foundation.strictyaml import (
    Text,
    YamlFault,
    describe_shape_error,
    fullwidth_sign,
    location_of,
    read_file,
    without_follow_ups,
)

_SECTIONS = {"language": "languages", "limit": "transfer"}  # fault code -> the section it concerns


@dataclass(frozen=True, slots=True)
class ParsedConfig:
    """The contents of a config.yaml. Where it has faults, `settings` holds placeholders, so that dependent files can be
    checked.

    `doubtful` are the sections with a fault: what does not fit them may fit once they are corrected.
    """

    settings: Settings
    faults: tuple[PlacedFault, ...]
    doubtful: frozenset[str]
    tree: Mapping[str, Any]


def read_settings(path: Path) -> Settings:
    """The settings in a file. Raises `ConfigurationError` with every fault and its position."""
    reading = read_config(path)
    if reading.faults:
        raise SettingsFaults(path.name, reading.faults)
    return reading.settings


def settings_from(tree: Mapping[str, Any], name: str = "config.yaml") -> Settings:
    """The settings in a YAML tree. Raises `ConfigurationError`."""
    reading = parse_config(tree)
    if reading.faults:
        raise SettingsFaults(name, reading.faults)
    return reading.settings


def read_config(path: Path) -> ParsedConfig:
    """The contents of a file, with its faults. Raises `ConfigurationError` where it cannot be read."""
    try:
        tree = read_file(path, "bank:")
    except FileNotFoundError as error:
        remedy = message("run this from the project's folder, or give a flow command the folder with --root")
        raise ConfigurationError(message("{path} is missing; {remedy}", path=path, remedy=remedy)) from error
    except OSError as error:
        words = message("{path} cannot be read: {strerror}", path=path, strerror=error.strerror)
        raise ConfigurationError(words) from error
    except YamlFault as fault:
        found = tuple(PlacedFault(f.line, f.column, "yaml", "", f.problem, "", f.remedy) for f in fault.faults)
        return ParsedConfig(repaired({}), found, frozenset(Settings.model_fields), {})
    return parse_config(tree)


def parse_config(tree: Mapping[str, Any]) -> ParsedConfig:
    """The contents of a YAML tree, with its faults."""
    found: list[tuple[tuple[int, int], SettingsFault]] = []
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        found = list(_shapes(error, tree))
        settings = repaired(tree)
    faulty = {str(fault.place[0]) for _, fault in found}
    if faulty - Settings.model_fields.keys():  # an unknown key may be a misspelling of a missing one
        faulty |= Settings.model_fields.keys() - tree.keys()
    for fault in faults(settings):
        if not faulty & {str(fault.place[0]), fault.code, _SECTIONS.get(fault.code, "")}:
            found.append((location_of(tree, fault.place), fault))
    doubtful = faulty | {
        part for _, fault in found for part in (str(fault.place[0]), _SECTIONS.get(fault.code, ""))
    } - {""}
    placed = (PlacedFault(*at, f.code, ".".join(map(str, f.place)), f.problem, f.effect, f.remedy) for at, f in found)
    return ParsedConfig(settings, tuple(sorted(placed)), frozenset(doubtful), tree)


def _shapes(error: ValidationError, tree: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int], SettingsFault]]:
    """The faults of shape that pydantic found."""
    for each in without_follow_ups(error.errors()):
        place, given = each["loc"], each["input"]
        sign = fullwidth_sign(given) if isinstance(given, Text) else None
        if isinstance(given, Text) and sign is not None:
            yield (given.line, given.column + sign[0]), SettingsFault("shape", place, *sign[1:])
        elif place == ("holidays",):
            yield location_of(tree, place), _moved_to_the_calendar(given)
        else:
            yield (
                location_of(tree, place),
                SettingsFault("shape", place, *describe_shape_error(each, _keys_at(place[:-1]))),
            )


def _moved_to_the_calendar(given: object) -> SettingsFault:
    """The fault for `holidays:` of an earlier release: its days belong in the calendar now."""
    days = given if isinstance(given, list | tuple) else ()
    years = sorted({str(day)[:4] for day in days if str(day)[:4].isdecimal()}) or ["<year>"]
    file = ", ".join(f"calendar/{year}.yaml" for year in years)
    problem = message("holidays are in {file} now, not in config.yaml", file=file)
    remedy = message("move each day to holidays: of {file}, and delete this line", file=file)
    return SettingsFault("shape", ("holidays",), problem, remedy)


def _keys_at(path: KeyPath) -> Collection[str]:
    """The allowed keys at a path below a section; empty where any key is allowed."""
    part = type_at(path)
    return list(part.written_fields()) if isinstance(part, type) and issubclass(part, Section) else ()
