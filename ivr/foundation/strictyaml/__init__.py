"""YAML as staff write it: every scalar is text with its position, and every pitfall of YAML gives a message.

Plain YAML reads 17:00 as 1020, 0123 as 83, NO as false, and silently keeps the last of two equal keys. This reader uses
the composed node tree before that happens: mappings, lists and text only.
"""

from ivr.foundation.strictyaml.fullwidth import fullwidth_sign
from ivr.foundation.strictyaml.reading import read_file, read_text
from ivr.foundation.strictyaml.shape_errors import OptionalMessage, describe_shape_error, without_follow_ups
from ivr.foundation.strictyaml.suggestions import closest, did_you_mean, suggestion
from ivr.foundation.strictyaml.tree import Fault, Mapping, Sequence, Text, Tree, YamlFault, location_of

__all__ = [
    "Fault",
    "Mapping",
    "OptionalMessage",
    "Sequence",
    "Text",
    "Tree",
    "YamlFault",
    "closest",
    "describe_shape_error",
    "did_you_mean",
    "fullwidth_sign",
    "location_of",
    "read_file",
    "read_text",
    "suggestion",
    "without_follow_ups",
]  # fmt: skip
