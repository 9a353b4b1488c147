"""A CSV file as spreadsheets write them: its text, and its lines by the names of their columns. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

ENCODINGS = ("utf-8-sig", "gb18030")  # the second is what spreadsheets in China write
DELIMITERS = (",", ";", "\t")  # the second is what spreadsheets in much of Europe write


class UnknownEncodingError(ValueError):
    """A file that is text in none of `ENCODINGS`."""


class OtherColumnsError(ValueError):
    """A file whose first line does not name the columns that are asked for."""


def decoded(content: bytes) -> str:
    """The text of a file. Raises `UnknownEncodingError`."""
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnknownEncodingError


def lines(
    text: str, columns: Sequence[str], named: Mapping[str, str] | None = None
) -> Iterator[tuple[int, Mapping[str, str] | None]]:
    """(number of the line, its cells by column); None for a line that is broken or has another number of cells.

    The first line names the columns, in any order; `named`: another word for a column -> the column. Blank lines are
    left out. A cell with line breaks in it counts as all its lines. Raises `OtherColumnsError`.
    """
    delimiter, heads = _first_line(text, columns, named or {})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(reader)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # such as a cell without an end, of more than 128 KB
            yield reader.line_num, None
            continue
        if any(cell.strip() for cell in cells):
            fits = len(cells) == len(heads)
            yield reader.line_num, dict(zip(heads, map(str.strip, cells), strict=True)) if fits else None


def _first_line(text: str, columns: Sequence[str], named: Mapping[str, str]) -> tuple[str, list[str]]:
    """What parts the cells, and the columns in their order."""
    for delimiter in DELIMITERS:
        with suppress(csv.Error):
            cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
            heads = [named.get(cell.strip(), cell.strip().lower()) for cell in cells]
            if sorted(heads) == sorted(columns):
                return delimiter, heads
    raise OtherColumnsError
