"""Being a visitor: choosing photos, waiting, saving, and calling the page's API."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserContext, Download

PHOTOS = Path(__file__).parents[1] / "data"

PATIENCE = 90_000
"""Milliseconds to wait for anything: machines that run tests are slow, and a hang shows all the same."""


REMEMBERED = """try {
    if (!localStorage.getItem("offcut-model")) localStorage.setItem("offcut-model", "MODEL");
} catch {}"""
"""Lets a visit begin as that of somebody who has chosen a network before."""


RESET = """() => {
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
    document.getElementById("said").textContent = "";
    document.body.dataset.state = "empty";
}"""
"""What the next photo leaves as the person had it; and the photo before is as good as none, with all that was said of it."""


class Visit:
    """One person in one fresh browser profile, who has chosen `model` before; "auto" is what the page begins with."""

    def __init__(self, context: BrowserContext, url: str, *, go: bool = True, model: str = "u2netp") -> None:
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REMEMBERED.replace("MODEL", model))
        self.context = context
        self.url = url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.loads = 0
        context.on("request", lambda request: self.requests.append(request.url))
        self.page = context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("domcontentloaded", self._loaded)
        if go:
            self.page.goto(url)

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
        for _ in range(PATIENCE // 250):
            if self.page.evaluate(question):
                return self
            self.page.wait_for_timeout(250)
        raise AssertionError(f"Never true: {question}")

    def until_isolated(self) -> Visit:
        """Wait until the one reload of a first visit is over."""
        self.page.wait_for_function("crossOriginIsolated")
        return self

    def afresh(self) -> Visit:
        """Go on as if the page had just been loaded, but with the engine up."""
        self.page.wait_for_selector("body:not([data-state=working])")
        self.page.mouse.move(2, 2)
        self.page.evaluate(RESET)
        return self

    def choose(self, *files: Path | dict) -> Visit:
        """Pick files as through the picker."""
        self.page.set_input_files("#photo", list(files))
        return self

    def until_done(self) -> Visit:
        """Wait until a cutout is shown, and its file is there to be saved."""
        self.page.wait_for_selector("body[data-state=done] #save:not([data-waiting])")
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
        for _ in range(PATIENCE // 250):
            if not self.workers():
                return self
            self.page.wait_for_timeout(250)
        raise AssertionError(f"Still there: {self.workers()}")

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
                    let said = "";
                    for (let at = 0; at < out.length; at += 32768) said += String.fromCharCode(...out.subarray(at, at + 32768));
                    return {type: blob.type, data: btoa(said), isBlob: blob instanceof Blob};
                } catch (error) {
                    return {name: error.name, message: error.message, isError: error instanceof Error};
                }
            }""",
            [base64.b64encode(data).decode(), options],
        )
        if "data" in answer:
            answer["data"] = base64.b64decode(answer["data"])
        return answer


def pixels(data: bytes | Path) -> np.ndarray:
    """The picture as an array, channels as they lie in the file."""
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    return np.asarray(Image.open(source))
