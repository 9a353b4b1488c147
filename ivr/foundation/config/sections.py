"""What every part of config.yaml is made of: frozen sections, amounts in yuan, counts within reason."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from ivr.foundation.messages import message
from ivr.foundation.money import parse_yuan


def _fen(value: object) -> object:
    """Yuan as the file writes them."""
    if not isinstance(value, str):
        return value
    fen = parse_yuan(value)
    if fen is None:
        raise ValueError(message("'{value}' is no amount in yuan; write 5000.00", value=value))
    return fen


FEN_BOUNDS = (1, 1_000_000_000)  # ten million yuan at most
Fen = Annotated[int, BeforeValidator(_fen), Field(ge=FEN_BOUNDS[0], le=FEN_BOUNDS[1])]
Count = Annotated[int, Field(ge=1, le=10_000)]
Few = Annotated[int, Field(ge=1, le=100)]  # tries and repetitions: more of them is no limit any more
Seconds = Annotated[float, Field(gt=0, le=600)]
Level = Annotated[int, Field(ge=1, le=5)]  # of a skill
Wait = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}$")]  # seconds of waiting, as the key of a table
Six = Annotated[int, Field(ge=6, le=6)]  # what the flows ask for


class Section(BaseModel):
    """A part of config.yaml: frozen, and a word it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def written_fields(cls) -> dict[str, FieldInfo]:
        """The fields by the keys that the file writes them under."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}
