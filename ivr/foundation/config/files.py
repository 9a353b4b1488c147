"""config.yaml read and checked: every fault is told with its place, not the first alone."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ivr.foundation.config.checks import Fault, Place, faults
from ivr.foundation.config.faults import PlacedFault, SettingsFaults
from ivr.foundation.config.repair import repaired, type_at
from ivr.foundation.config.sections import Section
from ivr.foundation.config.settings import Settings
from ivr.foundation.errors import ConfigurationError
from ivr.foundation.messages import message
from ivr.foundation.strictyaml import Text, YamlFault, causes, place_of, read_file, shape_in_words, sign_in

_SECTIONS = {"language": "languages", "limit": "transfer"}  # code of a fault -> the section it is about


@dataclass(frozen=True, slots=True)
class Reading:
    """What a config.yaml says. Where it has faults, `settings` hold stand-ins, good for checking what depends on it.

    `doubtful` are the sections with a fault: what does not fit them may fit once they are mended.
    """

    settings: Settings
    faults: tuple[PlacedFault, ...]
    doubtful: frozenset[str]
    tree: Mapping[str, Any]


def read_settings(path: Path) -> Settings:
    """The settings in a file; raises `ConfigurationError` that lists every fault with its place."""
    reading = read_config(path)
    if reading.faults:
        raise SettingsFaults(path.name, reading.faults)
    return reading.settings


def settings_from(tree: Mapping[str, Any], name: str = "config.yaml") -> Settings:
    """The settings in a tree of text; raises `ConfigurationError`."""
    reading = reading_of(tree)
    if reading.faults:
        raise SettingsFaults(name, reading.faults)
    return reading.settings


def read_config(path: Path) -> Reading:
    """What a file says, with its faults; raises `ConfigurationError` where there is none to read."""
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
        return Reading(repaired({}), found, frozenset(Settings.model_fields), {})
    return reading_of(tree)


def reading_of(tree: Mapping[str, Any]) -> Reading:
    """What a tree of text says, with its faults."""
    found: list[tuple[tuple[int, int], Fault]] = []
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        found = list(_shapes(error, tree))
        settings = repaired(tree)
    amiss = {str(fault.place[0]) for _, fault in found}
    if amiss - Settings.model_fields.keys():  # a key that was misspelt stands for one that is missing
        amiss |= Settings.model_fields.keys() - tree.keys()
    for fault in faults(settings):
        if not amiss & {str(fault.place[0]), fault.code, _SECTIONS.get(fault.code, "")}:
            found.append((place_of(tree, fault.place), fault))
    doubtful = amiss | {part for _, fault in found for part in (str(fault.place[0]), _SECTIONS.get(fault.code, ""))} - {
        ""
    }
    placed = (PlacedFault(*at, f.code, ".".join(map(str, f.place)), f.problem, f.effect, f.remedy) for at, f in found)
    return Reading(settings, tuple(sorted(placed)), frozenset(doubtful), tree)


def _shapes(error: ValidationError, tree: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int], Fault]]:
    """Where the file has another shape than it should."""
    for each in causes(error.errors()):
        place, given = each["loc"], each["input"]
        sign = sign_in(given) if isinstance(given, Text) else None
        if isinstance(given, Text) and sign is not None:
            yield (given.line, given.column + sign[0]), Fault("shape", place, *sign[1:])
        elif place == ("holidays",):
            yield place_of(tree, place), _moved_to_the_calendar(given)
        else:
            yield place_of(tree, place), Fault("shape", place, *shape_in_words(each, _keys_at(place[:-1])))


def _moved_to_the_calendar(given: object) -> Fault:
    """`holidays:` of an earlier release: where its days go now."""
    days = given if isinstance(given, list | tuple) else ()
    years = sorted({str(day)[:4] for day in days if str(day)[:4].isdecimal()}) or ["<year>"]
    file = ", ".join(f"calendar/{year}.yaml" for year in years)
    problem = message("holidays stand in {file} now, and not in config.yaml", file=file)
    remedy = message("move each day to holidays: of {file}, and take this line out", file=file)
    return Fault("shape", ("holidays",), problem, remedy)


def _keys_at(path: Place) -> Collection[str]:
    """The keys that may stand at a place below a section; empty where any may."""
    part = type_at(path)
    return list(part.written_fields()) if isinstance(part, type) and issubclass(part, Section) else ()
