"""The file with the callback secrets of a Sinch project: one a line, the newest first, two while one replaces another.

`onboard callbacks set-secret` writes it and the receiver reads it again whenever it changes, so a secret is replaced
without a restart, and events signed with either count meanwhile.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from processes.secret_files import read_secret_file, write_secret_file
from processes.settings import InvalidSettings

MOST_SECRETS = 2


class InvalidSecretsFile(InvalidSettings):
    """The file is not what it should be; the message says what would be right and quotes nothing of it."""


def read_callback_secrets(file: Path) -> tuple[SecretStr, ...]:
    """One or two secrets, the newest first; none where there is no file yet. Raises InvalidSecretsFile."""
    try:
        text = read_secret_file(file)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise InvalidSecretsFile(f"{file}: it cannot be read: {error.strerror}") from None
    except ValueError:
        raise InvalidSecretsFile(f"{file}: it is no UTF-8 text. {_WHAT_IS_RIGHT}") from None
    secrets = tuple(SecretStr(line.strip()) for line in text.splitlines() if line.strip())
    if not 1 <= len(secrets) <= MOST_SECRETS:
        raise InvalidSecretsFile(f"{file}: it has {len(secrets)} secrets. {_WHAT_IS_RIGHT}")
    return secrets


def write_callback_secrets(file: Path, secrets: Sequence[SecretStr]) -> None:
    """Replace the file as a whole, readable by us alone. Raises OSError; the file is then as it was."""
    write_secret_file(file, "".join(f"{secret.get_secret_value()}\n" for secret in secrets))


def can_be_kept(secret: SecretStr) -> bool:
    """Whether the secret comes back from the file as it went in: one line, without blanks around it."""
    text = secret.get_secret_value()
    return text == text.strip() and len(text.splitlines()) == 1


_WHAT_IS_RIGHT = "Write one callback secret a line, the newest first, two at most."
