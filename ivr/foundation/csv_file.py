"""CSV files as spreadsheets write them: decoding, and rows by column name. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

ENCODINGS = ("utf-8-sig", "gb18030")  # spreadsheets in China write GB 18030
DELIMITERS = (",", ";", "\t")  # spreadsheets in much of Europe write semicolons


class UnknownEncodingError(ValueError):
    """A file that cannot be decoded by any of `ENCODINGS`."""


class OtherColumnsError(ValueError):
    """A file whose header does not have the expected columns."""


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
    """(line number, cells by column); None for a row that is malformed or has another number of cells.

    The header names the columns, in any order; `named` maps alternative names to columns. Blank rows are skipped. A
    cell with line breaks counts as all its lines. Raises `OtherColumnsError`.
    """
    delimiter, heads = _first_line(text, columns, named or {})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(reader)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # such as an unterminated cell of more than 128 KB
            yield reader.line_num, None
            continue
        if any(cell.strip() for cell in cells):
            fits = len(cells) == len(heads)
            yield reader.line_num, dict(zip(heads, map(str.strip, cells), strict=True)) if fits else None


def _first_line(text: str, columns: Sequence[str], named: Mapping[str, str]) -> tuple[str, list[str]]:
    """The delimiter, and the columns in their order."""
    for delimiter in DELIMITERS:
        with suppress(csv.Error):
            cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
            heads = [named.get(cell.strip(), cell.strip().lower()) for cell in cells]
            if sorted(heads) == sorted(columns):
                return delimiter, heads
    raise OtherColumnsError
