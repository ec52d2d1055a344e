"""The keys that payloads are encrypted with: a file with a key a line, the first encrypts and all decrypt.

A line is `key-id base64-of-32-bytes`; `#` begins a comment. `onboard payload-keys` writes the file, and every process
reads it again whenever it changes, so a key is replaced without a restart (docs/security.md).
"""

import base64
import binascii
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import Field, SecretBytes

from processes.secret_files import file_version, read_secret_file, write_secret_file
from processes.settings import PREFIX, InvalidSettings, Settings

KEYS_FILE_VARIABLE = f"{PREFIX}PAYLOAD_KEYS_FILE"
KEY_BYTES = 32

_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_WHAT_IS_RIGHT = "Write one key a line: its id, a blank, 32 bytes in base64. `onboard payload-keys add` does."

_log = logging.getLogger(__name__)


class PayloadSettings(Settings):
    """Whether payloads are encrypted."""

    payload_keys_file: Path | None = Field(
        default=None, description="the file with the keys that payloads are encrypted with, or to nothing"
    )


class InvalidPayloadKeys(InvalidSettings):
    """The file with the keys is not what it should be; the message says what would be right and shows no key."""


@dataclass(frozen=True)
class PayloadKey:
    """A key of 32 bytes, and the id by which an encrypted payload names it."""

    key_id: str
    key: SecretBytes

    @property
    def line(self) -> str:
        """The key as it stands in the file."""
        return f"{self.key_id} {base64.b64encode(self.key.get_secret_value()).decode()}"


def new_payload_key() -> PayloadKey:
    """A random key whose id begins with today's date."""
    return PayloadKey(
        f"{datetime.now(UTC):%Y-%m-%d}-{secrets.token_hex(4)}", SecretBytes(secrets.token_bytes(KEY_BYTES))
    )


def read_payload_keys(file: Path) -> tuple[PayloadKey, ...]:
    """The keys in the file, at least one. Raises InvalidPayloadKeys."""
    keys = tuple(_key(file, number, line) for number, line in _key_lines(_lines(file)))
    if not keys:
        raise InvalidPayloadKeys(f"{file}: there is no key in it. {_WHAT_IS_RIGHT}")
    ids = [key.key_id for key in keys]
    repeated = {key_id for key_id in ids if ids.count(key_id) > 1}
    if repeated:
        raise InvalidPayloadKeys(f"{file}: several keys have the id {min(repeated)}. Give each key an id of its own.")
    return keys


def add_payload_key(file: Path, new: PayloadKey) -> None:
    """Write the key behind the first one, which goes on encrypting; into a file that is not there, as the only one.

    Raises InvalidPayloadKeys, OSError; the file is then as it was.
    """
    lines = []
    if file.exists():
        read_payload_keys(file)
        lines = _lines(file)
    first = next((number for number, _ in _key_lines(lines)), len(lines))
    lines.insert(first, new.line)
    write_secret_file(file, "\n".join([*lines, ""]))


def use_payload_key(file: Path, key_id: str) -> None:
    """Make the key the first one, so that it encrypts from now on. Raises InvalidPayloadKeys, OSError."""
    keys = {key.key_id for key in read_payload_keys(file)}
    if key_id not in keys:
        raise InvalidPayloadKeys(f"{file}: there is no key {key_id!r} in it; there are {', '.join(sorted(keys))}.")
    lines = _lines(file)
    numbers = {line.split()[0]: number - 1 for number, line in _key_lines(lines)}
    lines.insert(min(numbers.values()), lines.pop(numbers[key_id]))
    write_secret_file(file, "\n".join([*lines, ""]))


class PayloadKeys:
    """The keys in the file as it is now. While it is missing or wrong, what it last said still counts."""

    def __init__(self, file: Path) -> None:
        """Raises InvalidPayloadKeys."""
        self._file = file.absolute()
        self._version = file_version(self._file)
        self._take(read_payload_keys(self._file))

    @property
    def file(self) -> Path:
        """Where the keys are."""
        return self._file

    def newest(self) -> tuple[str, AESGCM]:
        """Id and cipher of the key that encrypts."""
        self._read_again_if_changed()
        return next(iter(self._ciphers.items()))

    def named(self, key_id: str) -> AESGCM | None:
        """The cipher of a key; None where the file has no such key."""
        self._read_again_if_changed()
        return self._ciphers.get(key_id)

    def _take(self, keys: tuple[PayloadKey, ...]) -> None:
        self._ciphers = {key.key_id: AESGCM(key.key.get_secret_value()) for key in keys}

    def _read_again_if_changed(self) -> None:
        version = file_version(self._file)
        if version in (None, self._version):
            return
        self._version = version
        try:
            self._take(read_payload_keys(self._file))
        except InvalidPayloadKeys as error:
            _log.error("payload keys stay as they were: %s", error)
        else:
            _log.info("payload keys read again; %s encrypts", next(iter(self._ciphers)))


def _lines(file: Path) -> list[str]:
    try:
        return read_secret_file(file).splitlines()
    except FileNotFoundError:
        raise InvalidPayloadKeys(
            f"{KEYS_FILE_VARIABLE}: there is no file {file}. Make it with `onboard payload-keys add`, "
            "or copy it from where it is."
        ) from None
    except OSError as error:
        raise InvalidPayloadKeys(f"{KEYS_FILE_VARIABLE}: {file} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise InvalidPayloadKeys(f"{file}: it is no UTF-8 text. {_WHAT_IS_RIGHT}") from None


def _key_lines(lines: list[str]) -> list[tuple[int, str]]:
    """Number (from 1) and text of each line with a key."""
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.strip().startswith("#")]


def _key(file: Path, number: int, line: str) -> PayloadKey:
    key_id, _, encoded = line.strip().partition(" ")
    try:
        key = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not _KEY_ID.fullmatch(key_id) or len(key) != KEY_BYTES:
        raise InvalidPayloadKeys(f"{file}, line {number}: this is no key. {_WHAT_IS_RIGHT}")
    return PayloadKey(key_id, SecretBytes(key))
