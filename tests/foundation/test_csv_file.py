"""CSV files as people send them."""

import pytest

from ivr.foundation import csv_file

COLUMNS = ("id", "name")


def read(text: str) -> list[tuple[int, dict[str, str] | None]]:
    return [(number, None if cells is None else dict(cells)) for number, cells in csv_file.lines(text, COLUMNS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_file_is_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    assert read(csv_file.decoded("id,name\n1,赵敏\n".encode(encoding))) == [(2, {"id": "1", "name": "赵敏"})]


@pytest.mark.parametrize("content", ["id,name\n".encode("utf-16"), b"\xff\xff\x00", b"PK\x03\x04\x00\x00 a workbook"])
def test_what_is_no_text_of_these_is_refused(content: bytes) -> None:
    with pytest.raises(csv_file.UnknownEncodingError):
        csv_file.decoded(content)


@pytest.mark.parametrize(
    "text", ["id,name\n1,a\n", "ID;Name\r\n1;a\r\n", "id\tname\r1\ta\r", ' id ,"name"\n"1","a "\n']
)
def test_columns_may_be_parted_by_commas_semicolons_and_tabs(text: str) -> None:
    assert read(text) == [(2, {"id": "1", "name": "a"})]


@pytest.mark.parametrize("text", ["", "\n", "id\n1\n", "id,name,id\n", "id,name,\n", "id，name\n", "1,a\n", "id,name"])
def test_the_first_line_names_each_column_once(text: str) -> None:
    if text == "id,name":
        assert read(text) == []
    else:
        with pytest.raises(csv_file.OtherColumnsError):
            read(text)


def test_a_broken_line_is_told_by_its_number_and_the_others_are_read() -> None:
    assert read('name,id\n"Zhao, Min",1\n\n,,\n2\nb,2,c\n" ""x"" ",3\n') == [
        (2, {"name": "Zhao, Min", "id": "1"}), (5, None), (6, None), (7, {"name": '"x"', "id": "3"}),
    ]  # fmt: skip
    assert [number for number, cells in read('id,name\n1,"' + "x" * 200_000) if cells is None] == [2]
