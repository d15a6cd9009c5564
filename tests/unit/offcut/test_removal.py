"""`offcut.remove`: what goes in comes back in the same form, and rembg's parameters mean what they mean there."""

import asyncio
import io
import json
import threading

import numpy
import pytest
from PIL import ExifTags, Image

import offcut
from offcut.errors import NotAnImageError, OptionError, ZeroSizedImageError
from offcut.models.catalogue import read_catalogue
from offcut.models.chunks import path_of
from offcut.progress import STAGES
from offcut.request import OTHER_NETWORKS, Matting, network, smoothed
from tests.unit.offcut import icc
from tests.unit.offcut.fakes import PIECES, FakeSession, catalogue_data, elsewhere, everything, left_half
from tests.unit.offcut.samples import assert_plain, reopen, save, scene

SCENE = scene()
RGB = numpy.asarray(SCENE)
FILE = save(SCENE, "PNG")


ANSWERS: dict = {}
"""What a model finds, where that is not the left half."""


@pytest.fixture(autouse=True)
def loaded(monkeypatch, tmp_path_factory) -> list[str]:
    """Networks find their subject in the left half; answers what they did."""
    events: list[str] = []

    class Network(FakeSession):
        def __init__(self, model, data, threads=None):
            events.append(f"load {model.id}" + (f" for {threads}" if threads else ""))
            super().__init__(model, events, ANSWERS.get(model.id, left_half))

    models = tmp_path_factory.mktemp("models")
    (models / "chunks").mkdir()
    (models / "catalogue.json").write_text(json.dumps(catalogue_data()), "utf-8")
    for chunk, piece in zip(read_catalogue(catalogue_data()).model().chunks, PIECES, strict=True):
        (models / path_of(chunk)).write_bytes(piece)
    monkeypatch.setenv("OFFCUT_MODELS", str(models))
    monkeypatch.setattr("offcut.inference.onnx_native.NativeSession", Network)
    return events


def remove(data, **arguments):
    return elsewhere(lambda: offcut.remove(data, **arguments))


def expected() -> numpy.ndarray:
    return numpy.asarray(reopen(remove(FILE)))


@pytest.mark.parametrize(
    "form",
    [bytes, bytearray, memoryview, io.BytesIO, "path", "text", "opened"],
    ids=["bytes", "bytearray", "memoryview", "BytesIO", "path", "text", "opened file"],
)
def test_a_file_in_any_form_becomes_the_bytes_of_a_file(tmp_path, form):
    path = tmp_path / "photo.png"
    path.write_bytes(FILE)
    if form == "opened":
        with path.open("rb") as stream:
            result = remove(stream)
    else:
        result = remove({"path": path, "text": str(path)}[form] if isinstance(form, str) else form(FILE))
    assert isinstance(result, bytes) and (numpy.asarray(reopen(result)) == expected()).all()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "CMYK", "1", "LA"])
def test_an_image_becomes_an_image(mode):
    given = SCENE.convert(mode)
    before = given.tobytes()
    result = remove(given)
    assert isinstance(result, Image.Image) and (result.mode, result.size) == ("RGBA", SCENE.size)
    assert result.getpixel((2, 2))[3] == 255 and result.getpixel((29, 2)) == (0, 0, 0, 0)
    assert given.tobytes() == before and given.mode == mode


@pytest.mark.parametrize(
    "array",
    [
        RGB,
        numpy.dstack([RGB, numpy.full(RGB.shape[:2], 255, numpy.uint8)]),
        RGB[..., 0],
        RGB[..., :1],
        RGB[:, ::-1][:, ::-1],
    ],
    ids=["RGB", "RGBA", "grey", "one channel", "strided"],
)
def test_an_array_becomes_an_array(array):
    before = array.copy()
    result = remove(array)
    assert isinstance(result, numpy.ndarray) and (result.dtype, result.shape) == (numpy.uint8, (16, 32, 4))
    assert result[2, 2, 3] == 255 and not result[2, 29].any() and (array == before).all()
    assert remove(array, only_mask=True).shape == (16, 32)


def test_every_form_gives_the_same_picture():
    assert (numpy.asarray(remove(SCENE)) == expected()).all() and (remove(RGB) == expected()).all()
    assert (numpy.asarray(reopen(remove(RGB, force_return_bytes=True))) == expected()).all()
    assert (numpy.asarray(reopen(remove(SCENE, force_return_bytes=True))) == expected()).all()


def test_an_image_that_lies_on_its_side_is_turned():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    given = reopen(save(SCENE, "JPEG", exif=exif))
    assert remove(given).size == (16, 32) and given.size == (32, 16)


def test_transparency_of_an_array_stays():
    given = numpy.dstack([RGB, numpy.zeros(RGB.shape[:2], numpy.uint8)])
    given[:4, :, 3] = 255
    result = remove(given)
    assert result[2, 2, 3] == 255 and not result[8, :, 3].any()


@pytest.mark.parametrize(
    "wrong",
    [3, {}, io.StringIO("text"), RGB.astype(float), RGB[None], numpy.zeros((4, 4, 2), numpy.uint8), [1, 2]],
    ids=["number", "dict", "text file", "float array", "four dimensions", "two channels", "list"],
)
def test_what_cannot_be_a_photo_is_refused_in_a_sentence(wrong):
    with pytest.raises(OptionError, match="cannot be") as caught:
        remove(wrong)
    assert_plain(caught.value)


def test_files_that_are_none_are_refused_as_everywhere(tmp_path):
    with pytest.raises(NotAnImageError):
        remove(b"Dear all,")
    with pytest.raises(FileNotFoundError):
        remove(tmp_path / "nowhere.png")
    with pytest.raises(ZeroSizedImageError):
        remove(numpy.zeros((0, 5, 3), numpy.uint8))


def test_masks():
    assert remove(SCENE, only_mask=True).mode == remove(SCENE, output="mask").mode == "L"
    assert reopen(remove(FILE, only_mask=True)).mode == "L"
    assert remove(SCENE, only_mask=True, bgcolor=(1, 2, 3, 255)).mode == "L"


@pytest.mark.parametrize(
    ("colour", "seen"),
    [
        ((9, 8, 7, 255), (9, 8, 7, 255)),
        ((9, 8, 7), (9, 8, 7, 255)),
        ((9, 8, 7, 100), (9, 8, 7, 100)),
        ((0, 0, 0, 0), (0, 0, 0, 0)),
    ],
)
def test_a_background_colour_as_in_rembg(colour, seen):
    result = remove(SCENE, bgcolor=colour)
    assert result.mode == "RGBA" and result.getpixel((31, 2)) == seen and result.getpixel((2, 2)) == (200, 30, 30, 255)
    assert remove(RGB, bgcolor=colour)[2, 31].tolist() == list(seen)
    assert reopen(remove(FILE, bgcolor=colour)).convert("RGBA").getpixel((31, 2)) == seen


@pytest.mark.parametrize("colour", [(1, 2), (1, 2, 3, 4, 5), (256, 0, 0, 255), "red", 7, (1, 2, -1)])
def test_what_is_no_colour(colour):
    with pytest.raises(OptionError, match="is not a colour"):
        remove(SCENE, bgcolor=colour)


def test_putalpha_keeps_the_photos_colours_where_nothing_is_seen():
    result = numpy.asarray(remove(SCENE, putalpha=True))
    assert (result[..., :3] == RGB).all() and (result[..., 3] == expected()[..., 3]).all()


def test_post_process_mask_leaves_no_soft_edges():
    alphas = numpy.asarray(remove(SCENE, post_process_mask=True).getchannel("A"))
    assert set(numpy.unique(alphas)) == {0, 255}


def test_an_alpha_is_opened_blurred_and_cut_at_one_half():
    alpha = numpy.zeros((40, 40), numpy.uint8)
    alpha[10:30, 10:30] = 255
    alpha[2, 2] = 255  # a speck, which opening removes
    result = smoothed(alpha)
    assert result[2, 2] == 0 and result[20, 20] == 255 and result[20, 10] == 255 and result[20, 8] == 0
    assert result[10, 10] == 0  # the blur rounds corners
    assert (result == result.T).all() and (result[:, ::-1] == result).all()


def test_alpha_matting_finds_alpha_again_along_the_edge():
    photo = numpy.zeros((120, 120, 3), numpy.uint8)
    photo[:, 64:] = 255
    alpha = numpy.zeros((120, 120), numpy.uint8)
    alpha[:, :60] = 255  # four pixels beside the edge
    found = Matting(erode_size=20).apply(photo, alpha)
    assert (found[:, :62] > 200).all() and (found[:, 66:] < 55).all()
    assert (Matting(foreground_threshold=270).apply(photo, alpha) == alpha).all()
    assert (Matting(erode_size=500).apply(photo, alpha) == alpha).all()
    assert remove(SCENE, alpha_matting=True, alpha_matting_erode_size=3).mode == "RGBA"


def test_decontaminate_is_foreground_by_rembgs_name(monkeypatch):
    asked = []
    monkeypatch.setattr("offcut.pipeline.ForegroundCache.update", lambda self, alpha: asked.append(alpha))
    for arguments in ({"decontaminate": False}, {"foreground": False}, {"putalpha": True}):
        remove(SCENE, **arguments)
    assert asked == []
    remove(SCENE, decontaminate=True, foreground=False)
    remove(SCENE)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("arguments", "way"),
    [
        ({"vitmatte": True}, "alpha_matting=True"),
        ({"vitmatte_model": "small"}, "refine=1.0"),
        ({"model": "birefnet-general"}, "'isnet'"),
        ({"model": "silueta"}, "'u2net'"),
        ({"background": "red", "bgcolor": (1, 2, 3, 255)}, "Leave one of them out"),
    ],
)
def test_what_offcut_has_not_is_refused_with_a_way_out(arguments, way):
    with pytest.raises(OptionError, match=way) as caught:
        remove(SCENE, **arguments)
    assert_plain(caught.value)


def test_rembgs_names_of_networks():
    assert (network("isnet-general-use"), network("u2netp"), network(None)) == ("isnet", "u2netp", None)
    for name, way in OTHER_NETWORKS.items():
        with pytest.raises(OptionError, match=name):
            network(name)
        assert way.endswith(".")


def test_a_session_by_rembgs_parameters(loaded):
    assert elsewhere(lambda: offcut.new_session(model_name="two")).model == "two"
    elsewhere(lambda: offcut.new_session("one", threads=2))
    assert loaded == ["load two", "load one for 2"]
    for wrong in ({"sess_opts": 1}, {"providers": ["CUDA"]}, {"threads": 0}, {"model": "one", "model_name": "one"}):
        with pytest.raises(OptionError):
            elsewhere(lambda wrong=wrong: offcut.new_session(**wrong))


def test_a_session_is_closed_by_its_context(loaded):
    def use():
        with offcut.new_session("two") as session:
            offcut.remove(SCENE, session=session)

    elsewhere(use)
    assert loaded == ["load two", "run two", "ran two", "release two"]


def test_threads_share_a_session_and_get_their_own_results(loaded):
    session = elsewhere(offcut.new_session)
    photos = [numpy.full((8, 8, 3), value, numpy.uint8) for value in range(10, 90, 10)]
    results = {}

    def work(photo):
        results[photo[0, 0, 0]] = offcut.remove(photo, session=session)[0, 0, 0]

    threads = [threading.Thread(target=work, args=(photo,)) for photo in photos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(results) == 8 and all(key == value for key, value in results.items())
    assert loaded.count("load one") == 1


def test_an_asynchronous_engine_reports_progress_in_the_loops_thread_and_lets_it_go_on(loaded):
    async def use():
        seen, threads, ticks = [], set(), 0

        def progress(stage, done, total):
            seen.append(stage)
            threads.add(threading.get_ident())

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        async with offcut.AsyncEngine("two") as engine:
            ticking = asyncio.create_task(tick())
            first = await engine.remove(SCENE, progress=progress)
            several = await asyncio.gather(*(engine.remove(FILE, format="webp") for _ in range(3)))
            ticking.cancel()
        assert first.mode == "RGBA" and len(set(several)) == 1 and reopen(several[0]).format == "WEBP"
        assert ticks > 2 and threads == {threading.get_ident()} and set(seen) <= set(STAGES) and "infer" in seen
        with pytest.raises(OptionError):
            async with offcut.AsyncEngine("three"):
                pass

    elsewhere(asyncio.run, use())
    assert loaded.count("load two") == 1 and loaded[-1] == "release two"


@pytest.mark.parametrize("as_file", [True, False], ids=["file", "picture"])
def test_what_python_gets_has_them_too_unless_it_keeps_the_photos_own(as_file):
    photo = Image.new("RGB", (64, 32), (10, 200, 10))
    photo.paste((200, 30, 30), (0, 0, 32, 32))

    def row(**arguments) -> numpy.ndarray:
        result = remove(photo, force_return_bytes=as_file, **arguments)
        return numpy.asarray(Image.open(io.BytesIO(result)) if as_file else result)[9]

    hidden = row()[row()[:, 3] == 0]
    assert hidden[0, 0] > 180 and hidden[0, 1] < 60 and not hidden[-1].any()
    assert row(putalpha=True)[60].tolist() == [10, 200, 10, 0]


@pytest.mark.parametrize("form", [FILE, SCENE, RGB], ids=["file", "image", "array"])
def test_all_models_results_come_in_the_form_of_the_photo(form, loaded):
    found = remove(form, alternatives=True, model="two")
    assert isinstance(found, offcut.Alternatives) and len(found) == 2
    assert [(one.model, one.title) for one in found] == [("two", "Number Two"), ("one", "Number One")]
    for one in found:
        alone, same = (
            numpy.asarray(reopen(it) if form is FILE else it) for it in (remove(form, model=one.model), one.result)
        )
        assert (alone == same).all() and found[one.model] is one.result
    assert found.agreement == 1 and not found.is_doubtful
    with pytest.raises(KeyError):
        found["three"]
    assert loaded[:4] == ["load two", "run two", "ran two", "release two"]  # one model in memory


def test_a_photo_on_which_the_models_disagree_is_doubtful(monkeypatch):
    monkeypatch.setitem(ANSWERS, "two", everything)
    found = remove(FILE, alternatives=True)
    assert found.is_doubtful and 0.4 < found.agreement < 0.6
    assert numpy.asarray(reopen(found["two"]))[..., 3].min() == 255


def test_rembgs_parameters_hold_for_every_model():
    found = remove(FILE, alternatives=True, only_mask=True, post_process_mask=True)
    assert [reopen(one.result).mode for one in found] == ["L", "L"]


def test_a_picture_with_a_shape_of_its_own_has_one_result(loaded):
    cutout = SCENE.convert("RGBA")
    shape = Image.new("L", SCENE.size)
    shape.paste(255, (8, 2, 20, 14))
    shape.paste(0, (8, 2, 12, 6))
    cutout.putalpha(shape)
    found = remove(cutout, alternatives=True)
    assert len(found) == 1 and not found.is_doubtful and "run one" not in loaded


def test_an_asynchronous_engine_has_all_results_too():
    async def work():
        async with offcut.AsyncEngine("two") as engine:
            return await engine.remove(FILE, alternatives=True), await engine.remove(FILE)

    found, alone = asyncio.run(work())
    assert found["two"] == alone and len(found) == 2


def test_a_picture_keeps_the_photos_profile_and_resolution_and_backgrounds_are_in_its_space():
    photo = SCENE.copy()
    photo.info.update(icc_profile=icc.rgb(), dpi=(300, 300))
    cutout = remove(photo)
    assert (cutout.info["icc_profile"], cutout.info["dpi"]) == (icc.rgb(), (300, 300))
    file = reopen(save(cutout, "PNG"))
    assert file.info["icc_profile"] == icc.rgb()
    assert "icc_profile" not in remove(photo, only_mask=True).info
    red, green, blue, alpha = remove(photo, bgcolor=(255, 0, 0, 100)).getpixel((31, 2))
    assert alpha == 100 and red < 245 and green > 30 and blue > 20  # sRGB's red in P3
    assert remove(photo, bgcolor=(255, 0, 0)).getpixel((31, 2))[:3] == (red, green, blue)


def test_a_border_surrounds_the_subject():
    found = numpy.asarray(reopen(remove(FILE, border=0.1, border_colour="#00ff00")))
    plain = expected()
    added = (found[..., 3] > plain[..., 3]) & (plain[..., 3] < 5)
    assert added.sum() >= len(found) and (found[added][:, :2] >= (0, 200)).all()
    with pytest.raises(OptionError, match="putalpha"):
        remove(FILE, border=0.1, putalpha=True)


def test_a_preset_makes_canvas_background_and_file_type_under_the_page_s_names():
    picture = reopen(remove(FILE, preset="amazon"))
    assert (picture.format, picture.size) == ("JPEG", (2000, 2000))
    assert min(picture.getpixel((5, 5))) > 250  # white
    assert reopen(remove(FILE, preset="amazon", format="webp")).format == "WEBP"
    sticker = remove(SCENE, preset="sticker")
    assert (sticker.mode, max(sticker.size)) == ("RGBA", 512)
    assert remove(RGB, preset="amazon").shape == (2000, 2000, 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"preset": "amazone"}, "There is no preset 'amazone'. Use one of: "),
        ({"preset": "amazon", "background": "red"}, "preset and background contradict"),
        ({"preset": "amazon", "only_mask": True}, "preset and only_mask contradict"),
        ({"preset": "amazon", "border": 0.1}, "preset and border contradict"),
    ],
)
def test_a_preset_that_is_not_there_or_is_contradicted_is_refused(loaded, arguments, message):
    with pytest.raises(OptionError, match=message):
        remove(FILE, **arguments)
    assert loaded == []
