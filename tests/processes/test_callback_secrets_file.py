"""The file with a project's callback secrets: what is read, what is refused, and how it is replaced."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from processes.callback_secrets import InvalidSecretsFile, can_be_kept, read_callback_secrets, write_callback_secrets


def shown(secrets: tuple[SecretStr, ...]) -> list[str]:
    return [secret.get_secret_value() for secret in secrets]


def test_what_is_written_is_read_newest_first_and_ours_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    write_callback_secrets(file, [SecretStr("new"), SecretStr("o,l d")])
    assert shown(read_callback_secrets(file)) == ["new", "o,l d"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


def test_a_file_that_is_not_there_yet_has_no_secrets(tmp_path: Path) -> None:
    assert read_callback_secrets(tmp_path / "secrets") == ()


@pytest.mark.parametrize("text", ["", "\n \n", "secret-1\nsecret-2\nsecret-3\n"])
def test_none_or_too_many_secrets_are_refused_without_showing_them(tmp_path: Path, text: str) -> None:
    file = tmp_path / "secrets"
    file.write_text(text)
    with pytest.raises(InvalidSecretsFile, match="Write one callback secret a line") as refused:
        read_callback_secrets(file)
    assert "secret-1" not in str(refused.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidSecretsFile, match="no UTF-8 text"):
        read_callback_secrets(file)


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    file.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_callback_secrets(file, [SecretStr("new")])
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


@pytest.mark.parametrize(
    ("secret", "kept"), [("abc", True), ("a b", True), (" a", False), ("a\n", False), ("a\nb", False), ("", False)]
)
def test_only_a_line_without_blanks_around_it_can_be_kept(secret: str, kept: bool) -> None:
    assert can_be_kept(SecretStr(secret)) == kept
