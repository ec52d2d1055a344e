"""Data on stdout in every form, and nothing of it cut off where a program reads it."""

import json

import pytest

from starter.output import Format, counted, document, rows

WIDE = {"batch": "spring", "explanation": "a long explanation " * 20}


def test_a_table_in_a_pipe_has_a_line_a_row_and_whole_cells(capsys: pytest.CaptureFixture[str]) -> None:
    rows(Format.TEXT, [WIDE, WIDE | {"explanation": None}], ("batch", "explanation"))
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["batch", "explanation"]
    assert first.split(maxsplit=1) == ["spring", f"{WIDE['explanation']}"]
    assert second.strip() == "spring"


def test_brackets_in_data_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    rows(Format.TEXT, [{"batch": "a [bold]b[/bold] c"}], ("batch",))
    assert "a [bold]b[/bold] c" in capsys.readouterr().out


def test_an_empty_list_is_an_empty_list_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    rows(Format.JSON, [], ("batch",))
    rows(Format.JSONL, [], ("batch",))
    rows(Format.TEXT, [], ("batch",))
    assert capsys.readouterr().out.split() == ["[]", "batch"]


def test_json_is_one_document_and_jsonl_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    rows(Format.JSON, iter([WIDE, WIDE]), ())
    assert json.loads(capsys.readouterr().out) == [WIDE, WIDE]
    rows(Format.JSONL, iter([WIDE, WIDE]), ())
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [WIDE, WIDE]
    document(Format.JSONL, WIDE, "for people")
    assert json.loads(capsys.readouterr().out) == WIDE
    document(Format.TEXT, WIDE, "for people [not markup]")
    assert capsys.readouterr().out == "for people [not markup]\n"


def test_one_thing_is_counted_in_the_singular() -> None:
    assert [counted(count, "number") for count in (0, 1, 2)] == ["0 numbers", "1 number", "2 numbers"]
