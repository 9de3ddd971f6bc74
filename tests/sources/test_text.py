"""Text files: delimiters, encodings, line ends, damaged records."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import SourceError, UnexpectedLayout
from tests.sources.reading import HEAD, ROW, read, read_text, written

FOUR = "\n".join(ROW.replace("2024-01", f"2024-0{month}") for month in range(1, 5))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = f"{HEAD}\n{ROW}\n".replace(",", delimiter)
    assert read(tmp_path, "flows", written(tmp_path, text)).column("value") == [1000.0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_reads(tmp_path: Path, end: str) -> None:
    text = f"{HEAD}\n{FOUR}\n".replace("\n", end)
    assert read(tmp_path, "flows", written(tmp_path, text)).report.rows == 4


def test_mixed_line_ends_read(tmp_path: Path) -> None:
    text = f"{HEAD}\n" + FOUR.replace("\n", "\r\n", 2)
    assert read(tmp_path, "flows", written(tmp_path, text)).report.rows == 4


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    text = mark + f"{HEAD}\n{ROW}\n".encode(encoding)
    assert read(tmp_path, "flows", written(tmp_path, text)).report.rows == 1


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW}\n".encode() + "2024-02,DEU,Türkiye,export,870323,5\n".encode("iso-8859-1")
    with pytest.raises(SourceError, match=r"line 3 holds byte 0xFC, which is not utf-8.*encoding"):
        read(tmp_path, "flows", written(tmp_path, text))


def test_a_mapping_names_the_encoding(tmp_path: Path) -> None:
    text = f"{HEAD}\n2024-02,DEU,Россия,export,870323,5\n".encode("windows-1251")
    mapping = written(tmp_path, '[read]\nencoding = "windows-1251"\n', "m.toml")
    assert read(tmp_path, "flows", written(tmp_path, text), mapping=mapping).column("partner_iso3") == ["RUS"]


def test_a_byte_that_the_named_encoding_lacks_is_refused(tmp_path: Path) -> None:
    mapping = written(tmp_path, '[read]\nencoding = "ascii"\n', "m.toml")
    text = f"{HEAD}\n2024-02,DEU,Türkiye,export,870323,5\n".encode("iso-8859-1")
    with pytest.raises(SourceError, match="line 2"):
        read(tmp_path, "flows", written(tmp_path, text), mapping=mapping)


def test_quoted_delimiters_quotes_and_line_ends_stay_in_their_cell(tmp_path: Path) -> None:
    mapping = '[values.partner_iso3]\n"Kaz,\\n\\"akh\\"" = "KAZ"\n'
    reading = read_text(tmp_path, '2024-03,DEU,"Kaz,\n""akh""",export,870323,7', ROW, mapping=mapping)
    assert reading.column("value") == [7.0, 1000.0]
    assert reading.column("source_row") == [1, 2]


def test_a_record_with_too_few_cells_is_an_issue_and_keeps_the_numbers_right(tmp_path: Path) -> None:
    lines = FOUR.split("\n")
    reading = read_text(tmp_path, lines[0], "2024-09,DEU", *lines[1:])
    assert reading.column("source_row") == [1, 3, 4, 5]
    assert [(i["source_row"], i["value"]) for i in reading.report.issues] == [(2, "2024-09,DEU")]


def test_a_quote_that_never_closes_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="quote"):
        read_text(tmp_path, ROW, '2024-02,DEU,"KAZ,export,870323,5', FOUR)


def test_an_empty_file_and_one_with_a_header_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="empty"):
        read(tmp_path, "flows", written(tmp_path, ""))
    with pytest.raises(SourceError, match="a header and no records"):
        read(tmp_path, "flows", written(tmp_path, f"{HEAD}\n"))


def test_a_delimiter_that_is_not_guessed_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match=r"one cell.*\[read\] delimiter"):
        read(tmp_path, "flows", written(tmp_path, f"{HEAD}\n{ROW}\n".replace(",", "~")))


def test_banner_lines_are_skipped(tmp_path: Path) -> None:
    text = f"Vendor report\n\nmade today, with care\n{HEAD}\n{ROW}\n"
    mapping = written(tmp_path, "[read]\nbanner_lines = 3\n", "m.toml")
    assert read(tmp_path, "flows", written(tmp_path, text), mapping=mapping).column("source_row") == [1]


def test_blank_lines_are_no_records(tmp_path: Path) -> None:
    assert read_text(tmp_path, "", ROW, "", "").column("source_row") == [1]


def test_a_folder_and_an_absent_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="this is a folder"):
        read(tmp_path, "flows", tmp_path)


@pytest.mark.parametrize(("text", "kind"), [("<html>Error 404</html>", "a web page"), ('{"data": []}', "JSON")])
def test_a_saved_answer_is_no_table(tmp_path: Path, text: str, kind: str) -> None:
    with pytest.raises(SourceError, match=f"this is {kind}"):
        read(tmp_path, "flows", written(tmp_path, text))


def test_cells_without_a_heading_are_no_fault(tmp_path: Path) -> None:
    assert read_text(tmp_path, f"{ROW},1,2", head=f"{HEAD},,").column("value") == [1000.0]


def test_records_that_never_fit_the_header_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no record has as many cells as the header"):
        read_text(tmp_path, f"{ROW},1,2", f"{ROW},1,2")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        read(tmp_path, "flows", written(tmp_path, bytes(range(256)) * 20))
