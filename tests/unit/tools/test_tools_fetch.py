"""Fetching and verifying, with a registry that is a folder."""

import json
import shutil

import pytest

from tools.fetching import pyodide_wheels
from tools.fetching.fetch import check, fetch
from tools.problems import Problem

from tools_samples import MEMBERS, make_archive, sha256


def run(registry):
    fetch(registry.vendor, registry.lock, registry.store, registry.client)


def files_below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_only_the_named_files_arrive_and_the_archive_is_not_kept(registry, capsys):
    run(registry)
    assert files_below(registry.vendor) == ["licences/small.txt", "small/a.js"]
    assert (registry.vendor / "small/a.js").read_bytes() == MEMBERS["package/a.js"]
    assert files_below(registry.store.folder) == sorted(sha256(data) for data in MEMBERS.values())
    said = capsys.readouterr().out
    assert "[1/1] small 1.0" in said and "shows how it goes" in said


def test_a_second_fetch_asks_nobody_and_says_nothing(registry, capsys):
    run(registry)
    capsys.readouterr()
    run(registry)
    assert registry.asked == ["small"]
    assert capsys.readouterr().out == ""


def test_another_checkout_is_served_from_the_cache(registry):
    run(registry)
    shutil.rmtree(registry.vendor)
    run(registry)
    assert registry.asked == ["small"]
    assert files_below(registry.vendor) == ["licences/small.txt", "small/a.js"]


def test_a_wrong_archive_names_itself_and_both_hashes_and_leaves_nothing(registry):
    expected = sha256(registry.archive.read_bytes())
    found = sha256(make_archive(registry.archive, MEMBERS | {"package/evil.js": b"!"}))
    with pytest.raises(Problem) as problem:
        run(registry)
    assert all(part in str(problem.value) for part in ("small-1.0.tgz", "small 1.0", expected, found))
    assert files_below(registry.folder) == ["small-1.0.tgz", "vendor.lock.toml"]


def test_a_wrong_file_names_itself_and_both_hashes_and_leaves_nothing(registry):
    found = sha256(MEMBERS["package/a.js"])
    registry.replace_in_lock(found, "0" * 64)
    with pytest.raises(Problem) as problem:
        run(registry)
    assert all(part in str(problem.value) for part in ("package/a.js", "0" * 64, found))
    assert files_below(registry.folder) == ["small-1.0.tgz", "vendor.lock.toml"]


def test_a_missing_member_is_named(registry):
    registry.replace_in_lock('member = "package/a.js"', 'member = "package/b.js"')
    with pytest.raises(Problem, match="small 1.0 holds no file package/b.js"):
        run(registry)


def test_a_tampered_cache_entry_is_noticed_and_fetched_again(registry, capsys):
    run(registry)
    entry = registry.store.path(sha256(MEMBERS["package/a.js"]))
    entry.write_bytes(b"export const a = 2;\n")
    shutil.rmtree(registry.vendor)
    run(registry)
    said = capsys.readouterr().out
    assert "small/a.js is damaged" in said and sha256(b"export const a = 2;\n") in said
    assert registry.asked == ["small", "small"]
    assert (registry.vendor / "small/a.js").read_bytes() == entry.read_bytes() == MEMBERS["package/a.js"]


def test_a_damaged_file_in_vendor_is_put_right(registry):
    run(registry)
    (registry.vendor / "small/a.js").write_bytes(b"changed")
    run(registry)
    assert (registry.vendor / "small/a.js").read_bytes() == MEMBERS["package/a.js"]


def test_check_passes_on_what_was_fetched(registry, capsys):
    run(registry)
    capsys.readouterr()
    check(registry.vendor, registry.lock)
    assert "All 2 files" in capsys.readouterr().out


def test_check_names_each_wrong_and_each_missing_file(registry):
    run(registry)
    (registry.vendor / "small/a.js").write_bytes(b"changed")
    (registry.vendor / "licences/small.txt").unlink()
    with pytest.raises(Problem) as problem:
        check(registry.vendor, registry.lock)
    said = str(problem.value)
    assert "small/a.js" in said and sha256(MEMBERS["package/a.js"]) in said and sha256(b"changed") in said
    assert "licences/small.txt" in said and "no such file" in said and "2 of 2 files" in said
    assert registry.asked == ["small"]


@pytest.fixture
def pyodide(tmp_path):
    (tmp_path / "numpy-1-any.whl").write_bytes(b"wheel")
    packages = {"numpy": {"file_name": "numpy-1-any.whl", "sha256": sha256(b"wheel")}}
    (tmp_path / "pyodide-lock.json").write_text(json.dumps({"packages": packages}))
    return tmp_path


def test_wheels_must_be_those_of_pyodides_own_lock(pyodide):
    pyodide_wheels.check(pyodide)
    (pyodide / "numpy-1-any.whl").write_bytes(b"other")
    with pytest.raises(Problem, match=f"numpy-1-any.whl(?s:.*){sha256(b'wheel')}(?s:.*){sha256(b'other')}"):
        pyodide_wheels.check(pyodide)


def test_a_wheel_pyodide_does_not_know_is_refused(pyodide):
    (pyodide / "scipy-1-any.whl").write_bytes(b"wheel")
    with pytest.raises(Problem, match="scipy-1-any.whl is no wheel of this Pyodide"):
        pyodide_wheels.check(pyodide)
