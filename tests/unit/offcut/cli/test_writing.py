"""Where results go: nothing is ever half written, and what cannot be written is known beforehand."""

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from offcut.cli.failures import CommandError
from offcut.cli.writing import check_folder, find_output, is_folder

OLD, NEW = b"the old file", b"the new one"


@pytest.fixture
def old(tmp_path):
    (tmp_path / "out.png").write_bytes(OLD)
    return tmp_path / "out.png"


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(name) -> str:
    with pytest.raises(CommandError) as caught:
        find_output(str(name))
    message = str(caught.value)
    assert message.endswith(".") and "\n" not in message and "None" not in message
    return message


def test_a_new_file_has_the_permissions_that_the_user_wants(tmp_path):
    before = os.umask(0o027)
    try:
        find_output(str(tmp_path / "out.png")).write(NEW)
    finally:
        os.umask(before)
    assert (tmp_path / "out.png").read_bytes() == NEW
    assert stat.S_IMODE((tmp_path / "out.png").stat().st_mode) == 0o640


def test_a_file_that_is_replaced_keeps_its_permissions(old):
    old.chmod(0o604)
    find_output(str(old)).write(NEW)
    assert (old.read_bytes(), stat.S_IMODE(old.stat().st_mode)) == (NEW, 0o604)


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO])
def test_whatever_fails_the_old_file_stays_whole_and_nothing_else_is_left(monkeypatch, old, call, problem):
    output = find_output(str(old))

    def fail(*arguments):
        raise OSError(problem, os.strerror(problem))

    monkeypatch.setattr(call, fail)
    with pytest.raises(CommandError, match=f"out.png cannot be written: {os.strerror(problem)}"):
        output.write(NEW)
    assert old.read_bytes() == OLD and names(old.parent) == ["out.png"]


def test_an_interruption_while_writing_leaves_the_old_file(monkeypatch, old):
    output = find_output(str(old))

    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        output.write(NEW)
    assert old.read_bytes() == OLD and names(old.parent) == ["out.png"]


@pytest.mark.parametrize("links", [1, 3])
def test_links_stay_and_what_they_lead_to_is_replaced(tmp_path, links):
    (tmp_path / "elsewhere").mkdir()
    place = tmp_path / "elsewhere" / "real.png"
    place.write_bytes(OLD)
    for number in range(links):
        link = tmp_path / f"link{number}.png"
        link.symlink_to(os.path.relpath(place, tmp_path) if number == 0 else f"link{number - 1}.png")
    find_output(str(link)).write(NEW)
    assert place.read_bytes() == NEW and link.is_symlink() and names(place.parent) == ["real.png"]


def test_a_link_to_a_file_that_is_not_there_makes_that_file(tmp_path):
    (tmp_path / "link.png").symlink_to("new.png")
    find_output(str(tmp_path / "link.png")).write(NEW)
    assert (tmp_path / "new.png").read_bytes() == NEW and (tmp_path / "link.png").is_symlink()


def test_links_in_a_circle(tmp_path):
    (tmp_path / "a.png").symlink_to("b.png")
    (tmp_path / "b.png").symlink_to("a.png")
    assert "a.png" in refused(tmp_path / "a.png")


def test_what_cannot_be_written_is_known_beforehand(monkeypatch, old):
    folder = old.parent
    assert "nowhere is not there" in refused(folder / "nowhere" / "out.png")
    assert "is a directory" in refused(folder)
    assert "Not a directory" in refused(old / "x.png")
    assert "too long" in refused(folder / ("a" * 300 + ".png"))
    assert "no name" in refused("")
    monkeypatch.setattr(os, "access", lambda *arguments: False)
    assert "write-protected" in refused(old)
    assert names(folder) == ["out.png"]


def test_a_folder_that_refuses_files(monkeypatch, tmp_path):
    def fail(**arguments):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("tempfile.TemporaryFile", fail)
    with pytest.raises(CommandError, match="Read-only file system"):
        check_folder(str(tmp_path))
    assert "Read-only" in refused(tmp_path / "out.png")


def test_a_name_that_ends_in_a_slash_is_a_folder(old):
    assert is_folder("results/") and is_folder(str(old.parent)) and not is_folder(str(old)) and not is_folder("-")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has this device")
def test_a_full_device_is_named():
    with pytest.raises(CommandError, match=r"^/dev/full cannot be written: No space left on device\.$"):
        find_output("/dev/full").write(NEW)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX has named pipes")
def test_a_named_pipe_stays_one(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    received = []
    reader = threading.Thread(target=lambda: received.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    find_output(str(tmp_path / "pipe")).write(NEW)
    reader.join(5)
    assert received == [NEW] and stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="only POSIX names descriptors")
def test_a_descriptor_is_written_where_it_stands(tmp_path):
    """As in `(echo; offcut i photo.jpg /dev/stdout) > file`: what the shell wrote before stays."""
    with (tmp_path / "file").open("wb") as stream:
        stream.write(b"before, ")
        stream.flush()
        find_output(f"/dev/fd/{stream.fileno()}").write(NEW)
    assert (tmp_path / "file").read_bytes() == b"before, " + NEW
    assert "Bad file descriptor" in refused("/dev/fd/987")
