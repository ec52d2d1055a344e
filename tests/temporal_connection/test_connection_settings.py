"""A connection that is set up wrong: the message says where, and shows no credential."""

from pathlib import Path

import pytest

from temporal_connection import InvalidConnection, connect


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('api_key = "planted-api-key" oops', "line 2, column 29"),
        ('api_key = ["planted-api-key"]', "line 2, column 11"),
        ('api_key = "planted-api-key', "line 2, column "),
    ],
)
async def test_a_mistake_in_the_file_is_located_but_not_quoted(
    wrong: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text(f"[profile.default]\n{wrong}\n")
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    with pytest.raises(InvalidConnection, match=said) as refused:
        await connect(lazy=True)
    assert "planted" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
