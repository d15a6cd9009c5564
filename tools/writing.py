"""Writing files and folders so that nobody ever sees a half-written one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ATTEMPTS = 100


def write_file(path: Path, data: bytes) -> None:
    """Writes beside the target, then renames: the file is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # mkstemp makes files only their owner may read; these are meant to be served and shared.
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Yields an empty folder beside `target` that takes its place when the block ends well."""
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
    """Puts `fresh` in the place of `target`; where several processes do this at once, whole folders follow each other."""
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    try:
        for attempt in range(ATTEMPTS):
            # Two renames, not a removal first: the gap without a folder is as short as it can be.
            with suppress(FileNotFoundError):
                os.replace(target, old / f"{attempt:03}")
            try:
                os.replace(fresh, target)
                break
            except OSError:
                # Another process put its own there in between.
                if attempt + 1 == ATTEMPTS:
                    raise
    except BaseException:
        last = max(old.iterdir(), default=None)
        if last and not target.exists():
            os.replace(last, target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
