"""The file with the keys that payloads are encrypted with: what is read, what is refused, how a key is replaced."""

import base64
from pathlib import Path

import pytest

from temporal_connection import (
    InvalidPayloadKeys,
    PayloadKeys,
    add_payload_key,
    new_payload_key,
    read_payload_keys,
    use_payload_key,
)

KEY_1 = base64.b64encode(b"1" * 32).decode()
KEY_2 = base64.b64encode(b"2" * 32).decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def ids(file: Path) -> list[str]:
    return [key.key_id for key in read_payload_keys(file)]


def test_keys_are_read_in_order_between_comments_and_blank_lines(file: Path) -> None:
    file.write_text(f"# in use\n  new   {KEY_2}\n\n#old {KEY_1}\nold {KEY_1}\n")
    assert [(key.key_id, key.key.get_secret_value()) for key in read_payload_keys(file)] == [
        ("new", b"2" * 32),
        ("old", b"1" * 32),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no key in it"),
        ("# nothing yet\n", "there is no key in it"),
        (f"{KEY_1}\n", "line 1: this is no key"),
        (f"a {KEY_1}\nb {KEY_1[:-8]}\n", "line 2: this is no key"),
        ("a not-base64!\n", "line 1: this is no key"),
        (f"ä {KEY_1}\n", "line 1: this is no key"),
        (f"{'a' * 65} {KEY_1}\n", "line 1: this is no key"),
        (f"a {KEY_1}\nb {KEY_2}\na {KEY_2}\n", "several keys have the id a"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_no_key_is_shown(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(InvalidPayloadKeys, match=said) as refused:
        read_payload_keys(file)
    assert KEY_1[:8] not in str(refused.value)


def test_a_missing_file_says_which_command_makes_it(file: Path) -> None:
    with pytest.raises(InvalidPayloadKeys, match="onboard payload-keys add"):
        read_payload_keys(file)


def test_a_key_shows_itself_nowhere_but_in_the_file() -> None:
    key = new_payload_key()
    assert key.line.split()[1] not in repr(key)
    assert len(base64.b64decode(key.line.split()[1])) == 32


def test_the_first_key_is_in_use_at_once_and_ours_alone_to_read(file: Path) -> None:
    first = new_payload_key()
    add_payload_key(file, first)
    assert read_payload_keys(file) == (first,)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_further_key_does_not_encrypt_before_it_is_used_and_no_key_is_lost(file: Path) -> None:
    file.write_text(f"# ours\nold {KEY_1}\noldest {KEY_2}\n")
    new = new_payload_key()
    add_payload_key(file, new)
    assert ids(file) == ["old", new.key_id, "oldest"]
    use_payload_key(file, new.key_id)
    assert ids(file) == [new.key_id, "old", "oldest"]
    use_payload_key(file, "oldest")
    assert ids(file) == ["oldest", new.key_id, "old"]
    assert file.read_text().startswith("# ours\n")


def test_a_key_that_is_not_there_cannot_be_used(file: Path) -> None:
    file.write_text(f"old {KEY_1}\n")
    with pytest.raises(InvalidPayloadKeys, match="there is no key 'new' in it; there are old"):
        use_payload_key(file, "new")
    assert ids(file) == ["old"]


def test_a_file_that_is_wrong_is_not_written_over(file: Path) -> None:
    file.write_text("scribble\n")
    with pytest.raises(InvalidPayloadKeys):
        add_payload_key(file, new_payload_key())
    assert file.read_text() == "scribble\n"


def test_a_file_that_everybody_can_read_brings_a_warning(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.write_text(f"old {KEY_1}\n")
    file.chmod(0o644)
    read_payload_keys(file)
    assert f"chmod 600 {file}" in caplog.text


def test_keys_are_read_again_when_the_file_changes(file: Path) -> None:
    file.write_text(f"old {KEY_1}\n")
    keys = PayloadKeys(file)
    assert keys.named("new") is None
    new = new_payload_key()
    add_payload_key(file, new)
    assert (keys.newest()[0], keys.named(new.key_id) is None) == ("old", False)
    use_payload_key(file, new.key_id)
    assert keys.newest()[0] == new.key_id


def test_while_the_file_is_wrong_the_keys_stay_as_they_were_and_it_is_said_once(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text(f"old {KEY_1}\n")
    keys = PayloadKeys(file)
    file.write_text("scribble\n")
    assert [keys.newest()[0], keys.newest()[0]] == ["old", "old"]
    assert caplog.text.count("payload keys stay as they were") == 1


def test_while_the_file_is_missing_the_keys_stay_as_they_were(file: Path) -> None:
    file.write_text(f"old {KEY_1}\n")
    keys = PayloadKeys(file)
    file.unlink()
    assert keys.newest()[0] == "old"
