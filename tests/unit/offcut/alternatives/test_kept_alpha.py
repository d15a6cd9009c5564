"""Coarse alphas kept in little memory."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from offcut import matting
from offcut.alternatives.kept_alpha import KeptAlpha
from tests.unit.offcut.editing.samples import blob, colours

COARSE = blob(160, 90, 6).astype(np.float32) / 255


def test_it_makes_the_alpha_that_the_network_s_own_output_makes():
    image = Image.fromarray(colours(800, 450))
    wanted = np.asarray(matting.matte(COARSE, image, 1.0))
    kept = KeptAlpha.of(COARSE).alpha(image)
    assert kept.shape == (450, 800) and kept.dtype == np.uint8 and kept.flags.writeable
    assert (kept == wanted).all()


def test_it_is_small_and_comes_back_from_its_bytes():
    large = blob(1024, 768, 3).astype(np.float32) / 255
    kept = KeptAlpha.of(large)
    assert len(kept.to_bytes()) < large.nbytes / 10
    assert (KeptAlpha.read(kept.to_bytes()).coarse == large).all()


@pytest.mark.parametrize(
    "damaged",
    [b"", KeptAlpha.of(COARSE).to_bytes()[:-4], struct.pack("<II", 7, 7) + KeptAlpha.of(COARSE).packed, bytes(40)],
)
def test_what_is_damaged_is_refused(damaged):
    with pytest.raises((ValueError, struct.error, zlib.error)):
        KeptAlpha.read(damaged)
