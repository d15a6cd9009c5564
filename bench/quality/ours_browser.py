"""Offcut in the browser: the built site in Chromium, through `window.offcut`."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.async_api import Error, Page, async_playwright

from bench.quality.candidate import Candidate, Refusal
from tools.browser import arguments, find
from tools.errors import ToolError
from tools.server import serving

TIMEOUT_S = 600.0
"""For the start or for one photo; a large network on one thread takes a minute."""

REMOVE = """async ([text, options]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    try {
        const blob = await offcut.remove(new Blob([bytes]), options);
        const reader = new FileReader();
        await new Promise((resolve) => { reader.onload = resolve; reader.readAsDataURL(blob); });
        return {data: reader.result.split(",")[1]};
    } catch (error) {
        return {name: error.name, message: error.message};
    }
}"""


@asynccontextmanager
async def opened(model: str, options: dict[str, Any], site: Path) -> AsyncIterator[Candidate]:
    """Visit the built site in the folder `site` with an empty profile. Yields the page with these options."""
    with serving(site, "/quality/") as server:
        async with async_playwright() as play:
            browser = await play.chromium.launch(executable_path=find() or None, args=arguments())
            page = await browser.new_page()
            await page.goto(server.url)
            # A first visit reloads once, and this wait outlives that.
            await page.wait_for_function("window.offcut && offcut.ready.then(() => true)", timeout=TIMEOUT_S * 1000)
            try:
                yield _OursBrowser(page, browser.version, options | {"model": model, "output": "mask", "format": "png"})
            finally:
                await browser.close()


class _OursBrowser:
    def __init__(self, page: Page, version: str, options: dict[str, Any]) -> None:
        self._page = page
        self._version = version
        self._options = options

    async def alpha(self, image: Path) -> np.ndarray:
        text = base64.b64encode(image.read_bytes()).decode()
        try:
            answer = await asyncio.wait_for(self._page.evaluate(REMOVE, [text, self._options]), TIMEOUT_S)
        except (TimeoutError, Error) as error:
            raise ToolError(
                f"The page in Chromium did not answer: {error or f'timeout of {TIMEOUT_S:.0f} s'}"
            ) from error
        if answer.get("name") == "OptionError":
            raise ToolError(answer["message"])
        if "data" not in answer:
            raise Refusal(f"{answer['name']}: {answer['message']}")
        with Image.open(io.BytesIO(base64.b64decode(answer["data"]))) as mask:
            return np.asarray(mask, np.float32) / np.float32(255)

    async def setting(self) -> str:
        info = await self._page.evaluate("offcut.info().then((info) => JSON.parse(JSON.stringify(info)))")
        isolated = "isolated" if info["isolated"] else "not isolated"
        return f"Chromium {self._version}, onnxruntime-web, {info['backend']}, threads: {info['threads']}, {isolated}"
