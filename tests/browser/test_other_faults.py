"""Firefox and WebKit: a worker that ends, storage that throws, connections that break at a first visit.

What is injected there is what their drivers and a server can do; the rest of docs/reliability.md is Chromium's alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.browser import test_faults, test_faults_network
from tests.browser.faulty_server import FaultyServer
from tests.browser.other_browsers import (
    KINDS,
    Browser,
    cut_out,
    eventually,
    in_page,
    ready,
    remember,
    until,
    until_kept,
)
from tests.browser.steering import TRAP, opened, with_another_file
from tests.browser.visit import PHOTOS, default_model, text

pytestmark = [pytest.mark.nightly, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
"""The drivers of Firefox and WebKit use modules that Python has deprecated."""

CAT = PHOTOS / "cat.png"
LINES = test_faults.LINES

SAVED = """(async () => {
    const save = document.getElementById("save");
    const made = new Promise((done) => { save.click = () => done(save.href); });
    save.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
    const bitmap = await createImageBitmap(await (await fetch(await made)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    return POINTS.map(([x, y]) => canvas.getImageData(x, y, 1, 1).data[3]);
})()"""
"""Presses Save, and gives the alpha of the file at some points; the file itself stays on the page."""

LISTEN = """(() => {
    window.said = [];
    const toast = document.getElementById("toast-text");
    const watch = new MutationObserver(() => said.push(toast.textContent));
    watch.observe(toast, {childList: true, characterData: true, subtree: true});
})()"""
"""Keeps what the page says in passing: these drivers may be slower than that is shown."""

FAULTS = {
    "first script": "drop",
    "service worker": "500",
    "list": "portal",
    "page": "damage",
    "pyscript": "portal",
    "interpreter": "drop",
    "pyodide": "damage",
    "library": "500",
    "wheel": "drop",
    "engine": "portal",
    "onnxruntime": "500",
    "its wasm": "damage",
    "catalogue": "portal",
    "chunk": "drop",
}
"""A fault for each kind of file: all that break a connection in a way of their own, each several times."""


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def other(request) -> Iterator[Browser]:
    """One browser of this kind. Each server has an address of its own, and so each test a first visit."""
    browser = request.param()
    yield browser
    browser.quit()


def visit(browser: Browser, server: FaultyServer) -> None:
    """A first visit, until the engine is up."""
    remember(browser, server.url, default_model(server.root))
    browser.go(server.url)
    until(browser, lambda state: state[0] == "ready" and state[3])


class Hand:
    """Paints on a photo that was opened."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        cut_out(browser, "cat")
        if in_page(browser, "document.getElementById('tool-brush').open") is False:
            in_page(browser, "document.querySelector('#tool-brush summary').click()")
        in_page(browser, "document.querySelector('[data-setting=\"brush.mode\"][value=erase]').click()")
        self.rest()

    def paint(self, line: list[tuple[int, int]]) -> None:
        """Draw through points of the photo."""
        box = in_page(
            self._browser,
            "(() => { const it = document.getElementById('view').getBoundingClientRect();"
            " return JSON.stringify([it.x, it.y, it.width, it.height]); })()",
        )
        x, y, width, height = json.loads(box)
        across, down = Image.open(CAT).size
        scale = min(2, width * 0.94 / across, height * 0.94 / down)
        left, top = x + (width - across * scale) / 2, y + (height - down * scale) / 2
        self._browser.drag(*((round(left + px * scale), round(top + py * scale)) for px, py in line))

    def rest(self) -> None:
        """Wait until everything that was done has had its answer."""
        is_idle = "document.body.dataset.idle === 'yes' && document.getElementById('busy').hidden"
        eventually(lambda: in_page(self._browser, is_idle), "the page is idle")

    def stroke(self, line: list[tuple[int, int]]) -> None:
        """Paint, and wait for the answer."""
        self.paint(line)
        eventually(lambda: in_page(self._browser, "!document.getElementById('undo').disabled"), "there is a step")
        self.rest()

    def steps(self) -> int:
        """How many steps are in force. It closes the tool."""
        in_page(self._browser, "document.querySelector('#tool-history summary').click()")
        position = "document.querySelector('#steps [aria-current]')?.dataset.position"
        eventually(lambda: in_page(self._browser, position), "the history is shown")
        return int(in_page(self._browser, position))

    def alphas(self, *lines: list[tuple[int, int]]) -> list[int]:
        """Alpha of the saved picture at the points of the lines, 0 to 255."""
        points = json.dumps([point for line in lines for point in line])
        in_page(
            self._browser,
            f"window.answer = ''; {SAVED.replace('POINTS', points)}"
            ".catch(String).then((it) => { window.answer = JSON.stringify(it); }); 0",
        )
        eventually(lambda: in_page(self._browser, "window.answer"), "the picture is saved")
        return json.loads(in_page(self._browser, "window.answer"))


def test_a_worker_that_ends_costs_neither_a_photo_on_its_way_nor_strokes(other, faulty, twelve_megapixels):
    visit(other, faulty)
    in_page(other, LISTEN)
    other.choose(twelve_megapixels)
    until(other, lambda state: state[1] == "working")
    in_page(other, test_faults.END)
    until(other, lambda state: state[1] == "done")
    hand = Hand(other)
    hand.stroke(LINES[0])
    in_page(other, test_faults.END)
    hand.stroke(LINES[1])
    hand.paint(LINES[2])
    in_page(other, test_faults.END)  # while the stroke is computed or kept
    hand.rest()
    assert text("said.recovered") in json.loads(in_page(other, "JSON.stringify(said)"))
    assert hand.alphas(*LINES) == [0] * 9
    assert hand.steps() == 3
    assert in_page(other, "document.getElementById('notice').hidden")


@pytest.mark.parametrize("is_in_stroke", [True, False], ids=["in a stroke", "between strokes"])
def test_a_trap_costs_no_stroke(other, tiny, tmp_path, is_in_stroke):
    with FaultyServer(opened(tiny, tmp_path / "site")) as server:
        server.start()
        visit(other, server)
        hand = Hand(other)
        hand.stroke(LINES[0])
        if is_in_stroke:
            hand.paint(LINES[1])
        in_page(other, f"new BroadcastChannel('engine').postMessage({json.dumps(TRAP)})")
        if not is_in_stroke:
            hand.paint(LINES[1])
        hand.stroke(LINES[2])
        assert hand.alphas(*LINES) == [0] * 9
        assert hand.steps() == 3


@pytest.mark.parametrize("name", test_faults.THROWING)
def test_storage_that_throws_keeps_nobody_from_working(other, tiny, tmp_path, name):
    def throwing(script: str) -> str:
        return f"{test_faults.THROWING[name]};\n{script}"

    with FaultyServer(with_another_file(tiny, tmp_path / "site", "app/boot.js", throwing)) as server:
        server.start()
        remember(other, server.url, default_model(tiny))
        tried = f"(() => {{ try {{ {test_faults.THROWING[name]}; }} catch (error) {{ return error.name; }} }})()"
        if in_page(other, tried) == "ReferenceError":
            pytest.skip(f"this browser has nothing of {name} that could throw")
        other.go(server.url)
        ready(other)
        hand = Hand(other)
        hand.stroke(LINES[0])
        assert hand.alphas(LINES[0]) == [0] * 3


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_at_a_file_of_a_first_visit_is_recovered_or_said_and_never_inherited(other, faulty, kind):
    remember(other, faulty.url, default_model(faulty.root))
    faulty.asked.clear()
    test_faults_network.disturb(faulty, test_faults_network.KINDS[kind], FAULTS[kind])
    other.go(faulty.url)
    button = (
        "[...document.querySelectorAll('#notice-again, #slow-again, #unstarted-again')]"
        ".some((it) => it.checkVisibility({visibilityProperty: true}))"
    )
    is_ready = "document.getElementById('status')?.dataset.state === 'ready'"
    eventually(lambda: in_page(other, f"{is_ready} || {button}"), "it is ready, or offers a button")
    assert any(test_faults_network.KINDS[kind] in path for path in faulty.asked)
    faulty.reset()
    works(other, faulty)
    until_kept(other)
    faulty.stop()
    works(other, faulty)


def works(browser: Browser, server: FaultyServer) -> None:
    """One more visit."""
    browser.go("about:blank")
    browser.go(server.url)
    ready(browser)
    cut_out(browser, "cat")
