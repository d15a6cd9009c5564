"""Putting another version of a built site in its place, as a new deployment does."""

from __future__ import annotations

import json
from pathlib import Path

from tools.site import manifest
from tools.site.packing import page


def deploy(root: Path, version: str, *, runtime: str | None = None, listed: bool = True, **texts: str) -> None:
    """Turn the site in `root` into another version of itself, in which words are replaced.

    `texts` are pairs of what stood in index.html and in the English words, which take its place once Python is up, and
    what stands there now, with underscores for spaces. Without `listed` the list of files stays as it was for them:
    what a host shows in the middle of a deployment.
    """
    before = json.loads((root / manifest.NAME).read_text())
    runtime = runtime or before["runtime"]
    for name in ("sw.js", "app/boot.js", "index.html"):
        text = (root / name).read_text().replace(before["version"], version).replace(before["runtime"], runtime)
        (root / name).write_text(text)
    paths = [path for path in root.rglob("*") if path.is_file() and path.name != manifest.NAME]
    if not listed:
        files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    (root / "index.html").write_text(_replaced((root / "index.html").read_text(), texts))
    packed = root / page.ARCHIVE
    inside = {page.FOLDER + path: data for path, data in page.unpack(packed.read_bytes()).items()}
    english = f"{page.FOLDER}languages/en.json"
    inside[english] = _replaced(inside[english].decode(), texts).encode()
    packed.write_bytes(page.packed(inside)[page.ARCHIVE])
    if listed:
        files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    (root / manifest.NAME).write_bytes(manifest.listing(files, {"version": version, "runtime": runtime}))


def _replaced(words: str, texts: dict[str, str]) -> str:
    for old, new in texts.items():
        assert old.replace("_", " ") in words
        words = words.replace(old.replace("_", " "), new)
    return words
