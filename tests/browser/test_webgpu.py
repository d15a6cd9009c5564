"""WebGPU: the same result as WebAssembly's, and WebAssembly's wherever anything is wrong with it."""

import json

import numpy as np
import pytest

from tests.browser.faulty_server import FaultyServer
from tests.browser.profile import WarmProfile
from tests.browser.test_own_networks import opened
from tests.browser.visit import PHOTOS, eventually, pixels
from tests.browser.webgpu import SWIFTSHADER, lose, steer, steerable
from tests.networks import KINDS, network

CAT = (PHOTOS / "cat.png").read_bytes()
WASM = "vendor/onnxruntime-web/webgpu/ort-wasm-simd-threaded.asyncify.wasm"


@pytest.fixture(scope="module")
def graphical(browser_type, browser_type_launch_args, tiny, tmp_path_factory):
    """A profile of a Chromium with WebGPU made of software."""
    arguments = [*browser_type_launch_args.get("args", []), *SWIFTSHADER]
    browser = browser_type.launch(**(browser_type_launch_args | {"args": arguments}))
    with FaultyServer(steerable(tiny, tmp_path_factory.mktemp("graphical") / "site")) as server:
        server.start()
        yield WarmProfile(browser, server)
    browser.close()


def info(visitor) -> dict:
    return visitor.page.evaluate("(async () => JSON.parse(JSON.stringify(await offcut.info())))()")


def mask(visitor, **options) -> np.ndarray:
    answer = visitor.remove(CAT, output="mask", **options)
    assert "data" in answer, answer
    return pixels(answer["data"]).astype(int)


def wish_for_webgpu(visitor) -> None:
    """Choose it on the page, where a photo is: that one is cut out again."""
    visitor.choose(PHOTOS / "cat.png").until_done()
    visitor.page.click("#tool-smart summary")
    visitor.page.select_option("#backend-list", "webgpu")


def until_it_runs_there(visitor) -> None:
    eventually(lambda: info(visitor)["backend"] == "webgpu", "it runs on the graphics processor", visitor.page)


@pytest.mark.nightly
def test_without_a_graphics_processor_nothing_of_it_is_fetched_or_offered(profile):
    server, visitor = profile.server, profile.visit().until_ready()
    reference = mask(visitor)
    assert np.array_equal(mask(visitor, backend="webgpu"), reference)
    found = info(visitor)
    assert found["backend"] == "wasm" and found["gpu"] == "" and "trial" not in found
    visitor.choose(PHOTOS / "cat.png").until_done()
    assert visitor.page.is_hidden("#backend")
    assert not [path for path in server.asked if "webgpu" in path]


def test_webgpu_gives_what_webassembly_gives_and_that_is_remembered(graphical):
    server, visitor = graphical.server, graphical.visit().until_ready()
    reference = mask(visitor, backend="wasm")
    assert reference.std() > 10
    mask(visitor)
    visitor.page.wait_for_timeout(3000)  # a trial would begin after 2 seconds; what does not happen has no event
    found = info(visitor)
    assert found["backend"] == "wasm" and "swiftshader" in found["gpu"].lower()  # software: not used unasked
    assert not [path for path in server.asked if "webgpu" in path]

    assert np.abs(mask(visitor, backend="webgpu") - reference).max() <= 2
    found = info(visitor)
    assert found["backend"] == "webgpu" and found["trial"]["agrees"]
    assert found["trial"]["mean"] <= found["trial"]["max"] < 0.01

    wish_for_webgpu(visitor)
    until_it_runs_there(visitor)
    visitor.page.reload()
    visitor.until_ready()
    assert visitor.page.input_value("#backend-list") == "webgpu"
    assert info(visitor)["trial"]["agrees"]  # from the earlier visit: no photo was cut out in this one
    assert len([path for path in server.asked if WASM in path]) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["BiRefNet", "of half precision"])
def test_a_network_of_ones_own_runs_there_once_it_was_compared(graphical, name):
    visitor = graphical.visit().until_ready()
    opened(visitor.page, KINDS[name].file, network(KINDS[name]))
    visitor.page.click("#network-keep")
    visitor.page.wait_for_selector("#network", state="hidden")
    visitor.until_ready()
    own = info(visitor)["selected_model"]
    reference = mask(visitor, backend="wasm", model=own)
    assert reference.std() > 10
    assert np.abs(mask(visitor, backend="webgpu", model=own) - reference).max() <= 2
    found = info(visitor)
    has = visitor.page.evaluate("navigator.gpu.requestAdapter().then((adapter) => adapter.features.has('shader-f16'))")
    runs_there = has or name != "of half precision"
    assert (found["backend"], found["model"]) == ("webgpu" if runs_there else "wasm", own)
    assert found["trial"]["agrees"] if runs_there else "trial" not in found


@pytest.mark.nightly
def test_half_precision_is_fetched_and_computed_with_only_where_the_graphics_processor_has_it(graphical):
    listed = json.loads((graphical.server.root / "models" / "catalogue.json").read_text("utf-8"))["models"]["tiny"]
    single, half = (
        {chunk["sha256"] for chunk in file["chunks"]} for file in (listed, listed["variants"]["webgpu-half"])
    )
    assert half - single
    server, visitor = graphical.server, graphical.visit().until_ready()
    reference = mask(visitor, backend="wasm")
    assert np.abs(mask(visitor, backend="webgpu") - reference).max() <= 2
    found = info(visitor)
    assert found["backend"] == "webgpu" and found["trial"]["agrees"]
    has = visitor.page.evaluate("navigator.gpu.requestAdapter().then((adapter) => adapter.features.has('shader-f16'))")
    fetched = [sha256 for sha256 in half - single if any(sha256 in path for path in server.asked)]
    assert bool(fetched) == has
    # Rounding shows that it was not single precision after all.
    assert (found["trial"]["max"] > 1e-5) == has


def test_a_device_lost_between_two_photos_costs_neither(graphical):
    visitor = graphical.visit().until_ready()
    reference = mask(visitor, backend="wasm")
    wish_for_webgpu(visitor)
    until_it_runs_there(visitor)
    lose(visitor.page)
    visitor.choose(PHOTOS / "astronaut.png")
    visitor.page.wait_for_selector("#save[download='astronaut-cutout.png']")
    assert "was finished without it" in visitor.page.inner_text("#notice-text")
    found = info(visitor)
    assert found["backend"] == "wasm" and "destroyed" in found["trial"]["failure"]
    assert np.array_equal(mask(visitor, backend="webgpu"), reference)
    visitor.choose(PHOTOS / "cat.png")
    visitor.page.wait_for_selector("#save[download='cat-cutout.png']")
    assert visitor.page.is_hidden("#notice")


@pytest.mark.nightly
def test_a_device_that_cannot_be_had_costs_the_photo_nothing(graphical):
    visitor = graphical.visit(steer(broken=True)).until_ready()
    wish_for_webgpu(visitor)
    visitor.page.wait_for_selector("#notice:not([hidden])")
    assert "was finished without it" in visitor.page.inner_text("#notice-text")
    assert info(visitor)["backend"] == "wasm"


@pytest.mark.nightly
def test_a_runtime_that_cannot_be_fetched_costs_the_photo_nothing(graphical):
    server, visitor = graphical.server, graphical.visit().until_ready()
    server.damage[WASM] = 10
    reference = mask(visitor, backend="wasm")
    assert np.array_equal(mask(visitor, backend="webgpu"), reference)
    assert info(visitor)["trial"]["failure"]


@pytest.mark.nightly
def test_one_that_is_no_gain_is_tried_once_when_nothing_is_going_on_and_then_left_alone(graphical):
    """Software, called something else: as right as WebAssembly, and slower."""
    visitor = graphical.visit(steer(vendor="acme")).until_ready()
    mask(visitor)
    visitor.until("offcut.info().then((info) => Boolean(info.trial))")
    trial = info(visitor)["trial"]
    assert trial["agrees"] and trial["seconds"] > trial["processor_seconds"]
    mask(visitor)
    assert info(visitor)["backend"] == "wasm"

    visitor.page.reload()
    visitor.until_ready()
    mask(visitor)
    found = info(visitor)
    assert (found["backend"], found["gpu"], found["trial"]) == ("wasm", "acme", trial)


@pytest.mark.nightly
def test_a_small_device_says_what_it_does_without(visit, server):
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1"
    visitor = visit(server, user_agent=agent).until_isolated().until_ready()
    found = info(visitor)
    assert found["small"] and found["threads"] == 1 and found["max_pixels"] == 16_000_000
    assert "little memory" in visitor.page.inner_text("#status")
