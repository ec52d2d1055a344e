"""Reading a whole batch: all problems at once, and numbers cut into slices."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.batch import GROUP_SIZE
from starter.input import InvalidInput
from tests.starter.input.batch_folder import NUMBERS, BatchFolder

MANY = [f"+1212{line}" for line in range(2_000_000, 2_001_601)]


def test_all_problems_of_all_files_are_reported_at_once_in_file_and_line_order(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('id = "spring-2026"\n', "")
    folder.change('["invoice.pdf"]', '["march.pdf"]')
    folder.change('"robin.park@example.com"', '"robin.park"')
    folder.change('state = "CA"', 'stat = "CA"')
    folder.change('wave = "12h"', 'wave = "soon"')
    folder.numbers("phone_number,invoice", f"{NUMBERS[0]},own.pdf", "555,own.pdf", f"{NUMBERS[0]},", "+14165550134,")
    assert [problem[:4] for problem in folder.problems()] == [
        ("batch.toml", None, "id", ""),
        ("batch.toml", 8, "invoices", "march.pdf"),
        ("batch.toml", 12, "contact.email", "robin.park"),
        ("batch.toml", 27, "loa.address.stat", "CA"),
        ("batch.toml", 32, "pace.wave", "soon"),
        ("numbers.csv", 2, "invoice", "own.pdf"),
        ("numbers.csv", 3, "phone_number", "555"),
        ("numbers.csv", 4, "phone_number", NUMBERS[0]),
        ("numbers.csv", 5, "phone_number", "+14165550134"),
    ]


def test_numbers_are_checked_even_when_nothing_can_be_told_of_the_batch_file(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.batch = "id ="
    folder.numbers("+14165550134", "+12025550134", "555")
    problems = folder.problems(str(tmp_path / "numbers.csv"))
    assert [problem[:4] for problem in problems] == [
        ("batch.toml", None, "", ""),
        ("numbers.csv", 3, "phone_number", "555"),
    ]


def test_the_error_lists_every_problem_in_a_line_of_its_own(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('city = "San Francisco"', 'city = ""')
    folder.numbers("555")
    with pytest.raises(InvalidInput) as caught:
        folder.read()
    assert str(caught.value) == (
        "2 problems in the input, nothing was sent:\n"
        f"{tmp_path}/batch.toml, line 27, loa.address.city: text that is not empty\n"
        f"{tmp_path}/numbers.csv, line 1, phone_number = '555': "
        "no such number in the numbering plan; check the digits"
    )


def test_a_long_value_is_shortened_where_it_is_shown(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.numbers("5" * 300)
    with pytest.raises(InvalidInput) as caught:
        folder.read()
    assert caught.value.problems[0].value == "5" * 300
    assert f"phone_number = '{'5' * 80}...': " in str(caught.value)


@settings(max_examples=25, deadline=None)
@given(count=st.one_of(st.sampled_from([1, 499, 500, 501, 1000, 1001]), st.integers(1, len(MANY))))
def test_slices_partition_the_numbers_in_file_order(tmp_path_factory: pytest.TempPathFactory, count: int) -> None:
    folder = BatchFolder(tmp_path_factory.mktemp("batch"))
    folder.numbers(*MANY[:count])
    slices = folder.read().slices
    assert [number for planned in slices for number in planned.numbers] == MANY[:count]
    assert [planned.sequence for planned in slices] == list(range(1, len(slices) + 1))
    assert all(len(planned.numbers) == GROUP_SIZE for planned in slices[:-1])
    assert 1 <= len(slices[-1].numbers) <= GROUP_SIZE


def test_a_slice_carries_the_invoices_of_the_batch_and_of_its_own_rows_once(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    for name in ("a.pdf", "b.pdf"):
        folder.invoice(name)
    rows = [f"{number},{'a.pdf' if position < 300 else 'b.pdf'}" for position, number in enumerate(MANY[:700])]
    folder.numbers("phone_number,invoice", *rows, f"{MANY[700]},../{tmp_path.name}/invoice.pdf", MANY[701])
    names = [[invoice.name for invoice in planned.invoices] for planned in folder.read().slices]
    assert names == [["invoice.pdf", "a.pdf", "b.pdf"], ["invoice.pdf", "b.pdf"]]
