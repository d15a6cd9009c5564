"""Being a visitor: choosing photos, waiting, saving, and calling the page's API."""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserContext, Download, Page

from tools.paths import ROOT

PHOTOS = Path(__file__).parents[1] / "data"

PATIENCE = 90_000
"""Milliseconds to wait for anything: machines that run tests are slow, and a hang shows all the same."""


REMEMBERED = """try {
    if (!localStorage.getItem("offcut-model")) localStorage.setItem("offcut-model", "MODEL");
} catch {}"""
"""Lets a visit begin with a network chosen before."""

USUAL = """() => {
    for (const tool of document.querySelectorAll("details[open]")) tool.open = false;
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    for (const group of ["brush", "smart", "save"])
        for (const one of document.querySelectorAll(`[data-setting^="${group}."]`)) {
            const usual = one.tagName === "SELECT" ? one.options[0].value : one.defaultValue;
            if (one.type === "radio") { if (one.defaultChecked && !one.checked) one.click(); }
            else if (one.value !== usual) {
                one.value = usual;
                for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, {bubbles: true}));
            }
        }
    document.getElementById("notice-close").click();
}"""
"""Resets what outlives a photo to what a new page has: open tools; settings of the brush, smart tools and saving."""

IS_NEW = """(before) => {
    const save = document.getElementById("save");
    if (document.body.dataset.state !== "done" || save.hasAttribute("data-waiting")) return false;
    return save.getAttribute("href") !== before;
}"""
"""Whether a cutout is shown that is not the one before, and its file is there to be saved."""


TEXTS = json.loads((ROOT / "app" / "languages" / "en.json").read_text("utf-8"))


def text(key: str) -> str:
    """What the page says in English under a key."""
    return TEXTS[key]


def timing(**seconds: float) -> str:
    """A script of the page that shortens some of the product's timeouts (app/core/timing.py)."""
    return f"window.offcut = {{timing: {json.dumps(seconds)}}};"


def default_model(root: Path) -> str | None:
    """The network that a built site has as its default, None where there is no such site."""
    catalogue = root / "models" / "catalogue.json"
    return json.loads(catalogue.read_text("utf-8"))["default"] if catalogue.is_file() else None


class Visit:
    """One person on the page, who has chosen `model` before; without one the page begins as it does for a newcomer."""

    def __init__(self, context: BrowserContext, url: str, *, model: str | None, scripts: Iterable[str] = ()) -> None:
        """Opens a tab. `scripts` run in the page before any of its own."""
        context.set_default_timeout(PATIENCE)
        self.context = context
        self.url = url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.loads = 0
        self._before: str | None = None  # address of the file that was there to be saved when a photo was chosen
        context.on("request", lambda request: self.requests.append(request.url))
        self.page = context.new_page()
        for script in scripts:
            self.page.add_init_script(script)
        if model:
            self.page.add_init_script(REMEMBERED.replace("MODEL", model))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("domcontentloaded", self._loaded)

    def go(self) -> Visit:
        """Open the page."""
        self.page.goto(self.url)
        return self

    def _note(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _loaded(self, page) -> None:
        self.loads += 1

    def until_ready(self) -> Visit:
        """Wait until the engine has its model."""
        self.page.wait_for_selector("#status[data-state=ready]")
        return self

    def until(self, question: str) -> Visit:
        """Wait until this asynchronous JavaScript function answers with something true.

        Playwright's own `wait_for_function` takes any promise for true.
        """
        eventually(lambda: self.page.evaluate(question), question, self.page)
        return self

    def until_isolated(self) -> Visit:
        """Wait until the one reload of a first visit is over."""
        self.page.wait_for_function("crossOriginIsolated")
        return self

    def with_usual_settings(self) -> Visit:
        """Set the page as a new one would be, but with the engine up."""
        self.page.wait_for_selector("body:not([data-state=working])")
        self.page.mouse.move(2, 2)
        self.page.evaluate(USUAL)
        return self

    def expecting_a_photo(self) -> Visit:
        """Have `until_done` wait for a cutout that is not shown yet; `choose` does so by itself."""
        if self._before is None:
            self._before = self.page.get_attribute("#save", "href")
        return self

    def choose(self, *files: Path | dict) -> Visit:
        """Pick files as through the picker."""
        self.expecting_a_photo()
        self.page.set_input_files("#photo", list(files))
        return self

    def until_done(self) -> Visit:
        """Wait until the cutout of the photo that was chosen is shown, and its file is there to be saved."""
        self.page.wait_for_function(IS_NEW, arg=self._before)
        self._before = None
        return self

    def refusal(self) -> str:
        """Wait for an error message and read it."""
        self.page.wait_for_selector("#notice[data-kind=error]:not([hidden])")
        return self.page.inner_text("#notice-text")

    def workers(self) -> list[str]:
        """Addresses of the page's workers."""
        targets = self.context.new_cdp_session(self.page).send("Target.getTargets")["targetInfos"]
        return [
            target["url"]
            for target in targets
            if target["type"] == "worker" and self.page.url.split("/")[2] in target["url"]
        ]

    def until_alone(self) -> Visit:
        """Wait until the page has no worker any more."""
        eventually(lambda: not self.workers(), "there is no worker", self.page)
        return self

    def save(self) -> Download:
        """Press Save."""
        with self.page.expect_download() as download:
            self.page.click("#save")
        return download.value

    def remove(self, data: bytes, **options) -> dict:
        """`offcut.remove` on bytes. Gives `{"data", "type"}`, or `{"name", "message"}` where it was refused."""
        answer = self.page.evaluate(
            """async ([text, options]) => {
                const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
                await offcut.ready;
                try {
                    const blob = await offcut.remove(new Blob([bytes]), options);
                    const out = new Uint8Array(await blob.arrayBuffer());
                    let binary = "";
                    const step = 32768;
                    for (let at = 0; at < out.length; at += step) {
                        binary += String.fromCharCode(...out.subarray(at, at + step));
                    }
                    return {type: blob.type, data: btoa(binary), isBlob: blob instanceof Blob};
                } catch (error) {
                    return {name: error.name, message: error.message, isError: error instanceof Error};
                }
            }""",
            [base64.b64encode(data).decode(), options],
        )
        if "data" in answer:
            answer["data"] = base64.b64decode(answer["data"])
        return answer


def show_view(page: Page, name: str) -> None:
    """Choose a view, also one of those in the menu: such as "result", "original" or "mask"."""
    page.evaluate("(name) => document.querySelector(`input[name=view][value=${name}]`).click()", name)


def pixels(data: bytes | Path) -> np.ndarray:
    """The picture as an array, channels as they lie in the file."""
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    return np.asarray(Image.open(source))


def eventually(question: Callable[[], object], what: str, page: Page) -> None:
    """Ask until the answer is true. `what` says what never was."""
    end = time.monotonic() + PATIENCE / 1000
    while not question():
        assert time.monotonic() < end, f"never came true: {what}"
        page.wait_for_timeout(50)
