"""HTML forms, validated by pydantic; each error has a field and a message."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar, get_origin

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError

from ivr.foundation.errors import IllegalTransition, LostRace, Refused


class Form(BaseModel):
    """The base of all forms: surrounding blanks are stripped, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="ignore")


F = TypeVar("F", bound=Form)


class Invalid(Exception):  # noqa: N818 - an outcome of validation
    """An invalid form: field -> (rule, facts). The page is shown again as 422 with a message at each field."""

    def __init__(self, faults: Mapping[str, tuple[str, Mapping[str, object]]]) -> None:
        super().__init__(", ".join(f"{name}: {rule}" for name, (rule, _) in faults.items()))
        self.faults = dict(faults)


@contextmanager
def refusals_at(field: str) -> Iterator[None]:
    """Turn a domain's `Refused` into an error of the form, at the field of its rule or at this one."""
    try:
        yield
    except Refused as refused:
        raise Invalid({refused.field or field: (refused.rule, refused.facts)}) from None
    except LostRace:
        raise Invalid({field: ("lost_race", {})}) from None
    except IllegalTransition:
        raise Invalid({field: ("not_now", {})}) from None


def parsed(kind: type[F]) -> F:
    """Parse the form of this request; a frozenset field gets all values of its name. Raises `Invalid`."""
    many = [name for name, field in kind.model_fields.items() if get_origin(field.annotation) is frozenset]
    given = request.form.to_dict() | {name: request.form.getlist(name) for name in many}
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise Invalid({str(each["loc"][0]): (RULES.get(each["type"], "form"), {}) for each in error.errors()}) from None


RULES = {  # pydantic's word for what is wrong -> ours
    "missing": "required",
    "string_too_short": "required",
    "too_short": "required",
    "string_too_long": "too_long",
}
