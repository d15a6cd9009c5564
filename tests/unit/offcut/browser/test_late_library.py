"""Modules that the build took out of the standard library are fetched when one of them is imported."""

import importlib
import sys
import zipfile

import pytest

from offcut.browser.late_library import NAMES, LateLibrary


class Buffer:
    """What JavaScript's ArrayBuffer is to Python."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def to_bytes(self) -> bytes:
        return self._data


@pytest.fixture
def fetched(tmp_path, monkeypatch):
    """A library of two archives, importable; the list holds an entry for each fetch."""
    fetches = []
    library, late, source = tmp_path / "lib.zip", tmp_path / "lib-late.zip", tmp_path / "source.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("oc_rare.py", "answer = 42")
        archive.writestr("oc_package/rare.py", "from oc_package import often\nanswer = often.answer + 1")
        archive.writestr("oc_whole/__init__.py", "from oc_whole.part import answer")
        archive.writestr("oc_whole/part.py", "answer = 44")
    with zipfile.ZipFile(library, "w") as archive:
        archive.writestr("oc_package/__init__.py", "")
        archive.writestr("oc_package/often.py", "answer = 42")
        archive.writestr(NAMES, "\n".join(zipfile.ZipFile(source).namelist()))

    def fetch():
        fetches.append(1)
        return Buffer(source.read_bytes())

    monkeypatch.setattr(sys, "path", [str(library), *sys.path])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, LateLibrary(str(library), str(late), fetch)])
    yield fetches
    for name in [name for name in sys.modules if name.startswith("oc_")]:
        del sys.modules[name]


def test_a_module_is_fetched_when_it_is_imported_and_only_once(fetched):
    assert importlib.import_module("oc_package.often").answer == 42
    assert not fetched
    assert importlib.import_module("oc_rare").answer == 42
    assert importlib.import_module("oc_whole").answer == 44
    assert fetched == [1]


def test_a_package_may_have_modules_in_both_archives(fetched):
    assert importlib.import_module("oc_package.rare").answer == 43


@pytest.mark.parametrize("name", ["oc_missing", "oc_package.missing", "_winapi"])
def test_what_is_nowhere_is_not_fetched(fetched, name):
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(name)
    assert not fetched
