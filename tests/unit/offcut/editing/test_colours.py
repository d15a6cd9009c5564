"""In a photo of any colour space, what is shown and what is saved have the colours that are meant."""

from __future__ import annotations

import asyncio
import io

import numpy
import pytest
from PIL import Image, ImageCms

from offcut.codecs import Photo, decode
from offcut.codecs.downscale import within
from offcut.codecs.encode import format_named
from offcut.colour.spaces import convert
from offcut.editing import persistence, render
from offcut.editing.document import Document
from offcut.editing.editor import Editor
from offcut.editing.preview import Preview
from offcut.editing.settings import Settings
from offcut.foreground.cache import ForegroundCache
from offcut.memory_budget import Budget
from offcut.options import Options
from offcut.pipeline import Provenance, write
from offcut.progress import StageTimer, no_progress
from tests.unit.offcut import icc
from tests.unit.offcut.editing.samples import blob, colours, open_in
from tests.unit.offcut.fakes import Bench, left_half
from tests.unit.offcut.samples import save

BLUE, RED = (58, 124, 165), (201, 79, 61)
PROFILES = {"P3": icc.rgb(), "Adobe RGB": icc.rgb(icc.ADOBE), "sRGB": icc.rgb(icc.SRGB, icc.SRGB_CURVE), "none": None}


def in_space(profile: bytes | None, width: int = 90, height: int = 60) -> Document:
    provenance = Provenance("one", "Number One", "fake", 3, profile)
    return Document(colours(width, height), None, blob(width, height), provenance)


def saved(photo: Document, format: str = "png", **options) -> bytes:
    picture = render.finished(photo, ForegroundCache(photo.rgb))
    clock = StageTimer(no_progress)
    return write(picture, photo.provenance, format_named(format), Options(format=format, **options), clock).data


def seen(data: bytes) -> numpy.ndarray:
    """A file as LittleCMS shows it: uint8 ``(h, w, 3)``."""
    image = Image.open(io.BytesIO(data))
    profile, image = image.info.get("icc_profile"), image.convert("RGB")
    if profile:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), 1)
    return numpy.asarray(image)


def off(found, wanted) -> int:
    return int(numpy.abs(numpy.asarray(found).astype(int) - numpy.asarray(wanted)).max())


@pytest.mark.parametrize("format", ["png", "webp", "jpeg"])
@pytest.mark.parametrize("name", PROFILES)
def test_a_background_colour_is_seen_as_it_was_typed(name, format):
    photo = in_space(PROFILES[name])
    photo.set(Settings.read({"background": {"kind": "colour", "colour": "#3a7ca5"}}))
    data = saved(photo, format, quality=100)
    assert off(seen(data)[0, :5], BLUE) <= (2 if format == "png" else 3)
    assert Image.open(io.BytesIO(data)).info.get("icc_profile") == PROFILES[name]


@pytest.mark.parametrize("name", PROFILES)
def test_a_gradient_is_seen_as_in_a_page(name):
    photo, plain = in_space(PROFILES[name]), in_space(None)
    gradient = {"background": {"kind": "gradient", "from": "#3a7ca5", "to": "#c94f3d", "angle": 90}}
    photo.set(Settings.read(gradient))
    plain.set(Settings.read(gradient))
    assert off(seen(saved(photo))[:3], seen(saved(plain))[:3]) <= 2
    assert off(seen(saved(photo))[0, 0], BLUE) <= 4 and off(seen(saved(photo))[0, -1], RED) <= 4


@pytest.mark.parametrize("own", PROFILES)
@pytest.mark.parametrize("name", PROFILES)
def test_a_background_picture_is_seen_as_it_is_alone(name, own):
    photo, file = (
        in_space(PROFILES[name]),
        save(Image.new("RGB", (9, 6), (90, 120, 160)), "PNG", icc_profile=PROFILES[own]),
    )
    photo.take_background(decode(file))
    photo.set(Settings.read({"background": {"kind": "image"}}))
    assert off(seen(saved(photo))[0, :5], seen(file)[0, 0]) <= 2


def test_a_transparent_background_picture_keeps_its_alpha():
    photo = in_space(icc.rgb())
    photo.take_background(Photo(Image.new("RGB", (9, 6), BLUE), Image.new("L", (9, 6), 100)))
    assert photo.background_image.getpixel((0, 0))[3] == 100


@pytest.mark.parametrize("kind", ["transparent", "original", "blur", "colour", "image"])
def test_the_photos_own_pixels_are_saved_byte_for_byte(kind):
    photo, plain = in_space(icc.rgb()), in_space(None)
    for one in (photo, plain):
        one.take_background(Photo(Image.new("RGB", (9, 6))))
        one.set(Settings.read({"background": {"kind": kind, "colour": "#000"}, "edges": {"decontaminate": False}}))
    one, other = (Image.open(io.BytesIO(saved(each))) for each in (photo, plain))
    assert numpy.array_equal(numpy.asarray(one), numpy.asarray(other))
    assert one.info["icc_profile"] == icc.rgb() and other.info.get("icc_profile") is None


def test_a_shadow_is_as_dark_as_in_an_srgb_photo():
    photo = in_space(icc.rgb())
    photo.set(
        Settings.read({"background": {"kind": "colour"}, "shadow": {"drop": {"opacity": 1, "blur": 0, "distance": 20}}})
    )
    assert seen(saved(photo)).reshape(-1, 3).min() <= 2


@pytest.mark.parametrize("name", PROFILES)
def test_the_eyedropper_finds_what_is_seen_and_that_becomes_the_background(name):
    photo = in_space(PROFILES[name])
    picked = photo.colour_at(7, 9)
    wanted = convert(photo.rgb, photo.provenance.space, None)[9, 7]
    assert off([int(picked[at : at + 2], 16) for at in (1, 3, 5)], wanted) == 0
    photo.set(Settings.read({"background": {"kind": "colour", "colour": picked}}))
    assert off(seen(saved(photo))[0, 0], wanted) <= 2


def test_the_page_is_shown_srgb_at_every_stage():
    """A wide red: what is shown first, and in the composition, is the red that a browser shows for the file."""
    data = save(Image.new("RGB", (64, 48), (200, 30, 30)), "PNG", icc_profile=icc.rgb())
    wanted = seen(data)[0, 0]
    assert off(wanted, (200, 30, 30)) > 15

    async def show() -> tuple[Preview, numpy.ndarray]:
        editor = Editor(Bench().engine)
        preview = await editor.open(data, Options())
        await editor.finish()
        await editor.set_settings(Settings.read({"background": {"kind": "colour", "colour": "#3a7ca5"}}))
        return preview, numpy.asarray((await editor.render_composition(64)).picture)

    preview, shown = asyncio.run(show())
    assert off(preview.photo, wanted) <= 1
    assert off(preview.cutout[..., :3][preview.cutout[..., 3] > 0], wanted) <= 1
    assert off(shown[5, 5], wanted) <= 1 and off(shown[-5, -5], BLUE) <= 2


WIDE = {"P3": icc.rgb(), "Adobe RGB": icc.rgb(icc.ADOBE), "ProPhoto": icc.rgb(icc.PROPHOTO, icc.gamma(1.8))}


@pytest.mark.parametrize("kind", ["webp", "jpeg"])
@pytest.mark.parametrize("name", WIDE)
def test_a_chosen_colour_survives_lossy_formats(name, kind):
    """They round the numbers: in a wide space by more than a screen's colours can bear. So these files are sRGB."""
    data = save(Image.new("RGB", (64, 48), (200, 30, 30)), "PNG", icc_profile=WIDE[name])

    async def saved(background: dict) -> bytes:
        editor = Editor(Bench(answer=left_half).engine)
        await open_in(editor, data)
        await editor.set_settings(Settings.read({"background": background}))
        return (await editor.save(Options(format=kind, quality=90))).data

    for colour in ("#3a7ca5", "#c94f3d", "#2f7d6b", "#e6141e", "#10d010"):
        file = asyncio.run(saved({"kind": "colour", "colour": colour}))
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert off(seen(file)[24, 56], wanted) <= 3
        assert off(seen(cut_out(data, kind, colour))[24, 56], wanted) <= 3
    assert decode(asyncio.run(saved({"kind": "original"}))).icc_profile == WIDE[name]
    assert decode(asyncio.run(saved({"kind": "transparent"}))).icc_profile == WIDE[name]


def cut_out(data: bytes, kind: str, colour: str) -> bytes:
    options = Options(format=kind, quality=90, background=colour)
    return asyncio.run(Bench(answer=left_half).engine.remove(data, options)).data


def test_every_network_is_given_srgb():
    """The first one, another one, and the one that looks into a box, see what a plain copy of the photo shows them."""
    data = save(Image.new("RGB", (64, 48), (200, 30, 30)), "PNG", icc_profile=icc.rgb())
    plain = save(Image.fromarray(seen(data)), "PNG")
    tensors: dict[bytes, list[numpy.ndarray]] = {data: [], plain: []}

    async def use(file: bytes) -> None:
        def answer(tensor: numpy.ndarray) -> numpy.ndarray:
            tensors[file].append(tensor)
            return left_half(tensor)

        editor = Editor(Bench(answer=answer).engine)
        await open_in(editor, file)
        await editor.apply({"kind": "network", "model": "two"})
        await editor.apply({"kind": "box", "box": [8, 8, 40, 40]})
        await open_in(editor, file)
        await editor.find_alternative("two", "auto")

    for file in tensors:
        asyncio.run(use(file))
    assert len(tensors[data]) == 5
    for one, other in zip(*tensors.values(), strict=True):
        assert numpy.abs(one - other).max() < 0.05


def test_saved_work_has_its_colours_again():
    photo = decode(save(Image.fromarray(colours(64, 48)), "PNG", icc_profile=icc.rgb()))
    document = Document(photo.rgb, None, blob(64, 48), Provenance("one", "Number One", "fake", 3, photo.icc_profile))
    parts = {name: make() for name, make in persistence.parts_of(document).items()}
    again = persistence.document_of(photo, persistence.manifest_of(document), parts)
    assert again.provenance.space is document.provenance.space is not None


def test_a_photo_made_smaller_keeps_its_space():
    photo = decode(save(Image.fromarray(colours(64, 48)), "PNG", icc_profile=icc.rgb()))
    assert within(photo, Budget(400, may_reduce=True)).space is photo.space is not None
