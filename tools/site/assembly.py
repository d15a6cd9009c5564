"""Putting a site together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from tools.errors import ToolError
from tools.fetching import lock
from tools.files import replacing_folder, write_file
from tools.models import build as models_build
from tools.models import catalogue
from tools.paths import CATALOGUE, LOCK, MODELS, ROOT, VENDOR, shown
from tools.progress import megabytes
from tools.site import icons, licences, manifest, policy, presets, sbom, sources, start_texts
from tools.site.packing import gzipped, page, python, styles

LIMIT = 100_000_000
"""No larger file than this, as common static hosts refuse more."""

SITE_LIMIT = 1_000_000_000
"""No larger site than this, as GitHub Pages publishes no more."""

PAGES_TRAFFIC = 100_000_000_000
"""What GitHub Pages wants a site to send in a month, at most."""

VISIT = ("app", "runtime", "models")
"""The groups that a first visit downloads."""


def build(
    out: Path,
    models: list[str] | None = None,
    *,
    root: Path = ROOT,
    vendor: Path = VENDOR,
    lock_file: Path = LOCK,
    catalogue_file: Path = CATALOGUE,
    built_models: Path = MODELS,
    cache: Path | None = None,
    limit: int = LIMIT,
    site_limit: int = SITE_LIMIT,
    stored: str | None = None,
    without: Collection[str] = (),
) -> Path:
    """Build the complete site into `out` with these models (or those of a default build).

    With `stored` they are stored that way for every backend, see `tools.models.build.files`. `without` names parts of
    the lock file that are left out.
    """
    out = out.absolute()
    _check_out(out)
    packages = _without(lock.load(lock_file), without)
    listed = catalogue.load(catalogue_file)
    entries, detectors = listed.choose(models), [] if stored else list(listed.detectors.values())
    model_files = models_build.files([entry.id for entry in entries], catalogue_file, vendor.parent, cache, stored)
    # For the engine outside a browser. The site does not read it: another build may choose other models meanwhile.
    models_build.write(model_files, built_models)

    own = {path: source.read_bytes() for path, source in sources.collect(root)}
    files = own | presets.files(root / "models") | _shipped(packages, vendor)
    files = start_texts.stamp(files)
    files = python.packed(page.packed(files), vendor / "pyodide", cache)
    files |= {f"models/{path}": data for path, data in models_build.for_browsers(model_files).items()}
    files["licences.html"] = licences.page(packages, [*entries, *detectors], vendor, root / "LICENSE")
    files[sbom.NAME] = sbom.bill(packages, [*entries, *detectors], files, own)
    files |= icons.files()
    # GitHub Pages would otherwise leave out paths that begin with an underscore, such as __init__.py.
    files[".nojekyll"] = b""
    files = policy.stamp(styles.inlined(files), root / policy.NAME)
    versions = manifest.versions(files)
    files = {path: manifest.stamp(path, data, versions) for path, data in files.items()}
    files |= gzipped.gzipped({path: data for path, data in files.items() if manifest.group(path) == "runtime"}, cache)
    _check_sizes(files, limit, site_limit)
    with replacing_folder(out) as folder:
        for path, data in files.items():
            write_file(folder / path, data)
        write_file(folder / manifest.NAME, manifest.listing(files, versions))
    _summarise(out, files)
    return out


def _without(packages: tuple[lock.Package, ...], parts: Collection[str]) -> tuple[lock.Package, ...]:
    known = {package.part for package in packages if package.part}
    for part in parts:
        if part not in known:
            raise ToolError(f"There is no part {part!r} to leave out. Known: {', '.join(sorted(known))}.")
    return tuple(package for package in packages if package.part not in parts)


def _check_out(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ToolError(f"{shown(out)} is a file, not a folder for a site.")
    if out.is_dir() and any(out.iterdir()) and not manifest.is_ours(out):
        raise ToolError(
            f"{shown(out)} holds something else than a site made by these tools, so it is left as it is. "
            "Name an empty or a new folder with --out."
        )


def _shipped(packages: tuple[lock.Package, ...], vendor: Path) -> dict[str, bytes]:
    files = {}
    for file in (file for package in packages for file in package.files if file.ship):
        path = vendor / file.to
        if not path.is_file():
            raise ToolError(f"{shown(path)} is missing; `python3 -m tools fetch` brings it.")
        files[f"vendor/{file.to}"] = path.read_bytes()
    return files


def _check_sizes(files: dict[str, bytes], limit: int, site_limit: int) -> None:
    large = [f"{path} ({megabytes(len(data))})" for path, data in sorted(files.items()) if len(data) > limit]
    if large:
        raise ToolError(f"Too large for static hosts, which take files up to {megabytes(limit)}: {', '.join(large)}")
    whole = sum(map(len, files.values()))
    if whole > site_limit:
        raise ToolError(
            f"The site has {megabytes(whole)}, and GitHub Pages publishes up to {megabytes(site_limit)}. "
            "Choose fewer models with --models."
        )


def _later(files: dict[str, bytes]) -> set[str]:
    """Return the paths a first visit does not fetch: other models, optional and late files, packed ones."""
    built = json.loads(files["models/catalogue.json"])
    model = built["models"][built["default"]]
    first = {piece["sha256"] for piece in model.get("variants", {}).get("wasm", model)["chunks"]}
    return {
        path
        for path in files
        if path.startswith(manifest.OPTIONAL)
        or path in manifest.LATE
        or path + gzipped.SUFFIX in files
        or (path.startswith("models/chunks/") and path[14:-4] not in first)
    }


def _summarise(out: Path, files: dict[str, bytes]) -> None:
    sizes = {path: len(data) for path, data in files.items()}
    groups: Counter[str] = Counter()
    later = _later(files)
    for path, size in sizes.items():
        if path not in later:
            groups[manifest.group(path)] += size
    largest = max(sizes, key=lambda path: (sizes[path], path))
    visit = ", ".join(f"{name} {megabytes(groups[name])}" for name in VISIT)
    visits = PAGES_TRAFFIC // sum(groups[name] for name in VISIT)
    print(
        f"{shown(out)}: {len(sizes) + 1} files, {megabytes(sum(sizes.values()))}. "
        f"Largest file: {largest}, {megabytes(sizes[largest])}.\n"
        f"A first visit: {visit}; "
        f"GitHub Pages' 100 GB a month allow about {_about(visits):,} of these.",
        flush=True,
    )


def _about(count: int) -> int:
    """Round down to two figures."""
    unit: int = 10 ** max(0, len(str(count)) - 2)
    return count // unit * unit
