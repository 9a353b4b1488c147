"""The prescribed words beside a call (A6): scripts/<language>.yaml, read and checked at the start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ivr.foundation.errors import ConfigurationError
from ivr.foundation.messages import ENGLISH, sentences
from ivr.foundation.strictyaml import YamlFault, describe_shape_error, location_of, read_file, without_follow_ups

SCENES = ("opening", "soothing", "hang_up", "closing")
DEFAULT = "default"
MOST_ANSWERS = 9  # one key each


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scene(_Part):
    """What is said in one situation; {agent} in it is the agent's user name."""

    title: str
    say: str


class Script(_Part):
    """One language's words: `scenes` of every call, those for what `failed`, and standard `answers` by intent."""

    scenes: Mapping[str, Scene]
    failed: Mapping[str, Scene]
    answers: Mapping[str, Sequence[str]] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one call: its scenes, the one that comes first in front, and its answers."""

    scenes: Sequence[tuple[str, str, str]]  # code, title, words
    answers: Sequence[str]


def read_scripts(folder: Path, languages: Sequence[str]) -> Mapping[str, Script]:
    """The script of each language; raises `ConfigurationError` that lists every fault of a file."""
    return {language: read_script(folder / f"{language}.yaml") for language in languages}


def read_script(path: Path) -> Script:
    """One file. Raises `ConfigurationError`."""
    try:
        tree = read_file(path, "scenes:")
        script = Script.model_validate(tree)
    except YamlFault as fault:
        lines = [f"{path.name}:{f.line}:{f.column}: {sentences([f.problem, f.remedy], ENGLISH)}" for f in fault.faults]
        raise ConfigurationError("\n".join(lines)) from fault
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        found = [
            (location_of(tree, each["loc"]), describe_shape_error(each)) for each in without_follow_ups(error.errors())
        ]
        lines = [f"{path.name}:{line}:{column}: {sentences(list(said), ENGLISH)}" for (line, column), said in found]
        raise ConfigurationError("\n".join(lines)) from error
    if amiss := list(_amiss(script)):
        raise ConfigurationError("\n".join(f"{path.name}: {each}" for each in amiss))
    return script


def _amiss(script: Script) -> Sequence[str]:
    missing = [f"scenes: {name} is missing" for name in SCENES if name not in script.scenes]
    if DEFAULT not in script.answers:
        missing.append(f"answers: {DEFAULT} is missing")
    many = [f"answers: {name} has more than {MOST_ANSWERS}" for name, all_ in script.answers.items() if len(all_) > 9]
    unknown = [
        f"{scene.title}: only {{agent}} can stand in braces"
        for scene in (*script.scenes.values(), *script.failed.values())
        if "{" in scene.say.replace("{agent}", "")
    ]
    return [*missing, *many, *unknown]


def beside(script: Script, intent: str, failed_step: str, agent: str) -> Beside:
    """What an agent needs for this caller: first the words for what failed, by its step, else by its flow."""
    flow = failed_step.partition(".")[0]
    first = next((script.failed[place] for place in (failed_step, flow) if place in script.failed), None)
    scenes = [*([("failed", first)] if first is not None else []), *((code, script.scenes[code]) for code in SCENES)]
    return Beside(
        [(code, scene.title, scene.say.replace("{agent}", agent)) for code, scene in scenes],
        script.answers.get(intent, script.answers[DEFAULT]),
    )
