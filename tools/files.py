"""Files: hashes, atomic writes, and a lock between processes."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ATTEMPTS = 100


def hash_bytes(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_file(path: Path, data: bytes) -> None:
    """Write a file atomically: into a temporary file in the same folder, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # mkstemp makes files only their owner may read; these are meant to be served and shared.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that replaces `target` when the block ends without an exception."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-new-", dir=target.parent))
    try:
        fresh.chmod(0o755)
        yield fresh
        _swap(fresh, target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _swap(fresh: Path, target: Path) -> None:
    """Rename `fresh` to `target`. Several processes may do this at once; readers always find one whole folder."""
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    try:
        for attempt in range(ATTEMPTS):
            # Two renames, not a removal first: the gap without a folder is as short as it can be.
            with suppress(FileNotFoundError):
                target.replace(old / f"{attempt:03}")
            try:
                fresh.replace(target)
                break
            except OSError:
                # Another process renamed its own folder to `target` in between.
                if attempt + 1 == ATTEMPTS:
                    raise
    except BaseException:
        last = max(old.iterdir(), default=None)
        if last and not target.exists():
            last.replace(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def locked(path: Path, waiting: str) -> Iterator[None]:
    """Hold a lock between processes while the block runs; print `waiting` if another process holds it.

    The operating system releases the lock when its holder ends, even by a crash.
    """
    # Imported here: the modules that the first process imports must not need anything installed.
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    # thread_local=False and no singleton: two threads of one process exclude each other as well.
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(waiting, flush=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
