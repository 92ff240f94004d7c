"""Bytes are kept under their hash, whole or not at all, and what no row names goes in time."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from portal.shared.files.store import FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def test_bytes_come_back_by_their_hash(store: FileStore) -> None:
    sha256 = store.keep(b"words")
    assert sha256 == hashlib.sha256(b"words").hexdigest()
    assert store.read(sha256) == b"words"
    with store.open(sha256) as file:
        assert file.read() == b"words"
    assert store.keep(b"words") == sha256
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [sha256]


def test_a_file_is_flushed_then_renamed_then_its_folder_is_flushed(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    flush, rename = os.fsync, Path.replace

    def note_flush(handle: int) -> None:
        steps.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        flush(handle)

    def note_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_flush)
    monkeypatch.setattr(Path, "replace", note_rename)
    store.keep(b"words")
    assert steps[:3] == ["file", "rename", "folder"]


def test_what_cannot_be_written_leaves_nothing_behind(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        store.keep(b"words")
    assert not [path for path in store.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["../../secret_key", "ab", "A" * 64, "/etc/passwd"])
def test_only_a_hash_names_a_file(store: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        store.read(name)


def test_bytes_without_a_row_go_when_they_are_old(store: FileStore) -> None:
    kept, old, young = store.keep(b"kept"), store.keep(b"old"), store.keep(b"young")
    yesterday = time.time() - 3600
    for sha256 in (kept, old):
        os.utime(store.folder / sha256[:2] / sha256[2:4] / sha256, (yesterday, yesterday))
    (store.folder / "stranger.txt").write_text("not ours")
    assert store.sweep({kept}, older_than=600) == 1
    assert store.read(kept) == b"kept"
    assert store.read(young) == b"young"
    with pytest.raises(FileNotFoundError):
        store.read(old)


def test_bytes_that_are_kept_again_are_young_again(store: FileStore) -> None:
    sha256 = store.keep(b"words")
    os.utime(store.folder / sha256[:2] / sha256[2:4] / sha256, (1, 1))
    store.keep(b"words")
    assert store.sweep(set(), older_than=600) == 0
