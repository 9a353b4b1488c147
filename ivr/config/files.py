"""config.yaml read and checked: every fault is told with its place, not the first alone."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from ivr.config.checks import Fault, Place, faults
from ivr.config.sections import Section
from ivr.config.settings import Settings
from ivr.errors import ConfigurationError
from ivr.messages import message
from ivr.strictyaml import Text, YamlFault, place_of, read_file, shape_in_words, sign_in


def read_settings(path: Path) -> Settings:
    """The settings in a file; raises `ConfigurationError` that lists every fault with its place."""
    try:
        tree = read_file(path, "bank:")
    except FileNotFoundError as error:
        remedy = message("run this from the project's folder, or give a flow command the folder with --root")
        raise ConfigurationError(message("{path} is missing; {remedy}", path=path, remedy=remedy)) from error
    except OSError as error:
        raise ConfigurationError(
            message("{path} cannot be read: {strerror}", path=path, strerror=error.strerror)
        ) from error
    except YamlFault as fault:
        lines = [_line(path.name, (f.line, f.column), "yaml", "", f.problem, "", f.remedy) for f in fault.faults]
        raise ConfigurationError("\n".join(lines)) from fault
    return settings_from(tree, path.name)


def settings_from(tree: Mapping[str, Any], name: str = "config.yaml") -> Settings:
    """The settings in a tree of text; raises `ConfigurationError`."""
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        found = list(_shapes(error, tree))
    else:
        found = [(place_of(tree, fault.place), fault) for fault in faults(settings)]
    if found:
        found.sort(key=lambda each: each[0])
        raise ConfigurationError("\n".join(_line(name, at, *_words(fault)) for at, fault in found))
    return settings


def _shapes(error: ValidationError, tree: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int], Fault]]:
    """Where the file has another shape than it should."""
    for each in error.errors():
        place, given = each["loc"], each["input"]
        sign = sign_in(given) if isinstance(given, Text) else None
        if isinstance(given, Text) and sign is not None:
            yield (given.line, given.column + sign[0]), Fault("shape", place, *sign[1:])
        else:
            yield place_of(tree, place), Fault("shape", place, *shape_in_words(each, _keys_at(Settings, place[:-1])))


def _words(fault: Fault) -> tuple[str, str, str, str, str]:
    place = ".".join(map(str, fault.place))
    return fault.code, place, fault.problem, fault.effect, fault.remedy


def _line(name: str, at: tuple[int, int], code: str, place: str, problem: str, effect: str, remedy: str) -> str:
    """A fault as the findings of flows are told: place, code, problem, effect, remedy."""
    head = f"{name}:{at[0]}:{at[1]}: {code} {place}".rstrip()
    sentences = (each if each.endswith("?") else f"{each}." for each in (problem, effect, remedy) if each)
    return f"{head}: {' '.join(sentences)}"


def _keys_at(part: Any, path: Place) -> Collection[str]:
    """The keys that may stand at a place below a section; empty where any may."""
    for step in path:
        if isinstance(part, type) and issubclass(part, Section):
            part = part.model_fields[str(step)].annotation if str(step) in part.model_fields else None
        else:
            part = next((kind for kind in reversed(get_args(part)) if kind is not Ellipsis), None)
    return part.model_fields.keys() if isinstance(part, type) and issubclass(part, Section) else ()
