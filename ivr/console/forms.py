"""Forms of pages: read by pydantic, and every fault has its field and its words."""

from collections.abc import Mapping
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError

from ivr.foundation.errors import Refused


class Form(BaseModel):
    """What a page sends; text is taken without the blanks around it, words that it does not know are passed over."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="ignore")


F = TypeVar("F", bound=Form)


class Invalid(Exception):  # noqa: N818 - an outcome of reading a form
    """A form cannot be taken: field -> (rule, facts). The page is shown again with these at their fields, as 422."""

    def __init__(self, faults: Mapping[str, tuple[str, Mapping[str, object]]]) -> None:
        super().__init__(", ".join(f"{name}: {rule}" for name, (rule, _) in faults.items()))
        self.faults = dict(faults)

    @classmethod
    def of(cls, refused: Refused, field: str = "") -> "Invalid":
        """The fault of a rule of the domain; `field` where the rule names none."""
        return cls({refused.field or field: (refused.rule, refused.facts)})


def parsed(kind: type[F]) -> F:
    """The form of this request. Raises `Invalid`."""
    lists = {name for name, each in kind.model_fields.items() if "frozenset" in str(each.annotation)}
    given = {name: request.form.getlist(name) if name in lists else value for name, value in request.form.items()}
    try:
        return kind.model_validate({**dict.fromkeys(lists, ()), **given})
    except ValidationError as error:
        raise Invalid({str(each["loc"][0]): _rule(each["type"]) for each in error.errors()}) from None


def _rule(kind: str) -> tuple[str, Mapping[str, object]]:
    known = {
        "missing": "required",
        "string_too_short": "required",
        "too_short": "required",
        "string_too_long": "too_long",
    }
    return known.get(kind, "form"), {}
