"""The photos below a folder, and the files that they become below another: the same tree."""

import os
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from offcut.cli.failures import CommandError, reason, shown
from offcut.cli.work import Job

ENDINGS = frozenset(
    "avif bmp dib gif heic heif hif jfif jpe jpeg jpg jxl png tif tiff webp".split()  # noqa: SIM905 - one line to read
)
"""Of files that count as photos where no pattern says which do. What Offcut cannot read is named, not passed over."""

OURS = ".offcut-"
"""Temporary files of a result that is being written begin so."""


class Tree:
    """The photos of one folder and their results in another."""

    def __init__(
        self, source: str, target: str, extension: str, patterns: tuple[str, ...] = (), recursive: bool = True
    ) -> None:
        """Check the folders.

        Args:
            source: folder of the photos.
            target: folder of the results; need not be there.
            extension: of the results.
            patterns: names or paths below `source` that count, such as ``*.jpg``; none for all photos.
            recursive: whether folders in `source` count, too.

        Raises:
            CommandError: the folders cannot be used together.
        """
        self._source, self._target = Path(source), Path(target)
        self._extension = extension
        self._patterns = patterns
        self._recursive = recursive
        if not self._source.is_dir():
            if self._source.exists():
                raise CommandError(f"{shown(source)} is a file. `offcut i` cuts out single photos.")
            raise CommandError(f"The folder {shown(source)} is not there.")
        self._inner = self._source.resolve()
        self._outer = self._target.resolve()
        if self._inner.is_relative_to(self._outer):
            raise CommandError(
                f"The results would lie among the photos, or above them. Choose another folder than {shown(target)}, "
                f"such as {shown(self._source / 'cutouts')}."
            )

    def jobs(self) -> Iterator[Job]:
        """Yield every photo with its result, sorted by path. Folders that cannot be read are left out."""
        yield from self._below("")

    def _below(self, folder: str) -> Iterator[Job]:
        place = self._source / folder
        try:
            with os.scandir(place) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            if not folder:
                raise CommandError(f"{shown(place)} cannot be read: {reason(error)}.") from error
            return
        names = [entry.name for entry in entries if self._counts(folder, entry)]
        # All of several photos that would become one file keep their whole names, whichever of them came first.
        stems = Counter(Path(name).stem for name in names)
        for name in names:
            stem = Path(name).stem if stems[Path(name).stem] == 1 else name
            yield Job(str(place / name), str(self._target / folder / f"{stem}.{self._extension}"))
        if self._recursive:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and not self._is_target(entry.path):
                    yield from self._below(os.path.join(folder, entry.name))  # noqa: PTH118 - "" stays ""

    def _counts(self, folder: str, entry: os.DirEntry[str]) -> bool:
        if entry.name.startswith(OURS) or not entry.is_file():
            return False
        if not self._patterns:
            return not entry.name.startswith(".") and Path(entry.name).suffix[1:].lower() in ENDINGS
        path = PurePosixPath(*Path(folder).parts, entry.name)
        return any(fnmatch(entry.name, pattern) or fnmatch(str(path), pattern) for pattern in self._patterns)

    def _is_target(self, path: str) -> bool:
        return self._outer.is_relative_to(self._inner) and Path(path).resolve() == self._outer
