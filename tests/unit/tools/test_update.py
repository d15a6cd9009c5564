"""Taking another version of a locked package, with a registry that is a folder."""

import shutil
from pathlib import Path

import pytest

from tests.unit.tools.samples import MEMBERS, make_archive, sha256
from tools.errors import ToolError
from tools.fetching import update
from tools.fetching.lock import load

PACKAGE_JSON = b'{"name": "small", "license": "MIT"}'
NEW = {"package/a.js": b"export const a = 20;\n", "package/LICENSE": b"Do <as> you please, and say so.\n"}


@pytest.fixture
def versions(registry):
    """Versions by number, as the registry has them; the lock names 1.0."""
    archives = {"1.0": registry.archive}

    def publish(version: str, members: dict[str, bytes]) -> Path:
        archives[version] = registry.folder / f"small-{version}.tgz"
        make_archive(archives[version], members)
        return archives[version]

    def client(package, folder: Path) -> Path:
        return Path(shutil.copy(archives[package.version], folder))

    registry.publish, registry.by_version = publish, client
    return registry


def take(versions, version: str | None = None) -> None:
    update.update("small", version, versions.lock, versions.by_version, lambda package: "2.0")


def test_the_newest_version_is_written_with_its_sizes_and_hashes(versions, capsys):
    archive = versions.publish("2.0", NEW)
    take(versions)
    (package,) = load(versions.lock)
    assert package.version == "2.0" and package.sha256 == sha256(archive.read_bytes())
    assert package.bytes == archive.stat().st_size
    assert {file.to: (file.sha256, file.bytes) for file in package.files} == {
        "small/a.js": (sha256(NEW["package/a.js"]), len(NEW["package/a.js"])),
        "licences/small.txt": (sha256(NEW["package/LICENSE"]), len(NEW["package/LICENSE"])),
    }
    printed = capsys.readouterr().out
    assert "small  1.0 -> 2.0" in printed and "small/a.js  0.0 kB -> 0.0 kB" in printed
    # What changed in a licence is shown line by line.
    assert "-Do <as> you please." in printed and "+Do <as> you please, and say so." in printed


def test_comments_and_everything_else_in_the_file_stay(versions):
    versions.replace_in_lock('why = "shows', '# A reason.\nwhy = "shows')
    versions.replace_in_lock("ship = true", "ship = true # a part of the site")
    before = versions.lock.read_text().splitlines()
    versions.publish("2.0", NEW)
    take(versions)
    after = versions.lock.read_text().splitlines()
    changed = [old.split(" = ")[0] for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["version", "bytes", "sha256", "sha256", "bytes", "sha256", "bytes"]


def test_a_member_whose_name_carries_a_hash_or_a_version_is_found_again(versions, capsys):
    old = {"package/a-Ab3_xY9z.js": b"1", "package/small-1.0.dist/LICENSE": b"terms"}
    versions.replace_in_lock(sha256(versions.archive.read_bytes()), sha256(make_archive(versions.archive, old)))
    for before, after in (
        ('member = "package/a.js"', 'member = "package/a-Ab3_xY9z.js"'),
        ('to = "small/a.js"', 'to = "small/a-Ab3_xY9z.js"'),
        ("package/LICENSE", "package/small-1.0.dist/LICENSE"),
        (sha256(MEMBERS["package/a.js"]), sha256(b"1")),
        (sha256(MEMBERS["package/LICENSE"]), sha256(b"terms")),
    ):
        versions.replace_in_lock(before, after)
    versions.publish("2.1", {"package/a-Qr7k0000.js": b"2", "package/small-2.1.dist/LICENSE": b"terms"} | {"b.js": b""})
    take(versions, "2.1")
    (package,) = load(versions.lock)
    assert [(file.members, file.to) for file in package.files] == [
        (("package/a-Qr7k0000.js",), "small/a-Qr7k0000.js"),
        (("package/small-2.1.dist/LICENSE",), "licences/small.txt"),
    ]
    assert package.licence_members == ("package/small-2.1.dist/LICENSE",)
    assert "small/a-Ab3_xY9z.js -> small/a-Qr7k0000.js" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"package/b.js": b""}, "holds no file package/a.js; nothing has a similar name"),
        ({"package/a.js": b""}, "holds no file package/LICENSE"),
    ],
)
def test_a_member_that_is_gone_is_named_and_the_lock_stays(versions, members, message):
    before = versions.lock.read_text()
    versions.publish("2.0", members)
    with pytest.raises(ToolError, match=message):
        take(versions)
    assert versions.lock.read_text() == before


def test_a_licence_that_the_package_changed_is_taken_and_shouted(versions, capsys):
    archive = make_archive(versions.archive, MEMBERS | {"package/package.json": PACKAGE_JSON})
    versions.replace_in_lock(load(versions.lock)[0].sha256, sha256(archive))
    versions.publish("2.0", MEMBERS | {"package/package.json": PACKAGE_JSON.replace(b"MIT", b"GPL-3.0-only")})
    take(versions)
    assert load(versions.lock)[0].licence == "GPL-3.0-only"
    assert "MIT -> GPL-3.0-only: READ IT" in capsys.readouterr().out


def test_a_licence_that_the_lock_says_otherwise_stays(versions):
    """The package declares MIT before and after; whoever wrote the lock knew better."""
    archive = make_archive(versions.archive, MEMBERS | {"package/package.json": PACKAGE_JSON})
    versions.replace_in_lock(load(versions.lock)[0].sha256, sha256(archive))
    versions.replace_in_lock('licence = "MIT"', 'licence = "Apache-2.0"')
    versions.publish("2.0", MEMBERS | {"package/package.json": PACKAGE_JSON})
    take(versions)
    assert load(versions.lock)[0].licence == "Apache-2.0"


def test_a_module_that_the_new_version_imports_besides_is_reported(versions, capsys):
    other = {"package/a.js": b'import { b } from "./b.js";\n', "package/b.js": b"", "package/LICENSE": b"x"}
    versions.publish("2.0", other)
    take(versions)
    assert "NOT IN THE LOCK: package/b.js, which package/a.js imports" in capsys.readouterr().out


def test_an_old_archive_that_is_not_the_locked_one_is_refused(versions):
    make_archive(versions.archive, MEMBERS | {"package/evil.js": b"!"})
    versions.publish("2.0", NEW)
    with pytest.raises(ToolError, match="is not the file it should be"):
        take(versions)


def test_nothing_is_fetched_for_the_version_that_is_there(versions, capsys):
    before = versions.lock.read_text()
    take(versions, "1.0")
    assert versions.lock.read_text() == before and "already" in capsys.readouterr().out


def test_an_unknown_package_is_refused_with_the_known_ones(versions):
    with pytest.raises(ToolError, match="no package 'other'; it has small"):
        update.update("other", None, versions.lock)


def test_outdated_packages_are_listed(versions, capsys):
    update.outdated(versions.lock, lambda package: "2.0")
    assert "small  1.0 -> 2.0\n1 of 1 packages" in capsys.readouterr().out
    update.outdated(versions.lock, lambda package: "1.0")
    assert "up to date" in capsys.readouterr().out
