"""The document store on a folder and in memory: addressed by content, kept once, never half a file."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pytest

from activities.document_store import DocumentStore
from onboarding.batch import StoredFile
from onboarding.errors import FailureType
from tests.activities.damage import damage
from tests.activities.run_activity import failed, is_final

CONTENT = b"%PDF-1.7\nan invoice\n"


class Place:
    """A store, and what is really in it."""

    def __init__(self, url: str) -> None:
        self.store = DocumentStore(url)
        self._files: Any
        self._files, self._root = fsspec.core.url_to_fs(url)

    def files(self) -> dict[str, bytes]:
        """Every file by its path below the root."""
        paths = self._files.find(self._root)
        return {path.removeprefix(f"{self._root}/"): self._files.cat_file(path) for path in paths}

    def clear(self) -> None:
        if self._files.exists(self._root):
            self._files.rm(self._root, recursive=True)


@pytest.fixture(params=["folder", "file URL", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    urls = {"folder": str(tmp_path), "file URL": tmp_path.as_uri(), "memory": f"memory://{uuid4()}"}
    place = Place(urls[request.param])
    yield place
    place.clear()


async def test_what_was_written_can_be_read_by_its_hash(place: Place) -> None:
    stored = await place.store.write(CONTENT, "invoice.pdf")
    assert stored == StoredFile(sha256=hashlib.sha256(CONTENT).hexdigest(), name="invoice.pdf", size=len(CONTENT))
    assert await place.store.read(stored) == CONTENT
    assert await place.store.read(stored.model_copy(update={"name": "by another name.pdf"})) == CONTENT


async def test_the_same_content_is_kept_once_whatever_it_is_called(place: Place) -> None:
    first = await place.store.write(CONTENT, "invoice.pdf")
    second = await place.store.write(CONTENT, "copy of invoice.pdf")
    other = await place.store.write(b"another", "invoice.pdf")
    assert (first.sha256, second.name) == (second.sha256, "copy of invoice.pdf")
    assert sorted(place.files().values()) == sorted([CONTENT, b"another"])
    assert other.sha256 != first.sha256


async def test_content_that_is_kept_already_is_not_written_again(tmp_path: Path) -> None:
    store = DocumentStore(str(tmp_path))
    stored = await store.write(CONTENT, "invoice.pdf")
    kept = _inode(tmp_path, stored)
    await store.write(CONTENT, "invoice.pdf")
    assert _inode(tmp_path, stored) == kept


def _inode(folder: Path, file: StoredFile) -> int:
    (kept,) = folder.rglob(file.sha256)
    return kept.stat().st_ino


async def test_an_empty_file_is_a_file(place: Place) -> None:
    assert await place.store.read(await place.store.write(b"", "empty.csv")) == b""


async def test_concurrent_writers_of_the_same_and_of_different_contents_leave_each_content_once(place: Place) -> None:
    contents = [bytes([position]) * 100_000 for position in range(4)]
    stored = await asyncio.gather(*(place.store.write(content, "x") for content in contents * 8))
    assert [await place.store.read(file) for file in stored] == contents * 8
    assert sorted(place.files().values()) == contents


async def test_a_missing_file_is_a_final_failure_that_names_it(place: Place) -> None:
    failure = await failed(place.store.read, StoredFile(sha256="0" * 64, name="invoice.pdf", size=3))
    assert is_final(failure, FailureType.DOCUMENT_MISSING)
    assert failure.message.startswith("invoice.pdf is not in the document store (")


async def test_a_changed_file_is_a_final_failure_until_it_is_written_again(tmp_path: Path) -> None:
    store = DocumentStore(str(tmp_path))
    stored = await store.write(CONTENT, "invoice.pdf")
    damage(tmp_path, stored)
    failure = await failed(store.read, stored)
    assert is_final(failure, FailureType.DOCUMENT_DAMAGED)
    assert failure.message.startswith("invoice.pdf was changed in the document store (")
    await store.write(CONTENT, "invoice.pdf")
    assert await store.read(stored) == CONTENT


async def test_a_report_is_found_by_its_name_and_replaces_the_older_one(place: Place) -> None:
    assert await place.store.published("shops-report.csv") is None
    path = await place.store.publish("shops-report.csv", b"older")
    assert await place.store.publish("shops-report.csv", b"newer") == path
    assert await place.store.published("shops-report.csv") == b"newer"
    assert place.files() == {"reports/shops-report.csv": b"newer"}
    assert path.endswith("/reports/shops-report.csv")


async def test_a_reader_never_sees_half_a_report(place: Place) -> None:
    versions = [bytes([letter]) * 500_000 for letter in b"ab"]
    await place.store.publish("shops-report.csv", versions[0])
    writing = asyncio.create_task(_publish_in_turns(place.store, versions))
    seen = set[bytes | None]()
    while not writing.done():
        seen.add(await place.store.published("shops-report.csv"))
    await writing
    assert seen <= set(versions)


async def _publish_in_turns(store: DocumentStore, versions: list[bytes]) -> None:
    for turn in range(60):
        await store.publish("shops-report.csv", versions[turn % len(versions)])


def test_a_protocol_that_nobody_knows_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="carrierpigeon"):
        DocumentStore("carrierpigeon://loft")
