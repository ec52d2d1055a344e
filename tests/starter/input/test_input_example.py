"""The example batch works, and it and the guide explain every key that exists."""

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from onboarding.pace import Pace, Patience
from starter.input import BatchInput, read_batch
from starter.input.batch_keys import BatchFile

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "batch.toml"
GUIDE = (ROOT / "docs" / "batch-file.md").read_text(encoding="utf-8")


def keys(model: type[BaseModel] = BatchFile, above: str = "") -> Iterator[str]:
    """All keys with their tables; a wait counts as one key."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and inner is not Patience:
            yield from keys(inner, f"{above}{name}.")
        else:
            yield f"{above}{name}"


@pytest.fixture
def example() -> BatchInput:
    return read_batch(EXAMPLE, None, io.BytesIO())


def test_the_example_is_valid_and_leaves_nothing_doubtful(example: BatchInput) -> None:
    assert example.warnings == ()


def test_the_example_invoice_lists_all_25_numbers(example: BatchInput) -> None:
    (group,) = example.slices
    assert len(set(group.numbers)) == 25
    assert [invoice.name for invoice in group.invoices] == ["invoice.pdf"]


def test_the_example_shows_every_key_or_explains_it_in_a_comment() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = tomllib.loads(re.sub(r"(?m)^# (?=(nnid|business_name) = )", "", text))
    assert sorted(_leaves(shown)) == sorted(keys())


def test_the_guide_explains_every_key_and_no_other() -> None:
    assert sorted(re.findall(r"(?m)^\| `([a-z_.]+)` \|", GUIDE)) == sorted([*keys(), "phone_number", "invoice"])


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
