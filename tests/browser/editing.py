"""Edits as a person does: paints by pointer, touch and pen, saves; and what numpy expects of it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from tests.browser.visit import PATIENCE, Visit, pixels, show_view

RINGS = 16

AT_REST = """async (limit) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const isIdle = () => document.body.dataset.idle !== "no" && document.getElementById("busy").hidden;
    const end = performance.now() + limit;
    if (!("idle" in document.body.dataset)) await new Promise((done) => setTimeout(done, 300));
    for (let still = 0; still < 3; still = isIdle() ? still + 1 : 0) {
        if (performance.now() > end) throw new Error("the page never came to rest");
        await frame();
    }
}"""
"""Waits until nothing is asked of the worker and what was answered is painted."""

IS_WRITTEN = """async () => {
    const cache = await caches.open("offcut-work");
    const requests = (await cache.keys()).filter(({url}) => url.endsWith("/list"));
    const lists = await Promise.all(requests.map(async (request) => (await cache.match(request)).json()));
    return lists.some(WHAT);
}"""
"""Whether WHAT is true of the list of a work's parts, which is written last."""


class Editing:
    """A photo on the page, and hands to edit it with."""

    def __init__(self, visit: Visit, photo: Path, folder: Path) -> None:
        self.visit, self.page = visit, visit.page
        self.folder = folder
        self.photo = pixels(photo)[..., :3]
        self.height, self.width = self.photo.shape[:2]
        self.seen: np.ndarray | None = None
        """The mask as the page itself painted it before a stroke was over, 0 to 1, in the mask view at 100 %."""
        visit.with_usual_settings().choose(photo).until_done()
        if self.page.is_visible("#toast"):  # the way back to what an earlier test has changed
            self.page.click("#toast-text")
        self.page.evaluate("globalThis.caches?.delete('offcut-work')")
        self.settle()

    def settle(self) -> None:
        """Wait until the page has had its answer to everything, and has painted it."""
        self.page.evaluate(AT_REST, PATIENCE)

    def until_written(self, what: str) -> None:
        """Wait until the work is on the device, and this JavaScript function is true of its list."""
        self.visit.until(IS_WRITTEN.replace("WHAT", what))

    def come_back(self) -> None:
        """Load the page again, and go on with the work that is on the device."""
        self.page.reload()
        self.page.wait_for_selector("#resume:not([hidden])")
        self.page.click("#resume-go")
        self.visit.until_done()
        self.settle()

    def steps(self, count: int) -> None:
        """Wait until so many steps are in force."""
        self.page.wait_for_function(
            "(count) => document.querySelectorAll('#steps li').length > 0 ?"
            " document.querySelector('#steps [aria-current]').dataset.position == count :"
            " document.getElementById('undo').disabled == (count == 0)",
            arg=count,
        )
        self.settle()

    def actual(self) -> None:
        """Zoom to 100 %."""
        self.page.keyboard.press("1")
        self.page.wait_for_function("document.getElementById('zoom').textContent === '100 %'")

    def origin(self, scale: float = 1.0) -> tuple[float, float]:
        """Where on the page the photo's corner is, with its middle in the middle of the canvas."""
        box = self.page.locator("#view").bounding_box()
        left, top = (box["width"] - self.width * scale) / 2, (box["height"] - self.height * scale) / 2
        if scale == 1:
            left, top = round(left), round(top)
        return box["x"] + left, box["y"] + top

    def fitted(self) -> float:
        """Pixels of the page for each of the photo, when all of it is shown."""
        box = self.page.locator("#view").bounding_box()
        return min(2, box["width"] * 0.94 / self.width, box["height"] * 0.94 / self.height)

    def tool(self, name: str) -> None:
        """Open a tool."""
        if self.page.get_attribute(f"#tool-{name}", "open") is None:
            self.page.click(f"#tool-{name} summary")

    def set(self, name: str, value: float | str) -> None:
        """Move a slider or choose."""
        self.page.evaluate(
            """([name, value]) => {
                const all = [...document.querySelectorAll(`[data-setting="${name}"]`)];
                const one = all[0].type === "radio" ? all.find((radio) => radio.value === value) : all[0];
                if (["radio", "checkbox"].includes(one.type)) one.click();
                else {
                    one.value = value;
                    one.dispatchEvent(new Event("input", {bubbles: true}));
                    one.dispatchEvent(new Event("change", {bubbles: true}));
                }
            }""",
            [name, value],
        )

    def size(self) -> float:
        """Diameter of the brush, exactly, by the slider's rule."""
        return 2000 ** (float(self.page.input_value('[data-setting="brush.size"]')) / 100)

    def paint(self, points: Iterable[tuple[float, float]], scale: float = 1.0) -> None:
        """Draw with the mouse through points of the photo."""
        x0, y0 = self.origin(scale)
        points = [(x0 + x * scale, y0 + y * scale) for x, y in points]
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point)
            self.frame()
        self.look()
        self.page.mouse.up()

    def frame(self) -> None:
        """Wait until the page has painted."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def shown(self) -> np.ndarray:
        """The photo's rows and columns of the canvas at 100 %, RGBA."""
        picture = self.canvas()
        box = self.page.locator("#view").bounding_box()
        x, y = self.origin()
        left, top = round(x - box["x"]), round(y - box["y"])
        return picture[top : top + self.height, left : left + self.width]

    def canvas(self) -> np.ndarray:
        """The whole canvas, RGBA."""
        url = self.page.evaluate("document.getElementById('view').toDataURL()")
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))))

    def until_shown(self, view: str, differs: Callable[[np.ndarray], float], limit: float) -> None:
        """Choose a view, and wait until the photo's part of the canvas differs at most this much from what is due."""
        show_view(self.page, view)
        for _ in range(100):
            self.frame()
            if (apart := differs(self.shown().astype(int))) <= limit:
                return
        raise AssertionError(f"{view} differs by {apart}")

    def look(self) -> None:
        """Remember the mask as it is painted now."""
        self.frame()
        self.seen = self.shown()[..., 0] / 255

    def save(self) -> np.ndarray:
        """Press Save and open the file."""
        path = self.folder / "saved"
        self.visit.save().save_as(path)
        return pixels(path)

    def alpha(self) -> np.ndarray:
        """The alpha of the saved file, 0 to 1."""
        return self.save()[..., 3] / 255


def brush(
    shape: tuple[int, int],
    points: list[tuple[float, float]],
    size: float,
    softness: float,
    forces: list[float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Coverage of a stroke, and how far each pixel is from the nearest edge of a ring, both ``(h, w)``."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    forces = forces or [1.0] * len(points)
    cover, edge = np.zeros(shape), np.full(shape, np.inf)
    for (ax, ay), (bx, by), force in zip(points, points[1:], (np.array(forces[:-1]) + forces[1:]) / 2, strict=False):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0, 1)
        far = np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))
        rings = 1 if softness == 0 else RINGS
        radii = [size / 2 * force * (1 - softness * (1 - ring / rings)) for ring in range(1, rings + 1)]
        cover = np.maximum(cover, np.mean([np.clip(radius + 0.5 - far, 0, 1) for radius in radii], axis=0))
        edge = np.minimum(edge, np.min([np.abs(far - radius) for radius in radii], axis=0))
    return cover, edge


def painted(alpha: np.ndarray, cover: np.ndarray, mode: str) -> np.ndarray:
    """The alpha after the stroke."""
    return alpha + (1 - alpha) * cover if mode == "restore" else alpha * (1 - cover)


def wheel(page: Page, x: float, y: float, turn: float) -> None:
    """Turn the wheel over a place."""
    page.mouse.move(x, y)
    before = page.inner_text("#zoom")
    page.mouse.wheel(0, turn)
    page.wait_for_function("(before) => document.getElementById('zoom').textContent !== before", arg=before)
