"""Parses a TwiML document into verbs; refuses what Twilio refuses to parse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from exchange import faults
from exchange.faults import TwimlFault


@dataclass(frozen=True)
class Verb:
    """One element: its name, attributes, and content in order (text and nested elements)."""

    name: str
    attributes: Mapping[str, str]
    content: tuple["str | Verb", ...] = ()

    @property
    def nested(self) -> tuple["Verb", ...]:
        return tuple(part for part in self.content if isinstance(part, Verb))

    @property
    def text(self) -> str:
        """All character data below, with white space collapsed; a line break counts as one space."""
        return " ".join("".join(self._characters()).split())

    def _characters(self) -> Iterator[str]:
        for part in self.content:
            if isinstance(part, Verb):
                yield from part._characters()
            else:
                yield part


@dataclass(frozen=True)
class Document:
    """Parsed TwiML and its source; `url` is None for TwiML that REST supplied inline."""

    verbs: tuple[Verb, ...]
    url: str | None = None
    method: str = "POST"


@dataclass
class _Open:
    name: str
    attributes: Mapping[str, str]
    content: list[str | Verb] = field(default_factory=list)

    def close(self) -> Verb:
        return Verb(self.name, self.attributes, tuple(self.content))


class _Builder:
    """Builds a tree from expat's callbacks."""

    def __init__(self) -> None:
        self.stack = [_Open("", {})]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.stack.append(_Open(name, attributes))

    def end(self, _name: str) -> None:
        closed = self.stack.pop().close()
        self.stack[-1].content.append(closed)

    def characters(self, data: str) -> None:
        self.stack[-1].content.append(data)

    def refuse(self, *_: object) -> None:
        raise TwimlFault(faults.UNPARSEABLE, "document type declarations are refused")


def parse(body: bytes, url: str | None = None, method: str = "POST") -> Document:
    """The document in `body`. Raises TwimlFault 12100 when it is not well-formed XML with a `Response` root."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, UnicodeError) as error:
        raise TwimlFault(faults.UNPARSEABLE, f"not well-formed XML: {error}", url or "") from error
    except TwimlFault as fault:
        raise TwimlFault(fault.code, fault.message, url or "") from None
    roots = builder.stack[0].close().nested
    if [root.name for root in roots] != ["Response"]:
        raise TwimlFault(faults.UNPARSEABLE, "the root element is not Response", url or "")
    return Document(roots[0].nested, url, method)
