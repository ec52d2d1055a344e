"""The example batch works, and it and the guide explain every key that exists."""

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from onboarding.batch import LoaParty, NumberType
from onboarding.pace import Pace, Patience
from starter.input import BatchInput, plan, read_batch
from starter.input.batch_keys import BatchFile
from starter.input.numbers_file import COLUMNS

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "batch.toml"
MIXED_EXAMPLE = ROOT / "examples" / "mixed" / "batch.toml"
GUIDE = (ROOT / "docs" / "batch-file.md").read_text(encoding="utf-8")


def keys(model: type[BaseModel] = BatchFile, above: str = "") -> Iterator[str]:
    """All keys with their tables; a wait counts as one key, and so do all named LOA parties."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if name == "loa":
            yield from (*keys(LoaParty, "loa."), "loa.type")
        elif isinstance(inner, type) and issubclass(inner, BaseModel) and inner is not Patience:
            yield from keys(inner, f"{above}{name}.")
        else:
            yield f"{above}{name}"


@pytest.fixture
def example() -> BatchInput:
    return read_batch(EXAMPLE, None, io.BytesIO())


@pytest.fixture
def mixed_example() -> BatchInput:
    return read_batch(MIXED_EXAMPLE, None, io.BytesIO())


def test_the_examples_are_valid_and_leave_nothing_doubtful(example: BatchInput, mixed_example: BatchInput) -> None:
    assert example.warnings == mixed_example.warnings == ()


def test_the_mixed_example_shows_both_types_both_regions_and_every_kind_of_loa(mixed_example: BatchInput) -> None:
    parts = plan(mixed_example).parts
    assert {(part.region, part.number_type) for part in parts} == {
        ("US", NumberType.LOCAL),
        ("CA", NumberType.LOCAL),
        ("US", NumberType.TOLL_FREE),
    }
    assert {part.loa_type for part in parts} == {"direct", "reseller", "blanket"}
    assert {part.campaign_id for part in parts} == {"C3O8OGA", "C7P2QRS", None}


def test_the_example_invoice_lists_all_25_numbers(example: BatchInput) -> None:
    (group,) = example.slices
    assert len(set(group.numbers)) == 25
    assert [invoice.name for invoice in group.invoices] == ["invoice.pdf"]


def test_the_example_shows_every_key_or_explains_it_in_a_comment() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = tomllib.loads(
        re.sub(r"(?m)^# (?=(profile|nnid|scheduled_osr_update_time|window|rented|business_name|type) = )", "", text)
    )
    assert sorted([*_leaves(shown), "loa_parties"]) == sorted(keys())
    assert "[loa_parties.<name>]" in text


def test_the_guide_explains_every_key_and_column_and_no_other() -> None:
    assert sorted(re.findall(r"(?m)^\| `([a-z_.]+)` \|", GUIDE)) == sorted([*keys(), *COLUMNS])


def test_the_guide_names_the_default_pace() -> None:
    rows = dict(re.findall(r"(?m)^\| `pace\.(\w+)` \| ([^|]+) \|", GUIDE))
    defaults = {
        name: f"`{value['remind_every']}`, `{value['deadline']}`" if isinstance(value, dict) else f"`{value}`"
        for name, value in Pace().model_dump().items()
    }
    assert rows == defaults


def _leaves(table: dict[str, object], above: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict) and "deadline" not in value:
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"
