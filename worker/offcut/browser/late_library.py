"""Modules of the standard library that no start imports: fetched when one of them is imported for the first time.

The build takes them out of Pyodide's archive (`tools/site/packing`), where they would be a tenth of a first visit.
"""

import os
import sys
import zipimport
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

NAMES = "late.txt"
"""File in the library's archive with the paths of the modules that are not in it, one a line."""


class LateLibrary(MetaPathFinder):
    """Finds modules in a second archive, which is fetched first."""

    def __init__(self, library: str, late: str, fetch: Callable[[], Any]) -> None:
        """Create a finder for the end of `sys.meta_path`.

        Args:
            library: path of the archive that holds the rest of the library and `NAMES`.
            late: path of the second archive, which may not be there yet.
            fetch: returns the second archive as an ArrayBuffer.
        """
        self._library, self._late, self._fetch = library, late, fetch

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module, as `importlib` asks for it. Raises what `fetch` does."""
        folders = [self._late]
        if path is not None:  # a package may have modules in both archives
            inside = [entry.removeprefix(self._library) for entry in path if entry.startswith(self._library)]
            folders = [self._late + folder for folder in inside]
        place = name.replace(".", "/")
        if not folders or self._names.isdisjoint((f"{place}.py", f"{place}/__init__.py")):
            return None
        archive = Path(self._late)
        if not archive.exists():
            archive.write_bytes(self._fetch().to_bytes())
        return PathFinder.find_spec(name, folders)

    @cached_property
    def _names(self) -> frozenset[str]:
        try:
            return frozenset(zipimport.zipimporter(self._library).get_data(NAMES).decode().split())
        except OSError:  # a library that was not divided
            return frozenset()


def install(fetch: Callable[[], Any]) -> None:
    """Let this interpreter import all of its standard library.

    Args:
        fetch: returns the second archive as an ArrayBuffer. Imports do not wait for coroutines, so it is no coroutine.
    """
    library = Path(os.__file__).parent
    late = library.with_stem(library.stem + "-late")
    sys.meta_path.append(LateLibrary(str(library), str(late), fetch))
