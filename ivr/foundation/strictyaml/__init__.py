"""YAML as staff write it: every scalar is text with its place in the file, and every trap is a message.

Plain YAML reads 17:00 as 1020, 0123 as 83, NO as false and lets a repeated key win in silence. Here the
composed tree is used before any of that happens: mappings, lists and text only.
"""

from ivr.foundation.strictyaml.closeness import closest, meant, near
from ivr.foundation.strictyaml.reading import read_file, read_text
from ivr.foundation.strictyaml.shapes import Said, causes, shape_in_words
from ivr.foundation.strictyaml.signs import sign_in
from ivr.foundation.strictyaml.tree import Fault, Mapping, Sequence, Text, Tree, YamlFault, place_of

__all__ = [
    "Fault", "Mapping", "Said", "Sequence", "Text", "Tree", "YamlFault", "causes", "closest", "meant", "near",
    "place_of", "read_file", "read_text", "shape_in_words", "sign_in",
]  # fmt: skip
