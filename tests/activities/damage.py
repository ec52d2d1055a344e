"""What can happen to a file in the document store behind our back."""

from pathlib import Path

from onboarding.batch import StoredFile


def damage(folder: Path, file: StoredFile) -> None:
    """Cut the last bytes off a file of the store that is kept in `folder`."""
    (kept,) = folder.rglob(file.sha256)
    kept.write_bytes(kept.read_bytes()[:-5])
