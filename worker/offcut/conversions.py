"""What a program may hand over as a photo, and in what form it gets the result back."""

import os
from pathlib import Path
from typing import BinaryIO, TypeAlias

import numpy as np
from PIL import Image

from offcut.codecs.photo import Photo
from offcut.codecs.pillow_image import read_image
from offcut.errors import OptionError

Source: TypeAlias = bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO | Image.Image | np.ndarray
"""A file as its bytes, its path, or an open binary file; a Pillow image; or an array of 8 bits."""


def is_file(data: Source) -> bool:
    """Return whether `data` stands for an image file, so that the result is the bytes of one."""
    return not isinstance(data, (Image.Image, np.ndarray))


def read(data: Source) -> bytes | Photo:
    """Return the bytes of a file, or the photo where it is decoded already.

    Raises:
        OptionError: nothing that can be a photo, or an array of another shape or type.
        OSError: a file cannot be read.
        OffcutError: as `codecs.decode`.
    """
    if isinstance(data, Image.Image):
        return read_image(data)
    if isinstance(data, np.ndarray):
        return read_image(Image.fromarray(_checked(data)))
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    if isinstance(data, (str, os.PathLike)):
        return Path(data).read_bytes()
    content = data.read() if hasattr(data, "read") else None
    if not isinstance(content, bytes):
        raise OptionError(
            f"A photo cannot be a {type(data).__name__}. Give the bytes of a file, its path, a file opened with 'rb', "
            "a Pillow image or a numpy array."
        )
    return content


def name_of(data: Source) -> str:
    """Return the name of a photo's file; empty where it has none."""
    name = data if isinstance(data, (str, os.PathLike)) else getattr(data, "name", getattr(data, "filename", ""))
    return Path(name).name if isinstance(name, (str, os.PathLike)) else ""


def _checked(array: np.ndarray) -> np.ndarray:
    if array.dtype != np.uint8:
        raise OptionError(
            f"An array of {array.dtype} cannot be a photo. Convert it to 8 bits: values from 0 to 255 as uint8."
        )
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.ndim != 2 and not (array.ndim == 3 and array.shape[2] in (3, 4)):
        raise OptionError(
            f"An array of the shape {array.shape} cannot be a photo. It must be (height, width), for grey, or "
            "(height, width, 3 or 4), for RGB or RGBA."
        )
    return np.ascontiguousarray(array)
