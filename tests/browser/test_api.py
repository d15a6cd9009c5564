"""`window.offcut`, the contract with whoever embeds or automates the page."""

import base64
import io
import re
import zlib

import pytest
from PIL import Image

from tests.browser.tiny_site import TINY
from tests.browser.visit import PHOTOS, pixels
from tools.paths import ROOT

CAT = (PHOTOS / "cat.png").read_bytes()


def png_claiming(width: int, height: int) -> bytes:
    """The cat with another size in its header."""
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + CAT[24:29]
    return CAT[:12] + header + zlib.crc32(header).to_bytes(4, "big") + CAT[33:]


def as_file(image: Image.Image, format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


@pytest.mark.nightly
def test_the_examples_of_the_documentation_run(visit, server):
    first, second = re.findall(r"```js\n(.*?)```", (ROOT / "docs/embedding.md").read_text("utf-8"), re.DOTALL)[:2]
    page = visit(server, model=None).until_ready().page
    found = page.evaluate(
        f"""async (data) => {{
            const file = await (await fetch("data:image/png;base64," + data)).blob();
            const saved = [], save = (blob, name) => saved.push(name);
            {first}
            {second}
            const {{width}} = await createImageBitmap(shop);
            return [blob.type, jpeg.type, mask.type, width, saved, is_doubtful];
        }}""",
        base64.b64encode(CAT).decode(),
    )
    assert found[:4] == ["image/png", "image/jpeg", "image/png", 2000]
    assert len(found[4]) >= 1 and found[4][0].startswith("cutout-") and isinstance(found[5], bool)


def test_info_says_what_runs(warm):
    info = warm.page.evaluate("(async () => JSON.parse(JSON.stringify(await offcut.info())))()")
    assert info["model"] == TINY
    assert info["backend"] == "wasm"
    assert info["isolated"] is True
    assert info["threads"] == warm.page.evaluate("Math.min(navigator.hardwareConcurrency, 8)")
    assert info["version"].count(".") == 2


def test_fields_of_info_are_there_by_their_old_names_too(warm):
    info = warm.page.evaluate("(async () => JSON.parse(JSON.stringify(await offcut.info())))()")
    for old, new in (
        ("small", "low_memory"),
        ("trouble", "storage_problem"),
        ("chosen", "selected_model"),
        ("finer", "upgrade_state"),
    ):
        assert info[old] == info[new]


def test_an_unforeseen_error_is_one_sentence_and_brings_its_traceback(warm):
    answer = warm.page.evaluate(
        "offcut.remove(new Blob(['x']), 5).catch(({name, message, details}) => [name, message, details])"
    )
    name, message, details = answer
    assert name == "InternalError" and message.startswith("Something went wrong inside Offcut.")
    assert "Traceback" not in message and "Traceback" in details and "engine_api.py" in details


def test_a_call_can_be_aborted_at_once_and_the_next_one_works(warm):
    answer = warm.page.evaluate(
        """async (data) => {
            const blob = await (await fetch("data:image/png;base64," + data)).blob();
            const control = new AbortController(), names = [];
            const first = offcut.remove(blob, {signal: control.signal}).catch(({name}) => names.push(name));
            await new Promise((done) => setTimeout(done, 50));
            control.abort();
            await first;
            await offcut.remove(blob, {signal: control.signal}).catch(({name}) => names.push(name));
            const {size} = await offcut.remove(blob, {signal: new AbortController().signal, output: "mask"});
            return [names, size > 100];
        }""",
        base64.b64encode(CAT).decode(),
    )
    assert answer == [["AbortError", "AbortError"], True]


def test_remove_gives_a_png_blob(warm):
    """With which pixels: test_parity.py."""
    answer = warm.remove(CAT)
    assert answer["isBlob"] and answer["type"] == "image/png"
    assert pixels(answer["data"]).shape == (300, 451, 4)


def test_alternatives_are_what_each_network_on_the_device_finds(warm):
    """How they are compared: tests/unit/offcut/test_removal.py."""
    bytes_of = "Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))"
    call = f"""async (text) => {{
        const photo = new Blob([{bytes_of}]);
        const found = await offcut.remove(photo, {{alternatives: true, output: "mask"}});
        const same = async (blob) => (await offcut.remove(photo, {{output: "mask"}})).size === blob.size;
        return {{...found, results: found.results.map(({{model, title}}) => [model, title]),
            isBlob: found.results[0].blob instanceof Blob, isSame: await same(found.results[0].blob)}};
    }}"""
    found = warm.page.evaluate(call, base64.b64encode(CAT).decode())
    assert found["results"][0] == [TINY, "Tiny"] and found["isBlob"] and found["isSame"]
    assert 0 < found["agreement"] <= 1 and found["is_doubtful"] == (found["agreement"] < 0.93)
    assert warm.remove(CAT, alternatives="all")["name"] == "OptionError"


@pytest.mark.parametrize(
    ("options", "mime", "mode"),
    [
        ({"format": "png", "output": "mask"}, "image/png", "L"),
        ({"format": "webp"}, "image/webp", "RGBA"),
        ({"format": "jpeg"}, "image/jpeg", "RGB"),
        ({"model": TINY, "background": "white"}, "image/png", "RGB"),
    ],
)
def test_remove_options(warm, options, mime, mode):
    answer = warm.remove(CAT, **options)
    assert answer["type"] == mime
    picture = Image.open(io.BytesIO(answer["data"]))
    assert (picture.mode, picture.size) == (mode, (451, 300))


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"format": "tga"}, "tga"),
        ({"model": "magic"}, "magic"),
        ({"colour": "red"}, "colour"),
        ({"backend": "cuda"}, "cuda"),
        ({"background": "no colour"}, "no colour"),
    ],
)
def test_wrong_options_are_named(warm, options, names):
    answer = warm.remove(CAT, **options)
    assert answer["isError"] and answer["name"] == "OptionError"
    assert names in answer["message"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "EmptyFileError"),
        (b"Dear diary, today I cut out a cat.", "NotAnImageError"),
        (CAT[: len(CAT) // 2], "TruncatedImageError"),
        (png_claiming(0, 300), "ZeroSizedImageError"),
        (png_claiming(60000, 60000), "ImageTooLargeError"),
    ],
)
def test_refusals_have_a_stable_name_and_the_next_photo_works(warm, data, name):
    refused = warm.remove(data)
    assert refused["isError"] and refused["name"] == name
    assert refused["message"].endswith(".") and len(refused["message"]) > 30
    assert warm.remove(CAT)["type"] == "image/png"


def test_a_file_that_went_away_after_it_was_chosen_is_refused_in_words(warm, tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(CAT)
    warm.page.evaluate(
        "document.body.append(Object.assign(document.createElement('input'), {type: 'file', id: 'other'}))"
    )
    warm.page.set_input_files("#other", path)
    path.unlink()
    refused = warm.page.evaluate("""() => {
        const input = document.getElementById("other");
        const [file] = input.files;
        input.remove();
        return offcut.remove(file).then(() => ["taken"], ({name, message}) => [name, message]);
    }""")
    assert refused[0] == "UnreadableFileError" and "again" in refused[1]
    assert warm.remove(CAT)["type"] == "image/png"


def test_something_that_is_no_file_is_refused(warm):
    name = warm.page.evaluate("offcut.remove('photo.jpg').then(() => 'taken', (error) => error.name)")
    assert name == "NotAnImageError"


def test_own_transparency_is_kept(warm):
    photo = Image.open(io.BytesIO(CAT)).convert("RGBA")
    alpha = Image.new("L", photo.size, 255)
    alpha.paste(0, (0, 0, photo.width // 2, photo.height))
    photo.putalpha(alpha)
    result = pixels(warm.remove(as_file(photo, "PNG"))["data"])
    assert result[:, : photo.width // 2, 3].max() == 0
    assert result[:, photo.width // 2 :, 3].max() > 200


def test_orientation_is_applied(warm):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter: the stored picture is lying on its side
    lying = as_file(Image.open(io.BytesIO(CAT)).convert("RGB"), "JPEG", exif=exif)
    result = Image.open(io.BytesIO(warm.remove(lying)["data"]))
    assert result.size == (300, 451)


def test_avif_is_decoded_by_the_browser(warm):
    answer = warm.remove(as_file(Image.open(io.BytesIO(CAT)).convert("RGB"), "AVIF", quality=90))
    assert answer.get("type") == "image/png", answer
    assert pixels(answer["data"]).shape == (300, 451, 4)


def test_photos_given_at_once_are_all_cut_out(warm):
    count = warm.page.evaluate(
        """async (text) => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const blobs = await Promise.all([1, 2, 3].map(() => offcut.remove(new Blob([bytes]))));
            return new Set(blobs.map((blob) => blob.size)).size + blobs.length;
        }""",
        base64.b64encode(CAT).decode(),
    )
    assert count == 4  # three results, all of one size


def test_progress_is_reported_in_order(warm):
    warm.page.evaluate("""() => {
        window.stages = [];
        addEventListener("offcut:progress", ({detail}) => stages.at(-1) === detail.stage || stages.push(detail.stage));
    }""")
    warm.remove(CAT)
    assert warm.page.evaluate("stages") == ["decode", "model", "infer", "compose", "encode"]


def test_release_ends_the_worker_and_the_next_photo_starts_another(warm):
    assert warm.workers()
    warm.page.evaluate("offcut.release()")
    warm.until_alone()
    assert warm.remove(CAT)["type"] == "image/png"
    assert warm.workers()


@pytest.mark.nightly
def test_release_while_the_engine_starts_is_no_failure(warm):
    warm.page.reload(wait_until="commit")
    warm.page.evaluate("""async () => {
        const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
        while (!document.querySelector("#tier-list option")) await pause();  // it waits for these
        await pause();
        await offcut.release();
        await offcut.ready;
    }""")
    assert warm.page.get_attribute("#status", "data-state") == "resting"
    assert warm.page.is_hidden("#notice")
    assert warm.remove(CAT)["type"] == "image/png"


def test_a_photo_whose_worker_is_ended_is_refused_not_forgotten(warm):
    name = warm.page.evaluate(
        """async (text) => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const photo = offcut.remove(new Blob([bytes])).then(() => "done", (error) => error.name);
            await new Promise((resolve) => addEventListener("offcut:progress", resolve, {once: true}));
            await offcut.release();
            return photo;
        }""",
        base64.b64encode(CAT).decode(),
    )
    assert name == "EngineStoppedError"
    assert warm.remove(CAT)["type"] == "image/png"


def test_every_call_gives_a_promise(warm):
    """MicroPython's garbage collector can turn a returned promise into `undefined`; the page must hold on to it."""
    assert (
        warm.page.evaluate("""async () => {
        let promises = 0;
        for (let call = 0; call < 300; call++) {
            const answer = offcut.info();
            if (answer instanceof Promise) promises++;
            await answer;
        }
        return promises;
    }""")
        == 300
    )


def test_a_preset_of_the_page_is_made_without_the_page(warm):
    made = warm.page.evaluate(
        """async (data) => {
            const blob = await (await fetch("data:image/png;base64," + data)).blob();
            const amazon = await offcut.remove(blob, {preset: "amazon"});
            const {width, height} = await createImageBitmap(amazon);
            const refused = async (options) => (await offcut.remove(blob, options).catch((it) => it)).message;
            return [amazon.type, width, height, (await offcut.remove(blob, {preset: "amazon", format: "webp"})).type,
                await refused({preset: "amazone"}), await refused({preset: "amazon", background: "red"})];
        }""",
        base64.b64encode(CAT).decode(),
    )
    assert made[:4] == ["image/jpeg", 2000, 2000, "image/webp"]
    assert made[4].startswith("There is no preset 'amazone'. Use one of: amazon, ")
    assert made[5] == "A preset and the option 'background' contradict each other. Leave one of them out."
