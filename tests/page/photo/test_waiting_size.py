"""The copy that is shown while a photo is worked on."""

import pytest
from photo.waiting_size import waiting_size


@pytest.mark.parametrize(
    ("photo", "screen", "copy"),
    [
        ((4000, 3000), 1440, (1440, 1080)),
        ((4000, 3000), 2880, (1600, 1200)),
        ((3000, 4000), 780, (780, 1040)),
        ((300, 200), 1440, (300, 200)),  # not enlarged
        ((1, 1), 1440, (1, 1)),
        ((30000, 1), 1440, (1440, 1)),
        ((1, 30000), 1440, (1, 4096)),
        ((100, 65000), 1440, (6, 4096)),
        ((65000, 100), 1440, (1440, 2)),
        ((10000, 11000), 2880, (1600, 1760)),
    ],
)
def test_the_copy_has_the_photos_shape_and_never_many_pixels(photo, screen, copy):
    assert waiting_size(*photo, screen) == copy
    assert copy[0] * copy[1] <= 1600 * 4096
