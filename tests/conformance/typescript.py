"""TwiML written again as a program in TypeScript, so that Twilio's own types say whether the verbs and words exist."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

_INTERFACE = re.compile(r"export interface (\w+)Attributes \{(.*?)\n    \}", re.DOTALL)
_MEMBER = re.compile(r"^\s+(?:'|\")?(\w+)(?:'|\")?\?: (.+);$", re.MULTILINE)
_CLASS = re.compile(r"class (\w+) extends TwiML \{(.*?)\n(?:    )?\}", re.DOTALL)
_METHOD = re.compile(r"^\s+(\w+)\(", re.MULTILINE)
XML_LIBRARY = "declare module 'xmlbuilder' { export type XMLElement = any; }\n"
OPTIONS = {
    "compilerOptions": {
        "strict": True, "noEmit": True, "target": "es2022", "module": "commonjs", "skipLibCheck": True, "types": [],
    },
    "include": ["*.ts"],
}  # fmt: skip


@dataclass
class Writer:
    """Writes documents as calls of `VoiceResponse`; `types` are the attributes of each verb, as declared."""

    types: Mapping[str, Mapping[str, str]]
    verbs: Mapping[str, frozenset[str]]  # what each verb may hold: TwiML's own base class takes anything
    lines: list[str] = field(default_factory=list)
    count: int = 0

    @classmethod
    def of(cls, declarations: str) -> "Writer":
        """A writer by the declarations of VoiceResponse.d.ts."""
        return cls(
            {name: dict(_MEMBER.findall(body)) for name, body in _INTERFACE.findall(declarations)},
            {name: frozenset(_METHOD.findall(body)) for name, body in _CLASS.findall(declarations)},
        )

    def write(self, document: str) -> None:
        """One document, in a block of its own."""
        root = fromstring(document)
        assert root.tag == "Response", document
        self.lines.append("{")
        self._verbs("new VoiceResponse()", root)
        self.lines.append("}")

    def _verbs(self, made: str, element: Element) -> None:
        self.count += 1
        name = f"v{self.count}"
        self.lines.append(f"const {name} = {made};")
        for verb in element:
            method = verb.tag[0].lower() + verb.tag[1:]
            if method not in self.verbs["VoiceResponse" if element.tag == "Response" else element.tag]:
                self.lines.append(f'const wrong: never = "{element.tag} holds no {verb.tag}";')
            attributes = json.dumps({}) if not verb.attrib else self._attributes(verb)
            text = f", {json.dumps(verb.text, ensure_ascii=False)}" if verb.text else ""
            self._verbs(f"{name}.{method}({attributes}{text})", verb)

    def _attributes(self, verb: Element) -> str:
        types = self.types.get(verb.tag, {})
        given = (f"{key}: {_literal(value, types.get(key, 'string'))}" for key, value in verb.attrib.items())
        return "{" + ", ".join(given) + "}"

    def program(self) -> str:
        """The whole program."""
        return "\n".join(['import VoiceResponse = require("./VoiceResponse");', *self.lines]) + "\n"


def _literal(value: str, declared: str) -> str:
    """An attribute's text as the declared type has it; what is no such thing stays a text, which does not compile."""
    if declared == "number" and value.isdecimal():
        return value
    if declared == "boolean" and value in ("true", "false"):
        return value
    if declared.endswith("[]"):
        return json.dumps(value.split())
    return json.dumps(value, ensure_ascii=False)


def lay_out(folder: Path, declarations: Path, documents: Iterable[str]) -> int:
    """A project of these documents in a folder, ready for the compiler; returns how many shapes of them differ."""
    writer = Writer.of((declarations / "VoiceResponse.d.ts").read_text(encoding="utf-8"))
    shapes = {_shape(document): document for document in documents}
    for document in shapes.values():
        writer.write(document)
    for name in ("VoiceResponse.d.ts", "TwiML.d.ts"):
        (folder / name).write_text((declarations / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "xmlbuilder.d.ts").write_text(XML_LIBRARY)
    (folder / "documents.ts").write_text(writer.program(), encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps(OPTIONS))
    return len(shapes)


def _shape(document: str) -> str:
    """Documents that differ in numbers and texts alone are the same to the compiler."""
    return re.sub(r">[^<]+<", "><", re.sub(r'(Url|action)="[^"]*"', r"\1", document))
