"""`offcut b`: cut out raw frames from standard input, as ffmpeg writes them."""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from offcut.cli.console import is_terminal, say
from offcut.cli.failures import DONE, CommandError, shown
from offcut.cli.settings import add_settings, read_settings
from offcut.cli.writing import find_output, make_folder, place_file

if TYPE_CHECKING:
    from offcut.codecs.photo import Photo

HELP = "cut out raw frames from standard input, for ffmpeg"

DESCRIPTION = """\
Cut out raw RGB24 frames from standard input, as ffmpeg writes them.

  ffmpeg -i video.mp4 -f rawvideo -pix_fmt rgb24 pipe: | offcut b 1280 720 -o frames/cutout-%05d.png
  ffmpeg -i video.mp4 -f rawvideo -pix_fmt rgb24 pipe: | offcut b 1280 720 | ffmpeg -f image2pipe -i pipe: …

Without -o the pictures follow each other on standard output."""

NUMBER = re.compile(r"%0?\d*[du]")
"""Where the number of a frame stands in the name of its file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `offcut b`."""
    parser.add_argument("width", metavar="WIDTH", type=int, help="of a frame in pixels")
    parser.add_argument("height", metavar="HEIGHT", type=int, help="of a frame in pixels")
    parser.add_argument(
        "-o",
        "--output-specifier",
        "--output_specifier",
        metavar="NAME",
        help="files to write, %%d or %%05d for the frame's number from 0 on (default: standard output)",
    )
    add_settings(parser)


def run(given: argparse.Namespace) -> int:
    """Run `offcut b` and return the exit status."""
    if given.width < 1 or given.height < 1:
        raise CommandError(f"A frame of {given.width} × {given.height} pixels has no pixels.")
    name = given.output_specifier
    request = read_settings(given, Path(name).suffix.lstrip(".") if name else "")
    output = find_output("-") if name is None else None
    if name is not None:
        if len(NUMBER.findall(name)) != 1 or name.count("%") != 1:
            raise CommandError(f"{shown(name)} needs one place for the frame's number, such as cutout-%05d.png.")
        make_folder(str(Path(name).parent))
    if sys.stdin is None or is_terminal(sys.stdin):
        raise CommandError("Frames are read from standard input, which is this terminal. Send them through a pipe.")

    from offcut.native import new_session

    count = 0
    with new_session(request.options.model, models=given.models) as session:
        for count, frame in enumerate(read_frames(sys.stdin.buffer, given.width, given.height), 1):
            data = session.make(frame, request).data
            if output is not None:
                output.write(data)
            else:
                place_file(_numbered(name, count - 1), data, overwrite=True)
    say(f"{count} {'frame' if count == 1 else 'frames'} cut out.")
    return DONE


def _numbered(name: str, number: int) -> str:
    """Put a number where the name has its place."""
    return NUMBER.sub(lambda match: match[0].replace("u", "d") % number, name)


def read_frames(stream: BinaryIO, width: int, height: int) -> Iterator["Photo"]:
    """Yield frame after frame, until the stream ends.

    Args:
        stream: bytes of red, green and blue, row by row, without anything between frames.
        width: of a frame.
        height: of a frame.

    Raises:
        CommandError: the stream ends in the middle of a frame, as with other sizes or another pixel format.
    """
    import numpy as np
    from PIL import Image

    from offcut.codecs.pillow_image import read_image

    size = width * height * 3
    while True:
        data = stream.read(size)
        if not data:
            return
        if len(data) < size:
            raise CommandError(
                f"Standard input ended in the middle of a frame of {width} × {height} pixels. Are these the size of "
                "the frames, and rgb24 their format?"
            )
        yield read_image(Image.fromarray(np.frombuffer(data, np.uint8).reshape(height, width, 3)))
