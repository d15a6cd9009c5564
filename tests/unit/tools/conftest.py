"""Package registries, networks and site sources, made on the spot."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.unit.tools.samples import CATALOGUE, MEMBERS, MIT_TERMS, make_archive, sha256, tiny_network
from tools.fetching.store import Store
from tools.paths import ROOT


@dataclass
class Registry:
    """One package, its lock file, and a client that hands the archive out."""

    folder: Path
    archive: Path
    lock: Path
    vendor: Path
    store: Store
    asked: list[str] = field(default_factory=list)

    def client(self, package, folder: Path) -> Path:
        self.asked.append(package.name)
        return Path(shutil.copy(self.archive, folder))

    def replace_in_lock(self, old: str, new: str) -> None:
        text = self.lock.read_text()
        assert old in text
        self.lock.write_text(text.replace(old, new))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    archive = tmp_path / "small-1.0.tgz"
    raw = make_archive(archive, MEMBERS)
    names = {"package/a.js": ("small/a.js", "true"), "package/LICENSE": ("licences/small.txt", "false")}
    lines = [
        "[[package]]",
        'manager = "npm"',
        'name = "small"',
        'version = "1.0"',
        f"bytes = {len(raw)}",
        f'sha256 = "{sha256(raw)}"',
        'licence = "MIT"',
        'licence_members = ["package/LICENSE"]',
        'source = "made here"',
        'why = "shows how it goes"',
    ]
    for member, (to, ship) in names.items():
        data = MEMBERS[member]
        lines += [
            "[[package.file]]",
            f'member = "{member}"',
            f'to = "{to}"',
            f'sha256 = "{sha256(data)}"',
            f"bytes = {len(data)}",
            f"ship = {ship}",
        ]
    lock = tmp_path / "vendor.lock.toml"
    lock.write_text("\n".join(lines))
    return Registry(tmp_path, archive, lock, tmp_path / "root" / "vendor", Store(tmp_path / "cache"))


@pytest.fixture
def network() -> bytes:
    return tiny_network("width", "height")


@dataclass
class Checkout:
    """The sources of a site."""

    root: Path
    lock: Path
    catalogue: Path
    cache: Path

    def build(self, out: Path, **options) -> Path:
        from tools import site

        settings = {
            "root": self.root,
            "vendor": self.root / "vendor",
            "lock_file": self.lock,
            "cache": self.cache,
            "catalogue_file": self.catalogue,
            "built_models": self.root / "build" / "models",
        }
        return site.build(out, **(settings | options))


@pytest.fixture
def checkout(registry: Registry, network: bytes) -> Checkout:
    from tools.fetching.fetch import fetch

    root = registry.vendor.parent
    sources = {
        "index.html": b"<script src='sw.js?__OFFCUT_VERSION__'></script>",
        "sw.js": b"'__OFFCUT_VERSION__ __OFFCUT_RUNTIME__'",
        "pyscript.toml": b"# __OFFCUT_VERSION__ stays here\n",
        "policy.toml": (ROOT / "policy.toml").read_bytes(),
        "app/main.py": b"print('page')\n",
        "app/styles/page.css": b"body {}\n",
        "app/__pycache__/main.cpython-311.pyc": b"no",
        "app/stray.pyc": b"no",
        "app/.hidden": b"no",
        "worker/main.py": b"print('worker')\n",
        "worker/offcut/__init__.py": b"",
        "worker/tests/test_it.py": b"no",
        ".git/config": b"no",
        "tools/secret.py": b"no",
        "LICENSE": f"MIT License\n\nCopyright (c) 2026 An author\n\n{MIT_TERMS}\n".encode(),
    }
    for path, data in sources.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    fetch(registry.vendor, registry.lock, registry.store, registry.client)
    (root / "vendor" / "models").mkdir()
    (root / "vendor" / "models" / "tiny.onnx").write_bytes(network)
    catalogue = root / "catalogue.toml"
    catalogue.write_text(CATALOGUE)
    return Checkout(root, registry.lock, catalogue, registry.folder / "cache")
