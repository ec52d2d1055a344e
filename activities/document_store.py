"""The document store: files addressed by the SHA-256 of their content, and reports by name, on any fsspec URL."""

import asyncio
import hashlib
import secrets
from typing import Any

import fsspec
from temporalio.exceptions import ApplicationError

from onboarding.batch import StoredFile
from onboarding.errors import FailureType


class DocumentStore:
    """A folder, or a bucket and prefix: `file:///srv/documents`, `s3://bucket/prefix`, `memory://test`."""

    def __init__(self, url: str) -> None:
        """Raises ImportError for a protocol whose fsspec package is not installed."""
        self._files: Any
        self._files, self._root = fsspec.core.url_to_fs(url)

    async def write(self, content: bytes, name: str) -> StoredFile:
        """Keep `content`; the same content is kept once, whatever it is called."""
        sha256 = hashlib.sha256(content).hexdigest()
        await asyncio.to_thread(self._write_new, self._path_of(sha256), content)
        return StoredFile(sha256=sha256, name=name, size=len(content))

    async def read(self, file: StoredFile) -> bytes:
        """The content, checked against its hash.

        Raises ApplicationError: `DocumentMissing` or `DocumentDamaged`, both final.
        """
        path = self._path_of(file.sha256)
        try:
            content: bytes = await asyncio.to_thread(self._files.cat_file, path)
        except FileNotFoundError:
            raise _final(FailureType.DOCUMENT_MISSING, f"{file.name} is not in the document store ({path})") from None
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise _final(FailureType.DOCUMENT_DAMAGED, f"{file.name} was changed in the document store ({path})")
        return content

    async def publish(self, name: str, content: bytes) -> str:
        """Write a report under its name, in place of an older one; returns its path."""
        path = f"{self._root}/reports/{name}"
        await asyncio.to_thread(self._write, path, content)
        return path

    async def published(self, name: str) -> bytes | None:
        """A report by name, or None where there is none."""
        try:
            content: bytes = await asyncio.to_thread(self._files.cat_file, f"{self._root}/reports/{name}")
        except FileNotFoundError:
            return None
        return content

    def _path_of(self, sha256: str) -> str:
        return f"{self._root}/sha256/{sha256[:2]}/{sha256}"

    def _write_new(self, path: str, content: bytes) -> None:
        """Written only where it is not kept already; a damaged copy is replaced."""
        if not self._holds(path, content):
            self._write(path, content)

    def _holds(self, path: str, content: bytes) -> bool:
        try:
            return bool(self._files.cat_file(path) == content)
        except FileNotFoundError:
            return False

    def _write(self, path: str, content: bytes) -> None:
        """Written beside its place and moved there, so that a reader never sees half a file."""
        self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        unfinished = f"{path}.{secrets.token_hex(8)}"
        self._files.pipe_file(unfinished, content)
        self._files.mv(unfinished, path)


def _final(kind: FailureType, message: str) -> ApplicationError:
    return ApplicationError(message, type=kind, non_retryable=True)
