"""Anybody who builds a site from one commit gets the same bytes, so that a published site can be checked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.paths import ROOT, VENDOR

BUILD = "import sys, pathlib; from tools import site; site.build(pathlib.Path(sys.argv[1]), ['u2netp'])"


def copied(folder: Path) -> Path:
    """This checkout at another path, without what git ignores, but with what was fetched."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in sorted(listed.decode().split("\0")[:-1], reverse=folder.name == "b"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    (folder / "vendor").symlink_to(VENDOR)
    return folder


def built(checkout: Path, out: Path, umask: int, **variables: str) -> dict[str, bytes]:
    """What another person builds there: with a cache, a time zone, a language, hashes and rights of their own."""
    paths = os.pathsep.join([str(checkout), str(checkout / "worker")])
    environment = os.environ | {"PYTHONPATH": paths, "OFFCUT_CACHE": str(out / "cache")} | variables
    command = [sys.executable, "-c", BUILD, str(out / "site")]
    done = subprocess.run(command, cwd=checkout, env=environment, umask=umask, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    site = out / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.mark.nightly
def test_two_builds_at_two_places_are_the_same_bytes(tmp_path):
    one = built(copied(tmp_path / "a"), tmp_path / "one", 0o022, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    deeper = tmp_path / "another place" / "b"
    two = built(copied(deeper), tmp_path / "two", 0o077, PYTHONHASHSEED="2", TZ="America/Lima", LC_ALL="C.UTF-8")
    assert one.keys() == two.keys() and len(one) > 40
    assert [path for path in one if one[path] != two[path]] == []
    assert not [path for path, data in one.items() if str(tmp_path).encode() in data or str(ROOT).encode() in data]
