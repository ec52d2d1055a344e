"""Files with secrets in them: read with a warning where strangers can read them too, written so that they cannot."""

import logging
import os
import stat
import tempfile
from pathlib import Path

from processes.settings import InvalidSettings

_log = logging.getLogger(__name__)


def read_secret_file(file: Path) -> str:
    """The text of the file without blanks around it. Raises OSError, or ValueError when it is no UTF-8 text."""
    text = file.read_text(encoding="utf-8").strip()
    warn_if_others_can_read(file)
    return text


def secret_of_file(file: Path, setting: str, description: str) -> str:
    """The secret in a file that a setting names; the description completes the sentence "Set it to ...".

    Raises InvalidSettings.
    """
    try:
        return read_secret_file(file)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InvalidSettings(f"{setting}: {file} cannot be read: {said}. Set it to {description}.") from None


def warn_if_others_can_read(file: Path) -> None:
    """A line in the log when every user of the machine may read the file."""
    if file.stat().st_mode & stat.S_IROTH:
        _log.warning("%s holds secrets, but everybody on this machine can read it; run: chmod 600 %s", file, file)


def file_version(file: Path) -> tuple[int, ...] | None:
    """Differs after every change of the file; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def write_secret_file(file: Path, text: str) -> None:
    """Replace the file at once, readable by us alone: who reads it sees the old text or the new one.

    Raises OSError, and then the file is as it was.
    """
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    written = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        written.replace(file)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
