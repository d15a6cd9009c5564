"""What a file's own transparency hides changes nothing, and a shape that is there stays."""

import asyncio

import numpy as np
import pytest
from PIL import Image, ImageDraw

from offcut.codecs import decode
from offcut.codecs.transparency import has_own_shape, seen, small_copy
from offcut.editing.editor import Editor
from offcut.options import Options
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import noise, reopen, save

PHOTO = noise(120, 80)


def mask(draw, size=PHOTO.size) -> Image.Image:
    alpha = Image.new("L", size)
    draw(ImageDraw.Draw(alpha))
    return alpha


def with_alpha(picture: Image.Image, alpha: Image.Image) -> Image.Image:
    picture = picture.copy()
    picture.putalpha(alpha)
    return picture


SHAPES = {
    "subject": mask(lambda draw: draw.ellipse((30, 10, 90, 70), fill=255)),
    "cropped subject": mask(lambda draw: draw.polygon([(60, 0), (119, 40), (90, 79), (0, 79)], fill=255)),
    "letters": mask(lambda draw: [draw.rectangle((x, 20, x + 4, 60), fill=255) for x in range(5, 110, 10)]),
    "faint": mask(lambda draw: draw.ellipse((30, 10, 90, 70), fill=40)),
    "nothing": mask(lambda draw: None),
}
FRAMES = {
    "rounded corners": mask(lambda draw: draw.rounded_rectangle((0, 0, 119, 79), 12, fill=255)),
    "icon": mask(lambda draw: draw.rounded_rectangle((0, 0, 79, 79), 18, fill=255), (80, 80)),
    "circle": mask(lambda draw: draw.ellipse((0, 0, 79, 79), fill=255), (80, 80)),
    "border": mask(lambda draw: draw.rectangle((4, 4, 115, 75), fill=255)),
    "wide margin": mask(lambda draw: draw.rectangle((30, 20, 89, 59), fill=255)),
    "half": mask(lambda draw: draw.rectangle((0, 0, 119, 39), fill=255)),
    "see-through": Image.new("L", PHOTO.size, 100),
    "one pixel": mask(lambda draw: [draw.rectangle((0, 0, 119, 79), fill=255), draw.point((5, 5), fill=0)]),
}


@pytest.mark.parametrize("alpha", SHAPES.values(), ids=SHAPES)
def test_a_shape_is_kept_without_a_network(alpha):
    bench = Bench()
    result = run(bench.engine.remove(save(with_alpha(PHOTO, alpha), "PNG"), Options()))
    assert np.array_equal(np.asarray(reopen(result.data).getchannel("A")), np.asarray(alpha))
    assert result.notices == ("own-shape",)


@pytest.mark.parametrize("alpha", FRAMES.values(), ids=FRAMES)
def test_a_photo_in_a_frame_is_still_cut_out(alpha):
    picture = noise(*alpha.size)
    photo = decode(save(with_alpha(picture, alpha), "PNG"))
    assert photo.notices == []
    assert not has_own_shape(small_copy(photo.image, photo.alpha))


@pytest.mark.parametrize("alpha", FRAMES.values(), ids=FRAMES)
def test_where_there_is_one_colour_there_is_nothing_to_find(alpha):
    assert has_own_shape(small_copy(Image.new("RGB", alpha.size, (0, 0, 0)), alpha))


def test_a_flat_black_logo_keeps_its_soft_alpha():
    logo = Image.new("RGBA", (600, 400))
    ImageDraw.Draw(logo).ellipse((150, 50, 450, 350), fill=(0, 0, 0, 255))
    logo = logo.resize((300, 200))
    result = run(Bench().engine.remove(save(logo, "PNG"), Options()))
    assert np.asarray(reopen(result.data).getchannel("A")).mean() == pytest.approx(75.6, abs=0.5)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("alpha", [*SHAPES.values(), *FRAMES.values()], ids=[*SHAPES, *FRAMES])
def test_what_is_hidden_changes_nothing(alpha, kind):
    """Not the network's input, not the refinement, not the colours of edges or of the file."""
    visible = noise(*alpha.size, seed=1)
    files = []
    for hidden in (Image.new("RGB", alpha.size), noise(*alpha.size, seed=2), Image.new("RGB", alpha.size, "white")):
        hidden.paste(visible, mask=alpha.point([0] + [255] * 255))
        files.append(save(with_alpha(hidden, alpha), kind))
    photos = [decode(data) for data in files]
    assert len({photo.image.tobytes() for photo in photos}) == 1
    results = [run(Bench().engine.remove(data, Options())) for data in files]
    assert len({result.data for result in results}) == 1


def test_a_network_sees_the_photo_over_the_mean_of_what_is_visible():
    picture = Image.new("RGB", (4, 1), (200, 100, 0))
    picture.putpixel((0, 0), (100, 200, 0))
    alpha = Image.new("L", (4, 1))
    alpha.putdata([255, 0, 51, 204])
    # (100, 200, 0) counts once, (200, 100, 0) counts .2 + .8 times
    pixels = np.asarray(seen(picture, alpha))[0]
    assert pixels[0].tolist() == [100, 200, 0]
    assert np.abs(pixels[1].astype(int) - [150, 150, 0]).max() <= 1
    assert np.abs(pixels[2].astype(int) - [160, 140, 0]).max() <= 1
    assert seen(picture, None) is picture


def test_a_cutout_that_is_edited_again_begins_with_its_shape():
    async def story():
        bench = Bench()
        editor = Editor(bench.engine)
        preview = await editor.open(save(with_alpha(PHOTO, SHAPES["subject"]), "PNG"), Options())
        await editor.finish()
        return preview, editor.document

    preview, document = asyncio.run(story())
    assert preview.provenance.notices == ("own-shape",)
    assert (document.alpha == 255).all()
    assert np.array_equal(preview.cutout[..., 3], np.asarray(SHAPES["subject"]))


def test_a_box_is_looked_at_without_what_is_hidden():
    """The way to look for a subject inside a shape all the same."""

    async def story(hidden):
        bench = Bench()
        hidden.paste(PHOTO, mask=SHAPES["subject"])
        editor = Editor(bench.engine)
        await editor.open(save(with_alpha(hidden, SHAPES["subject"]), "PNG"), Options())
        await editor.finish()
        return np.asarray(editor.document.view().seen()).tobytes()

    assert asyncio.run(story(Image.new("RGB", PHOTO.size))) == asyncio.run(story(noise(*PHOTO.size, seed=3)))
