"""Building blocks of config.yaml: frozen sections, amounts in yuan, bounded counts."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from ivr.foundation.messages import message
from ivr.foundation.money import parse_yuan


def _fen(value: object) -> object:
    """Converts yuan, as written in the file, to fen."""
    if not isinstance(value, str):
        return value
    fen = parse_yuan(value)
    if fen is None:
        raise ValueError(message("'{value}' is not an amount in yuan; write 5000.00", value=value))
    return fen


FEN_BOUNDS = (1, 1_000_000_000)  # ten million yuan at most
Fen = Annotated[int, BeforeValidator(_fen), Field(ge=FEN_BOUNDS[0], le=FEN_BOUNDS[1])]
Count = Annotated[int, Field(ge=1, le=10_000)]
Few = Annotated[int, Field(ge=1, le=100)]  # for retries and repetitions
Seconds = Annotated[float, Field(gt=0, le=600)]
Level = Annotated[int, Field(ge=1, le=5)]  # skill level
Wait = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}$")]  # key of a table: seconds of waiting
Six = Annotated[int, Field(ge=6, le=6)]  # the flows require six digits


class Section(BaseModel):
    """A section of config.yaml: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def written_fields(cls) -> dict[str, FieldInfo]:
        """The fields by their keys in the file."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}
