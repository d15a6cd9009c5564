"""A coarse alpha kept in little memory, so that it can take another's place later without running its network again."""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image

from offcut import matting
from offcut.arrays import AlphaF32, AlphaU8
from offcut.codecs.photo import array_of

_SIZE = struct.Struct("<II")


@dataclass(frozen=True)
class KeptAlpha:
    """A network's coarse alpha as it is, compressed: most of it is 0 or 1, so that it takes some 100 kB."""

    width: int
    height: int
    packed: bytes

    @classmethod
    def of(cls, coarse: AlphaF32) -> "KeptAlpha":
        """Keep a coarse alpha, float32 ``(h, w)``, 0 to 1."""
        height, width = coarse.shape
        # All first bytes, then all second ones, and so on: alike stands beside alike.
        planes = np.ascontiguousarray(coarse, "<f4").view(np.uint8).reshape(-1, 4).T
        return cls(width, height, zlib.compress(planes.tobytes(), 6))

    @property
    def coarse(self) -> AlphaF32:
        """The coarse alpha, float32 ``(h, w)``, 0 to 1, as a new array."""
        planes = np.frombuffer(zlib.decompress(self.packed), np.uint8).reshape(4, -1)
        coarse: AlphaF32 = np.ascontiguousarray(planes.T).view("<f4").reshape(self.height, self.width)
        return coarse

    def alpha(self, image: Image.Image) -> AlphaU8:
        """Return the refined alpha of the photo that it was found in, uint8 ``(h, w)``; `image` has mode RGB."""
        return array_of(matting.matte(self.coarse, image, 1.0))

    def to_bytes(self) -> bytes:
        """Return it for `read`."""
        return _SIZE.pack(self.width, self.height) + self.packed

    @classmethod
    def read(cls, data: bytes) -> "KeptAlpha":
        """Read what `to_bytes` returned. Raises ValueError, struct.error or zlib.error where it is damaged."""
        width, height = _SIZE.unpack_from(data)
        kept = cls(width, height, data[_SIZE.size :])
        if not (kept.coarse.size and np.isfinite(kept.coarse).all()):
            raise ValueError("an alpha without values")
        return kept
