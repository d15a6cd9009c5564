"""The engine in a PyScript or Pyodide page of other people's, from Python (docs/embedding.md)."""

from typing import Any

import js
from pyodide.ffi import JsProxy

from offcut.browser.backends.wasm import WasmBackend
from offcut.browser.engine_api import EngineApi
from offcut.options import Options
from offcut.pipeline import Engine
from offcut.progress import Progress, no_progress


class PageSession:
    """A loaded model. Create it with `new_session`."""

    def __init__(self, engine: Engine) -> None:
        """Use `new_session`."""
        self._engine = engine

    @property
    def model(self) -> str:
        """The model's id in the catalogue."""
        return self._engine.model.id

    async def remove(self, data: bytes, progress: Progress = no_progress, **options: Any) -> bytes:
        """Remove the background of a photo.

        Args:
            data: an image file.
            progress: called with a stage, how much of it is done, and the total (0: unknown).
            options: those of `offcut.Options`, such as ``format="webp"`` or ``output="mask"``.

        Returns:
            The bytes of the finished file, a PNG unless `format` says otherwise.

        Raises:
            OffcutError: the file, an option or the model cannot be used.
        """
        values = {"model": self.model, **options}
        return (await self._engine.remove(bytes(data), Options.read(values), progress)).data

    async def close(self) -> None:
        """Free the model's memory. The next photo loads the model again."""
        await self._engine.release()


async def new_session(
    ort: JsProxy, site: str, model: str | None = None, progress: Progress = no_progress
) -> PageSession:
    """Load a model from a copy of Offcut.

    Args:
        ort: the module ``vendor/onnxruntime-web/ort.wasm.min.mjs`` of that copy, imported by the page.
        site: address of the copy's folder, absolute or relative to the page, of the page's origin or with CORS headers.
        model: id in the copy's catalogue; None for its default.
        progress: called with the stage ``"model"`` and the bytes loaded.

    Raises:
        ModelDownloadError: the catalogue or the model cannot be fetched.
        OptionError: the copy has no such model.
    """
    folder = js.URL.new(site if site.endswith("/") else f"{site}/", js.location.href).href
    wasm = WasmBackend(ort, folder, int(getattr(js.navigator, "maxTouchPoints", 0)))
    api = await EngineApi.create(wasm, folder, lambda *message: None)
    await api.engine.load(model, progress)
    return PageSession(api.engine)
