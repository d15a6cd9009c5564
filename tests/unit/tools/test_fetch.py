"""Fetching and verifying, with a registry that is a folder."""

import json
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.tools.samples import MEMBERS, make_archive, sha256
from tools.errors import ToolError
from tools.fetching import pyodide_wheels
from tools.fetching.fetch import check, fetch


def run(registry):
    fetch(registry.vendor, registry.lock, registry.store, registry.client)


def files_below(folder):
    # The cache's lock is there as soon as anything was to be done.
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "fetch.lock")
    return sorted(path.relative_to(folder).as_posix() for path in found)


def test_only_the_named_files_arrive_and_the_archive_is_not_kept(registry, capsys):
    run(registry)
    assert files_below(registry.vendor) == ["licences/small.txt", "small/a.js"]
    assert (registry.vendor / "small/a.js").read_bytes() == MEMBERS["package/a.js"]
    assert files_below(registry.store.folder) == sorted(sha256(data) for data in MEMBERS.values())
    output = capsys.readouterr().out
    assert "[1/1] small 1.0" in output and "shows how it goes" in output


def test_a_second_fetch_asks_nobody_and_says_nothing(registry, capsys):
    run(registry)
    capsys.readouterr()
    run(registry)
    assert registry.asked == ["small"]
    assert capsys.readouterr().out == ""


def test_a_package_on_request_waits_until_it_is_asked_for(registry):
    registry.replace_in_lock('why = "shows how it goes"', 'why = "shows how it goes"\non_request = true')
    run(registry)
    fetch(registry.vendor, registry.lock, registry.store, registry.client, requested=["models/other.onnx"])
    assert registry.asked == [] and not registry.vendor.exists()
    fetch(registry.vendor, registry.lock, registry.store, registry.client, requested=["small/a.js"])
    assert files_below(registry.vendor) == ["licences/small.txt", "small/a.js"]
    # Once there it stays, and is checked like everything else.
    run(registry)
    assert registry.asked == ["small"]
    (registry.vendor / "small/a.js").write_text("damaged")
    with pytest.raises(ToolError, match=r"small/a\.js"):
        check(registry.vendor, registry.lock)


def test_another_checkout_is_served_from_the_cache(registry):
    run(registry)
    shutil.rmtree(registry.vendor)
    run(registry)
    assert registry.asked == ["small"]
    assert files_below(registry.vendor) == ["licences/small.txt", "small/a.js"]


def test_a_wrong_archive_names_itself_and_both_hashes_and_leaves_nothing(registry):
    expected = sha256(registry.archive.read_bytes())
    found = sha256(make_archive(registry.archive, MEMBERS | {"package/evil.js": b"!"}))
    with pytest.raises(ToolError) as problem:
        run(registry)
    assert all(part in str(problem.value) for part in ("small-1.0.tgz", "small 1.0", expected, found))
    assert files_below(registry.folder) == ["small-1.0.tgz", "vendor.lock.toml"]


def test_a_wrong_file_names_itself_and_both_hashes_and_leaves_nothing(registry):
    found = sha256(MEMBERS["package/a.js"])
    registry.replace_in_lock(found, "0" * 64)
    with pytest.raises(ToolError) as problem:
        run(registry)
    assert all(part in str(problem.value) for part in ("package/a.js", "0" * 64, found))
    assert files_below(registry.folder) == ["small-1.0.tgz", "vendor.lock.toml"]


def test_a_missing_member_is_named(registry):
    registry.replace_in_lock('member = "package/a.js"', 'member = "package/b.js"')
    with pytest.raises(ToolError, match=r"small 1\.0 holds no file package/b\.js"):
        run(registry)


def test_a_tampered_cache_entry_is_noticed_and_fetched_again(registry, capsys):
    run(registry)
    entry = registry.store.path(sha256(MEMBERS["package/a.js"]))
    entry.write_bytes(b"export const a = 2;\n")
    shutil.rmtree(registry.vendor)
    run(registry)
    output = capsys.readouterr().out
    assert "small/a.js is damaged" in output and sha256(b"export const a = 2;\n") in output
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
    with pytest.raises(ToolError) as problem:
        check(registry.vendor, registry.lock)
    message = str(problem.value)
    assert "small/a.js" in message and sha256(MEMBERS["package/a.js"]) in message and sha256(b"changed") in message
    assert "licences/small.txt" in message and "no such file" in message and "too many: 2;" in message
    assert registry.asked == ["small"]


def add_unlisted(vendor):
    (vendor / "small/old.js").write_bytes(b"old")
    (vendor / "older/deep").mkdir(parents=True)
    (vendor / "older/deep/file").write_bytes(b"older")


def test_what_the_lock_no_longer_names_is_removed_and_listed(registry, capsys):
    run(registry)
    add_unlisted(registry.vendor)
    capsys.readouterr()
    run(registry)
    assert files_below(registry.vendor) == ["licences/small.txt", "small/a.js"]
    assert sorted(path.name for path in registry.vendor.iterdir()) == ["licences", "small"]
    assert "older, small/old.js" in capsys.readouterr().out and registry.asked == ["small"]


def test_check_names_unlisted_files_too_and_leaves_them(registry):
    run(registry)
    add_unlisted(registry.vendor)
    with pytest.raises(ToolError, match=r"older\n(?s:.*)small/old\.js\n.*does not name it\n.*too many: 2;"):
        check(registry.vendor, registry.lock)
    assert (registry.vendor / "older/deep/file").exists()


def test_a_file_that_left_the_lock_goes(registry):
    run(registry)
    registry.replace_in_lock('licence_members = ["package/LICENSE"]', "")
    registry.lock.write_text(registry.lock.read_text().rsplit("[[package.file]]", 1)[0])
    run(registry)
    assert files_below(registry.vendor) == ["small/a.js"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_are_removed_without_what_they_lead_to(registry, tmp_path):
    run(registry)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/letter.txt").write_text("dear")
    (registry.vendor / "small/link").symlink_to(tmp_path / "elsewhere")
    run(registry)
    assert not (registry.vendor / "small/link").is_symlink()
    assert (tmp_path / "elsewhere/letter.txt").read_text() == "dear"


def test_a_folder_in_the_place_of_a_file_gives_way(registry):
    (registry.vendor / "small/a.js").mkdir(parents=True)
    run(registry)
    assert (registry.vendor / "small/a.js").read_bytes() == MEMBERS["package/a.js"]


def test_two_fetches_at_once_download_once(registry, capsys):
    first_is_at_it = threading.Event()

    def client(package, folder):
        first_is_at_it.set()
        time.sleep(0.3)
        return registry.client(package, folder)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(fetch, registry.vendor, registry.lock, registry.store, client)
        assert first_is_at_it.wait(10)
        # As if the first were in the middle of writing; the second must not remove it while that goes on.
        registry.vendor.mkdir(parents=True)
        (registry.vendor / ".part-x").touch()
        second = pool.submit(fetch, registry.vendor, registry.lock, registry.store, client)
        time.sleep(0.1)
        assert (registry.vendor / ".part-x").exists()
        first.result(), second.result()
    assert registry.asked == ["small"]
    assert "Waiting for another fetch" in capsys.readouterr().out
    assert files_below(registry.vendor) == ["licences/small.txt", "small/a.js"]


@pytest.fixture
def pyodide(tmp_path):
    (tmp_path / "numpy-1-any.whl").write_bytes(b"wheel")
    packages = {"numpy": {"file_name": "numpy-1-any.whl", "sha256": sha256(b"wheel")}}
    (tmp_path / "pyodide-lock.json").write_text(json.dumps({"packages": packages}))
    return tmp_path


def test_wheels_must_be_those_of_pyodides_own_lock(pyodide):
    pyodide_wheels.check(pyodide)
    (pyodide / "numpy-1-any.whl").write_bytes(b"other")
    with pytest.raises(ToolError, match=f"numpy-1-any.whl(?s:.*){sha256(b'wheel')}(?s:.*){sha256(b'other')}"):
        pyodide_wheels.check(pyodide)


def test_a_wheel_pyodide_does_not_know_is_refused(pyodide):
    (pyodide / "scipy-1-any.whl").write_bytes(b"wheel")
    with pytest.raises(ToolError, match=r"scipy-1-any\.whl is not a wheel of this Pyodide"):
        pyodide_wheels.check(pyodide)
