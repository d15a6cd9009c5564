"""Runs recipes in the worker for them, which the page starts on request and ends where one takes too long."""

import asyncio
from collections.abc import Callable
from typing import Any

from PIL import Image
from pyodide.ffi import JsProxy, create_proxy, to_js

from offcut.browser.interop import to_plain_js
from offcut.errors import OutOfMemoryError, RecipeError
from offcut.protocol import messages
from offcut.protocol.recipes import START_S
from offcut.recipes import Info, Recipe
from offcut.recipes.recipe import TOO_LONG


class RecipeClient:
    """Sends pictures through a port, one after the other."""

    def __init__(self, post: Callable[..., None]) -> None:
        """`post` sends a message to the page (`RpcServer.post`)."""
        self._post = post
        self._port: JsProxy | None = None
        self._ready: asyncio.Future[None] | None = None
        self._answer: asyncio.Future[JsProxy] | None = None
        self._lock = asyncio.Lock()
        self._last_id = 0
        self._limit = 0.0

    def connect(self, port: JsProxy, limit: float) -> None:
        """Use a port, at whose other end the worker is being started.

        Args:
            port: to the worker of recipes.
            limit: seconds that a recipe may take for one picture.
        """
        self._port, self._limit = port, limit
        port.onmessage = create_proxy(lambda event: self._receive(event.data))

    async def run(self, recipe: Recipe, cutout: Image.Image, photo: Image.Image, info: Info) -> Image.Image:
        """Finish a picture, as `Recipe.finish` does.

        Raises:
            RecipeError: the recipe fails, returns no picture, takes too long, or cannot be run here.
            OutOfMemoryError: it needs more memory than there is.
        """
        async with self._lock:
            await self._started()
            answer = await self._request(recipe, cutout, photo, info)
        if getattr(answer, "is_out_of_memory", False):
            raise OutOfMemoryError("The recipe needs more memory than there is. Make the photo smaller.")
        if hasattr(answer, "error"):
            raise RecipeError(answer.error, line=answer.line, traceback=answer.traceback, printed=answer.printed)
        return Image.frombuffer(answer.mode, (answer.width, answer.height), answer.data.to_bytes()).copy()

    async def _started(self) -> None:
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            self._post(messages.RECIPES, True)
        try:
            await asyncio.wait_for(asyncio.shield(self._ready), START_S)
        except TimeoutError:
            self._end()
            raise RecipeError("Recipes could not be started in this browser. Reload the page and try again.") from None
        except RecipeError:
            self._end()
            raise

    async def _request(self, recipe: Recipe, cutout: Image.Image, photo: Image.Image, info: Info) -> JsProxy:
        self._last_id += 1
        pixels = {
            "cutout": to_js(cutout.tobytes()),
            "photo": to_js(photo.tobytes()),
            "mask": to_js(info.mask.tobytes()),
        }
        request: Any = to_plain_js(
            {
                "id": self._last_id,
                "name": recipe.name,
                "source": recipe.source,
                "width": cutout.width,
                "height": cutout.height,
                "photo_width": photo.width,
                "photo_height": photo.height,
                "photo_box": list(info.photo_box),
                "scale": info.scale,
                "photo_name": info.name,
                "model": info.model,
                "icc_profile": to_js(info.icc_profile or b""),
                **pixels,
            }
        )
        self._answer = asyncio.get_running_loop().create_future()
        assert self._port is not None
        self._port.postMessage(request, to_js([part.buffer for part in pixels.values()]))
        try:
            return await asyncio.wait_for(self._answer, self._limit)
        except TimeoutError:
            self._end()
            raise RecipeError(
                f"The recipe {recipe.name} took longer than {self._limit:g} seconds and was stopped.", TOO_LONG
            ) from None

    def _end(self) -> None:
        """Have the worker ended; the next picture gets another."""
        self._ready = self._port = self._answer = None
        self._post(messages.RECIPES, False)
        self._post(messages.RECIPE_PROGRESS, 0)

    def _receive(self, message: JsProxy) -> None:
        if hasattr(message, "progress"):
            done, total = message.progress
            self._post(messages.RECIPE_PROGRESS, min(1, max(0, done / total)) if total else 0)
        if hasattr(message, "blocked"):
            self._post(messages.BLOCKED, *message.blocked)
        if self._ready is not None and not self._ready.done():
            if getattr(message, "is_ready", False):
                self._ready.set_result(None)
            elif hasattr(message, "failed"):
                reason = f"Recipes could not be started in this browser: {message.failed}."
                self._ready.set_exception(RecipeError(reason))
        answer = self._answer
        if answer is not None and not answer.done() and getattr(message, "id", 0) == self._last_id:
            answer.set_result(message)
            self._post(messages.RECIPE_PROGRESS, 0)
