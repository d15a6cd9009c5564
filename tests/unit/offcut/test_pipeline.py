"""The way of a photo through the engine, with a stand-in for the network."""

import asyncio
import weakref

import numpy
import pytest
from PIL import Image

from offcut import pipeline
from offcut.codecs import FORMATS, Photo, decode
from offcut.errors import (
    EmptyFileError,
    InferenceError,
    ModelDownloadError,
    NotAnImageError,
    OffcutError,
    OptionError,
    OutOfMemoryError,
)
from offcut.foreground.multilevel import MultiLevel
from offcut.memory_budget import Budget
from offcut.options import Options
from offcut.progress import STAGES
from tests.unit.offcut.fakes import Bench, catalogue, everything, left_half, model, run
from tests.unit.offcut.samples import assert_plain, difference, exif, pixels, reopen, save, scene

PHOTO = save(scene(), "PNG")


def cutout(bench: Bench, data: bytes = PHOTO, **options):
    return run(bench.engine.remove(data, Options(**options)))


def test_a_photo_comes_back_cut_out_in_its_own_size():
    result = cutout(Bench())
    image = reopen(result.data)
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (32, 16))
    assert (result.width, result.height) == (32, 16)
    assert image.getpixel((2, 2)) == (200, 30, 30, 255)
    assert image.getpixel((29, 2)) == (0, 0, 0, 0)


def test_the_result_says_what_it_is_and_what_made_it():
    result = cutout(Bench(), model="two", format="webp")
    assert (result.model, result.title, result.backend, result.threads) == ("two", "Number Two", "fake", 3)
    assert result.format is FORMATS["webp"] and result.notices == ()
    assert set(result.seconds) == set(STAGES)
    assert all(took >= 0 for took in result.seconds.values())


def test_the_size_reported_is_that_of_the_upright_photo():
    result = cutout(Bench(), save(scene(), "JPEG", exif=exif(6)))
    assert (result.width, result.height) == reopen(result.data).size == (16, 32)


def test_what_the_person_should_know_comes_with_the_result():
    moving = save(scene(), "GIF", append_images=[Image.new("RGB", (32, 16))])
    assert cutout(Bench(), moving).notices == ("animated",)


def test_stages_are_reported_in_the_order_of_the_work():
    reported = []
    bench = Bench()
    run(bench.engine.remove(PHOTO, Options(), lambda *stage: reported.append(stage)))
    size = bench.engine.model.bytes
    assert reported == [
        ("decode", 0, 0),
        ("model", 0, 0),
        ("model", size, size),
        ("infer", 0, 0),
        ("compose", 0, 0),
        ("encode", 0, 0),
    ]
    assert {stage for stage, _, _ in reported} == set(STAGES)


def test_a_photo_that_fails_tells_no_stage_after_the_one_that_failed():
    reported = []
    with pytest.raises(NotAnImageError):
        run(Bench().engine.remove(b"no", Options(), lambda stage, *_: reported.append(stage)))
    assert reported == ["decode"]


def test_the_network_gets_the_photo_as_it_was_trained():
    seen = []
    cutout(
        Bench(answer=lambda tensor: seen.append(tensor) or left_half(tensor)),
        save(Image.new("RGB", (50, 40), (200, 100, 50)), "PNG"),
    )
    assert (seen[0].shape, seen[0].dtype) == ((1, 3, 4, 8), numpy.float32)
    assert seen[0][0, :, 2, 3] == pytest.approx([0.5686275, -0.0313725, -0.8313725], abs=1e-6)


def test_the_photo_is_let_go_before_the_cutout_is_made(monkeypatch):
    """WebAssembly's memory never shrinks, so a copy too many is one for good."""
    bench, held = Bench(), []

    async def decoded(data: bytes, **_: object) -> Photo:
        photo = decode(data)
        held.append(weakref.ref(photo.image))
        return photo

    class Solver(MultiLevel):
        def __init__(self, rgb, alpha):
            assert held[0]() is None
            held.append("foreground")
            super().__init__(rgb, alpha)

    def encode(picture, *arguments, **options):
        assert held[0]() is None
        held.append("encode")
        return pipeline_encode(picture, *arguments, **options)

    bench.engine.decode = decoded
    pipeline_encode = pipeline.encode
    monkeypatch.setattr("offcut.foreground.cache.MultiLevel", Solver)
    monkeypatch.setattr("offcut.pipeline.encode", encode)
    bench.answer = lambda tensor: numpy.tile(numpy.linspace(0, 1, 8, dtype=numpy.float32), (1, 1, 4, 1))
    assert reopen(cutout(bench).data).size == (32, 16)
    assert held[1:] == ["foreground", "encode"]


def test_kept_pixels_are_exactly_those_of_the_photo():
    result = cutout(Bench(answer=everything))
    assert difference(reopen(result.data).convert("RGB"), scene()) == 0


def test_the_photos_own_transparency_stays():
    photo = scene().convert("RGBA")
    photo.putalpha(100)
    image = reopen(cutout(Bench(), save(photo, "PNG")).data)
    assert image.getpixel((2, 2)) == (200, 30, 30, 100)
    assert image.getpixel((29, 2)) == (0, 0, 0, 0)


def test_a_mask_is_the_alpha_in_grey():
    image = reopen(cutout(Bench(), output="mask").data)
    assert (image.mode, image.getpixel((2, 2)), image.getpixel((29, 2))) == ("L", 255, 0)
    assert difference(image, reopen(cutout(Bench()).data).getchannel("A")) == 0


@pytest.mark.parametrize("format", FORMATS)
def test_a_mask_can_be_saved_in_every_format(format):
    image = reopen(cutout(Bench(), output="mask", format=format).data).convert("L")
    assert image.getpixel((2, 2)) >= 250 and image.getpixel((29, 2)) <= 5


@pytest.mark.parametrize("format", FORMATS)
def test_a_background_makes_an_opaque_picture(format):
    image = reopen(cutout(Bench(), background="#00ff00", format=format).data)
    assert image.mode == "RGB"
    wanted = [((4, 4), (200, 30, 30)), ((28, 12), (0, 255, 0))]
    assert all(numpy.abs(numpy.subtract(image.getpixel(place), colour)).max() <= 12 for place, colour in wanted)


def test_a_background_shows_through_the_photos_own_transparency():
    photo = Image.new("RGBA", (8, 4), (255, 0, 0, 51))
    image = reopen(cutout(Bench(answer=everything), save(photo, "PNG"), background="blue").data)
    assert pixels(image)[0] == [51, 0, 204]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"colour": "red"}, "colour"),
        ({"Format": "png"}, "Format"),
        (["png"], "object"),
        ({"format": "gif"}, "gif"),
        ({"format": 7}, "7"),
        ({"quality": 0}, "quality"),
        ({"quality": 101}, "quality"),
        ({"quality": -5}, "quality"),
        ({"quality": float("nan")}, "quality"),
        ({"quality": float("inf")}, "quality"),
        ({"quality": "90"}, "quality"),
        ({"quality": True}, "quality"),
        ({"background": "nonsense"}, "background"),
        ({"background": ""}, "background"),
        ({"background": 0xFFFFFF}, "background"),
        ({"background": ["white"]}, "background"),
        ({"output": "alpha"}, "output"),
        ({"output": ""}, "output"),
        ({"output": ["mask"]}, "output"),
        ({"output": 1}, "output"),
        ({"backend": "cuda"}, "backend"),
        ({"backend": ["wasm"]}, "backend"),
    ],
)
def test_a_wrong_option_is_named(given, message):
    with pytest.raises(OptionError) as caught:
        Options.read(given)
    assert message in str(caught.value)
    assert_plain(caught.value)


def test_options_that_are_not_given_have_their_defaults():
    assert Options.read({}) == Options() == Options(None, "png", 90, None, 1.0, True, "cutout")
    assert (
        Options.read(dict.fromkeys(["model", "format", "quality", "background", "refine", "foreground", "output"]))
        == Options()
    )


def test_options_that_are_right_are_taken():
    given = {"model": "two", "format": "JPG", "quality": 1, "background": "#abc", "output": "mask", "backend": "wasm"}
    assert Options.read(given) == Options(**given)
    assert Options.read({"quality": 100}).quality == 100
    assert Options.read({"quality": 85.5}).quality == 85.5  # JavaScript has only one kind of number


@pytest.mark.parametrize("format", FORMATS)
def test_a_quality_with_a_fraction_can_be_saved(format):
    assert cutout(Bench(), format=format, quality=85.5, background="white").data


def test_the_model_is_not_loaded_before_it_is_needed():
    bench = Bench()
    assert (bench.engine.session, bench.engine.model.id, bench.events) == (None, "one", [])


def test_a_session_is_made_once_for_many_photos():
    bench = Bench()

    async def three():
        await bench.engine.load()
        first = bench.engine.session
        for _ in range(3):
            await bench.engine.remove(PHOTO, Options())
        assert bench.engine.session is first

    run(three())
    assert bench.events == ["open one"] + ["run one", "ran one"] * 3


def test_loading_ahead_tells_its_progress_and_does_it_once():
    bench, reported = Bench(), []

    async def twice():
        await bench.engine.load("two", lambda *stage: reported.append(stage))
        await bench.engine.load("two")

    run(twice())
    assert bench.events == ["open two"] and bench.engine.model.id == "two"
    assert reported == [("model", bench.engine.model.bytes, bench.engine.model.bytes)]


def test_for_another_model_the_old_one_is_released_first():
    """Both at once may not fit into memory."""
    bench = Bench()

    async def change():
        await bench.engine.remove(PHOTO, Options(model="one"))
        await bench.engine.remove(PHOTO, Options(model="two"))
        await bench.engine.remove(PHOTO, Options())

    run(change())
    assert [event for event in bench.events if not event.startswith("ra")] == [
        "open one",
        "run one",
        "release one",
        "open two",
        "run two",
        "release two",
        "open one",
        "run one",
    ]


def test_another_backend_is_another_session():
    bench = Bench()

    async def change():
        await bench.engine.load(backend="wasm")
        await bench.engine.remove(PHOTO, Options(backend="wasm"))
        await bench.engine.remove(PHOTO, Options(backend="webgpu"))

    run(change())
    assert [event for event in bench.events if not event.startswith("ra")] == [
        "open one",
        "run one",
        "release one",
        "open one",
        "run one",
    ]
    assert bench.backends == ["wasm", "webgpu"]
    with pytest.raises(OptionError, match="cuda"):
        run(bench.engine.load(backend="cuda"))


def test_what_a_session_has_to_say_of_a_photo_comes_with_its_result():
    bench = Bench()
    bench.notices = ("gpu-failed",)
    assert cutout(bench).notices == ("gpu-failed",)


def test_an_engine_knows_whether_it_is_at_work():
    bench, seen = Bench(), []
    run(bench.engine.remove(PHOTO, Options(), lambda *stage: seen.append(bench.engine.is_busy)))
    assert all(seen) and not bench.engine.is_busy


def test_the_default_model_by_name_is_the_same_model():
    bench = Bench()

    async def both():
        await bench.engine.remove(PHOTO, Options())
        await bench.engine.remove(PHOTO, Options(model="one"))

    run(both())
    assert bench.events.count("open one") == 1


def test_after_a_release_the_next_photo_works_again():
    bench = Bench()

    async def again():
        await bench.engine.remove(PHOTO, Options())
        await bench.engine.release()
        assert bench.engine.session is None
        return await bench.engine.remove(PHOTO, Options())

    assert run(again()).width == 32
    assert bench.events == ["open one", "run one", "ran one", "release one", "open one", "run one", "ran one"]


def test_releasing_nothing_is_nothing():
    bench = Bench()

    async def release():
        await bench.engine.release()
        await bench.engine.load()
        await bench.engine.release()
        await bench.engine.release()

    run(release())
    assert bench.events == ["open one", "release one"]


def test_photos_given_at_once_wait_for_each_other():
    bench = Bench()

    async def at_once():
        return await asyncio.gather(
            *(bench.engine.remove(PHOTO, Options(model=name)) for name in ("one", "one", "two", "one", "two"))
        )

    results = run(at_once())
    assert [result.model for result in results] == ["one", "one", "two", "one", "two"]
    runs = [event for event in bench.events if event.startswith(("run", "ran"))]
    assert [event[:3] for event in runs] == ["run", "ran"] * 5


def test_the_next_photo_is_decoded_while_the_network_looks_at_this_one_and_no_more_than_that():
    events: list[str] = []

    async def read(data: bytes, budget: Budget) -> Photo:
        events.append("decode")
        return decode(data)

    bench = Bench(decoder=read)
    bench.events = events

    async def cut(name: str) -> None:
        await bench.engine.remove(PHOTO, Options(), lambda stage, *_: events.append(f"{name} {stage}"))

    async def all_three() -> None:
        await bench.engine.load()
        await asyncio.gather(cut("a"), cut("b"), cut("c"))

    run(all_three())
    runs = [place for place, event in enumerate(events) if event == "run one"]
    ends = [place for place, event in enumerate(events) if event == "ran one"]
    decodes = [place for place, event in enumerate(events) if event == "decode"]
    assert runs[0] < decodes[1] < ends[0] < runs[1] < decodes[2] < ends[1]
    assert runs[1] < events.index("a encode")  # the network does not wait for the file of the photo before
    assert not bench.engine.is_busy


def test_a_photo_that_is_refused_makes_room_for_the_next():
    bench = Bench()

    async def both() -> list:
        given = (b"no image", PHOTO, b"no image", PHOTO)
        return await asyncio.gather(*(bench.engine.remove(data, Options()) for data in given), return_exceptions=True)

    answers = run(both())
    assert [isinstance(answer, NotAnImageError) for answer in answers] == [True, False, True, False]
    assert not bench.engine.is_busy


def test_a_release_waits_for_the_photo_at_work():
    bench = Bench()

    async def both():
        photo = asyncio.create_task(bench.engine.remove(PHOTO, Options()))
        await bench.reach("run one", photo)
        await asyncio.wait_for(bench.engine.release(), 5)
        return await photo

    assert run(both()).width == 32
    assert bench.events == ["open one", "run one", "ran one", "release one"]


def test_loading_while_a_photo_is_at_work_waits_too():
    bench = Bench()

    async def both():
        await asyncio.gather(bench.engine.remove(PHOTO, Options()), bench.engine.load("two"))

    run(both())
    assert bench.events == ["open one", "run one", "ran one", "release one", "open two"]


def failing(bench: Bench, error: Exception) -> None:
    def answer(tensor):
        raise error

    bench.answer = answer


@pytest.mark.parametrize("data", [b"", b"no image", PHOTO[:60]])
def test_a_photo_that_cannot_be_read_needs_no_model_and_harms_nothing(data):
    bench = Bench()

    async def then_another():
        with pytest.raises(OffcutError):
            await bench.engine.remove(data, Options())
        assert bench.events == []
        return await bench.engine.remove(PHOTO, Options())

    assert run(then_another()).width == 32


@pytest.mark.parametrize("error", [InferenceError("It did not run."), RuntimeError("this is new")])
def test_a_network_that_fails_harms_nothing(error):
    bench = Bench()

    async def then_another():
        failing(bench, error)
        with pytest.raises(type(error)):
            await bench.engine.remove(PHOTO, Options())
        bench.answer = left_half
        return await bench.engine.remove(PHOTO, Options())

    assert run(then_another()).width == 32


def test_a_model_that_cannot_be_loaded_is_tried_again():
    bench = Bench()

    def offline(model):
        raise ModelDownloadError("It could not be downloaded.")

    async def then_another():
        bench.opening = offline
        for attempt in (bench.engine.load(), bench.engine.remove(PHOTO, Options())):
            with pytest.raises(ModelDownloadError):
                await attempt
        assert bench.engine.session is None
        bench.opening = lambda model: None
        return await bench.engine.remove(PHOTO, Options())

    assert run(then_another()).width == 32
    assert bench.events.count("open one") == 3


def test_a_second_model_that_cannot_be_loaded_does_not_end_the_first():
    bench = Bench()

    def broken(model):
        if model.id == "two":
            raise ModelDownloadError("It could not be downloaded.")

    async def then_back():
        bench.opening = broken
        await bench.engine.remove(PHOTO, Options())
        with pytest.raises(ModelDownloadError):
            await bench.engine.remove(PHOTO, Options(model="two"))
        return await bench.engine.remove(PHOTO, Options())

    assert run(then_back()).model == "one"


def test_too_little_memory_is_reported_as_such_and_harms_nothing():
    bench = Bench()

    async def then_another():
        failing(bench, MemoryError())
        with pytest.raises(OutOfMemoryError) as caught:
            await bench.engine.remove(PHOTO, Options())
        assert_plain(caught.value)
        bench.answer = left_half
        return await bench.engine.remove(PHOTO, Options())

    assert run(then_another()).width == 32


def test_a_photo_given_up_half_way_does_not_block_the_next():
    bench = Bench()

    async def then_another():
        photo = asyncio.create_task(bench.engine.remove(PHOTO, Options()))
        await bench.reach("run one", photo)
        photo.cancel()
        return await asyncio.wait_for(bench.engine.remove(PHOTO, Options()), 5)

    assert run(then_another()).width == 32


@pytest.mark.parametrize("rule", ["minmax", "identity"])
@pytest.mark.parametrize(
    "answer",
    [
        lambda tensor: numpy.full((1, 1, 4, 8), numpy.nan, numpy.float32),
        lambda tensor: numpy.where(tensor[:, :1] > 0, numpy.float32(0.5), numpy.float32(numpy.nan)),
        lambda tensor: numpy.zeros((1, 1, 4, 5), numpy.float32),
    ],
    ids=["no numbers", "some no numbers", "of another size"],
)
def test_an_answer_that_is_no_alpha_is_an_error_and_not_an_empty_cutout(answer, rule):
    """Half precision overflows on some devices; the person would only see that everything is gone."""
    models = catalogue()
    models.models["one"] = model(output_alpha=rule)
    with pytest.raises(InferenceError) as caught:
        cutout(Bench(answer, models))
    assert_plain(caught.value)


@pytest.mark.parametrize("format", ["jpeg", "jpg", "JPEG"])
def test_a_jpeg_without_a_background_is_on_white(format):
    plain, white = (cutout(Bench(), format=format, background=colour).data for colour in (None, "white"))
    assert plain == white


def test_a_model_that_is_not_known_is_refused_before_anything_is_done():
    bench = Bench()
    with pytest.raises(OptionError, match=r"three.*one, two"):
        cutout(bench, b"not even looked at", model="three")
    with pytest.raises(OptionError, match="three"):
        run(bench.engine.load("three"))
    assert bench.events == []


def test_an_empty_file_is_refused_by_name_at_the_far_end():
    with pytest.raises(EmptyFileError) as caught:
        cutout(Bench(), b"")
    assert caught.value.name == "EmptyFileError"


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"format": "webp"}, (16_400, 2)),
        ({"format": "jpeg", "background": "white"}, (2, 65_536)),
    ],
)
def test_a_panorama_too_long_for_its_format_is_refused_in_a_sentence(options, size):
    """And before the model is loaded: the wait would be for nothing."""
    bench = Bench()
    with pytest.raises(OptionError) as caught:
        cutout(bench, save(Image.new("RGB", size), "PNG"), **options)
    assert_plain(caught.value)
    assert bench.events == []


def test_a_decoder_of_the_places_own_is_used():
    """The browser decodes what Pillow cannot."""

    async def decoder(data, budget):
        assert data == b"of another kind"
        return Photo(scene())

    assert cutout(Bench(decoder=decoder), b"of another kind").width == 32


def soft_edge(colours: bool) -> numpy.ndarray:
    """A red subject on green, with an alpha that runs from one to the other as the photo's colours do."""
    ramp = numpy.linspace(0, 1, 32)
    photo = numpy.zeros((16, 32, 3), numpy.uint8)
    photo[..., 0], photo[..., 1] = 255 * ramp, 255 * (1 - ramp)
    picture = Image.fromarray(photo)
    bench = Bench(lambda tensor: numpy.tile(numpy.linspace(0, 1, 8, dtype=numpy.float32), (1, 1, 4, 1)))
    return numpy.asarray(reopen(cutout(bench, save(picture, "PNG"), refine=0, foreground=colours).data))


def test_soft_edges_get_the_subjects_own_colours():
    found, mixed = soft_edge(True), soft_edge(False)
    soft = (found[..., 3] > 60) & (found[..., 3] < 200)
    assert soft.any() and numpy.array_equal(found[..., 3], mixed[..., 3])
    assert found[soft][:, 1].mean() < 0.5 * mixed[soft][:, 1].mean()


@pytest.mark.parametrize("value", ["yes", 1, 0.5])
def test_foreground_is_on_or_off(value):
    with pytest.raises(OptionError, match="foreground"):
        Options.read({"foreground": value})
