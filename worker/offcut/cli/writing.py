"""Writes finished files so that none is ever half there.

A file is written under a temporary name in its own folder and then renamed: whoever looks sees the whole new file or
what was there before. What is no regular file (a pipe, a device, standard output) has nothing to keep and is written
directly.
"""

import errno
import os
import re
import secrets
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from offcut.cli.console import STANDARD, is_terminal
from offcut.cli.failures import CommandError, OutputClosed, is_directory, reason, shown

_DESCRIPTOR = re.compile(r"(?:/dev|/proc/(?:self|thread-self|\d+))/fd/(\d+)")
"""What names like `/dev/stdout` lead to: a file that this process has open already."""

_LINKS = 40
"""How many links are followed, as Linux does."""


class Output(Protocol):
    """A place for one finished file, which was found to be usable."""

    def write(self, data: bytes) -> None:
        """Write the file.

        Raises:
            CommandError: it could not be written, and why. What was there before still is.
            OutputClosed: nobody reads standard output any more.
        """
        ...


def find_output(name: str) -> Output:
    """Find out whether a file can be written, before the work for it begins.

    Args:
        name: a path, or ``"-"`` for standard output.

    Raises:
        CommandError: it cannot, and why.
    """
    if name == STANDARD:
        return _StandardOutput.find()
    try:
        return _find_path(name)
    except OSError as error:
        raise _refused(name, error) from error


def is_folder(name: str) -> bool:
    """Return whether a name means a folder: one that is there, or any that ends in a slash."""
    return name != STANDARD and (name.endswith(_SEPARATORS) or is_directory(name))


_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def check_folder(name: str) -> None:
    """Raise CommandError where files cannot be written to a folder."""
    try:
        mode = Path(name).stat().st_mode
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise CommandError(
                f"The folder {shown(name)} is not there: No such file or directory. Make it first."
            ) from error
        raise _refused(name, error) from error
    if not stat.S_ISDIR(mode):
        raise CommandError(f"{shown(name)} is a file, not a folder.")
    try:
        with tempfile.TemporaryFile(dir=name):
            pass
    except OSError as error:
        raise _refused(name, error) from error


def make_folder(name: str) -> None:
    """Make a folder that is missing, with those around it. Raises CommandError where files cannot be written to it."""
    try:
        Path(name).mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise CommandError(f"{shown(name)} is a file, not a folder.") from error
    except OSError as error:
        raise CommandError(f"The folder {shown(name)} cannot be made: {reason(error)}.") from error
    check_folder(name)


def _find_path(name: str) -> Output:
    if not name:
        raise CommandError("The output has no name. Give one, or '-' for standard output.")
    target, descriptor = _follow(name)
    if descriptor is not None:
        os.fstat(descriptor)  # raises where it is not open
        if os.isatty(descriptor):
            raise CommandError(
                f"{shown(name)} is this terminal. Name a file, or send it on through a pipe or with '>'."
            )
        return _Descriptor(name, descriptor)
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and stat.S_ISDIR(mode):
        raise CommandError(f"{shown(name)} is a directory, so no file can have this name.")
    if mode is not None and not stat.S_ISREG(mode):
        if not os.access(target, os.W_OK):
            raise CommandError(f"{shown(name)} cannot be written: Permission denied.")
        return _Device(name, target)
    check_folder(str(target.parent))
    if mode is not None and not os.access(target, os.W_OK):
        raise CommandError(f"{shown(name)} cannot be written: it is write-protected.")
    return _File(name, target)


def _follow(name: str) -> tuple[Path, int | None]:
    """Follow links, so that the file behind them is replaced and they stay. Also return a descriptor that is meant."""
    path = Path(name)
    for _ in range(_LINKS):
        # Not `/dev/fd` itself, which is a link, too: only its end says what it is.
        if match := _DESCRIPTOR.fullmatch(os.path.abspath(path)):  # noqa: PTH100 - Path.resolve would follow it
            return path, int(match[1])
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return path, None


@dataclass(frozen=True)
class _File:
    """A regular file, there or not."""

    name: str
    """As the person wrote it, for messages."""

    target: Path
    """Behind all links."""

    def write(self, data: bytes) -> None:
        try:
            replace_file(self.target, data)
        except OSError as error:
            raise _refused(self.name, error) from error


def place_file(name: str, data: bytes, *, overwrite: bool) -> bool:
    """Write a file in a folder that is made where it is missing.

    Args:
        name: a path. A link of this name is replaced, not followed.
        data: the file.
        overwrite: whether a file of this name is replaced.

    Returns:
        Whether it was written. A file that is there stays as it is unless `overwrite`, also if it has come meanwhile.

    Raises:
        CommandError: it could not be written, and why.
    """
    target = Path(name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(name, error) from error
    try:
        replace_file(target, data, _rename if overwrite else _rename_to_new)
    except FileExistsError:
        return False
    except OSError as error:
        raise _refused(name, error) from error
    return True


def _rename(temporary: Path, target: Path) -> None:
    temporary.replace(target)


def _rename_to_new(temporary: Path, target: Path) -> None:
    """Rename a file to a name that is free. Raises FileExistsError where it is not."""
    try:
        os.link(temporary, target)  # unlike a rename, this fails where the name is taken
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        temporary.replace(target)
    else:
        temporary.unlink()


def replace_file(target: Path, data: bytes, rename: Callable[[Path, Path], None] = _rename) -> None:
    """Write a file under a temporary name and rename it, keeping the permissions of the one that was there."""
    temporary = target.parent / f".offcut-{secrets.token_hex(8)}.part"
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            _keep_permissions(stream.fileno(), target)
            os.fsync(stream.fileno())  # or a crash could leave the new name with none of its bytes
        rename(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _keep_permissions(descriptor: int, target: Path) -> None:
    """Give a new file the owner and the permissions of the one it replaces; a new one has those of the user's mask."""
    try:
        before = target.stat()
    except FileNotFoundError:
        return
    if hasattr(os, "fchown"):
        with suppress(OSError):  # only an administrator may give a file away
            os.fchown(descriptor, before.st_uid, before.st_gid)
    if hasattr(os, "fchmod"):
        with suppress(OSError):
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))


@dataclass(frozen=True)
class _Device:
    """A pipe or a device."""

    name: str
    target: Path

    def write(self, data: bytes) -> None:
        try:
            with self.target.open("wb", buffering=0) as stream:
                _write_all(stream.fileno(), data)
        except OSError as error:
            raise _refused(self.name, error) from error


@dataclass(frozen=True)
class _Descriptor:
    """A file that this process was given, such as `/dev/stdout`. Opening it by name would empty it."""

    name: str
    descriptor: int

    def write(self, data: bytes) -> None:
        try:
            _write_all(self.descriptor, data)
        except BrokenPipeError as error:
            raise OutputClosed from error
        except OSError as error:
            raise _refused(self.name, error) from error


class _StandardOutput:
    """The picture goes to the next program."""

    @classmethod
    def find(cls) -> "_StandardOutput":
        if sys.stdout is None:
            raise CommandError("Standard output is closed. Name a file instead of '-'.")
        if is_terminal(sys.stdout):
            raise CommandError(
                "Standard output is this terminal. Name a file, or send it on through a pipe or with '>'."
            )
        return cls()

    def write(self, data: bytes) -> None:
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            raise OutputClosed from error
        except OSError as error:
            raise CommandError(f"Standard output could not be written: {reason(error)}.") from error


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _refused(name: str, error: OSError) -> CommandError:
    return CommandError(f"{shown(name)} cannot be written: {reason(error)}.")
