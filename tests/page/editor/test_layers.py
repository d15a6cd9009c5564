"""The pictures that the views are made of, and that their memory is freed."""

from types import SimpleNamespace

import pytest
from editor.layers import Layers

from tests.page.editor.fakes import Bitmap, Canvas, changed, composition, photo_response


@pytest.fixture
def layers() -> Layers:
    found = Layers(Canvas)
    found.open(photo_response())
    return found


def detail() -> SimpleNamespace:
    return SimpleNamespace(photo=Bitmap(50, 50), alpha=Bitmap(50, 50), x=100, y=100, width=50, height=50)


def test_a_changed_part_is_put_in_place(layers):
    cutout, response = layers.whole.cutout, changed(x=10, y=20)
    layers.set_composed(composition())
    box = layers.patch(response)
    assert box == (20, 40, 32, 56)  # the layer has half of the photo's pixels
    assert layers.whole.mask.context.calls[-2:] == [
        ("clearRect", 10, 20, 6, 8),
        ("drawImage", response.alpha, 10, 20),
    ]
    assert response.alpha.is_closed and cutout.is_closed and layers.whole.cutout is None
    assert not layers.composed.is_current and not layers.composed.picture.is_closed  # shown until there is another


def test_a_detail_is_changed_as_well(layers):
    layers.set_detail(detail())
    response = changed()
    response.detail = SimpleNamespace(alpha=Bitmap(5, 5), x=1, y=2)
    layers.patch(response)
    assert layers.detail.mask.context.calls[-1] == ("drawImage", response.detail.alpha, 1, 2)


def test_the_cutout_of_a_preview_stays_until_there_is_a_finer_one(layers):
    preview, photo = layers.whole.cutout, layers.whole.photo
    assert layers.is_preview
    layers.finish(photo_response(is_preview=False))
    assert layers.whole.cutout is preview and not preview.is_closed and photo.is_closed and layers.is_preview
    finer = Bitmap()
    layers.set_cutout(layers.whole, finer)
    assert layers.whole.cutout is finer and preview.is_closed and not layers.is_preview


def test_a_cutout_of_a_layer_that_is_gone_is_not_shown(layers):
    layers.set_detail(detail())
    gone = layers.detail
    layers.set_detail(detail())
    layers.set_cutout(gone, Bitmap())
    assert gone.cutout is None and layers.detail.cutout is None


def test_another_photo_frees_everything_of_the_one_before(layers):
    layers.set_detail(detail())
    layers.set_composed(composed := composition())
    bitmaps = [layers.whole.photo, layers.whole.cutout, layers.detail.photo, composed.picture]
    layers.open(photo_response())
    assert all(bitmap.is_closed for bitmap in bitmaps) and layers.detail is None


@pytest.mark.parametrize(
    ("part", "is_covered"),
    [((100, 100, 50, 50), True), ((120, 110, 10, 10), True), ((90, 100, 50, 50), False), ((120, 120, 40, 10), False)],
)
def test_what_a_detail_covers(layers, part, is_covered):
    layers.set_detail(detail())
    assert layers.detail.covers(*part) == is_covered
