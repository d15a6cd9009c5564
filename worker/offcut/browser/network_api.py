"""What the page requests of networks that a person brings."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from offcut.browser.backends.wasm import WasmBackend
from offcut.browser.engine_api import EngineApi
from offcut.progress import Progress

if TYPE_CHECKING:
    from pyodide.ffi import JsProxy

    from offcut.browser.networks import Networks


class NetworkApi:
    """Each public method is an export of the worker. A network is refused with a NetworkError (`offcut.models.own`)."""

    def __init__(self, api: EngineApi, wasm: WasmBackend, site: str) -> None:
        """
        Args:
            api: whose engine is to have the networks that are kept.
            wasm: onnxruntime in WebAssembly.
            site: absolute URL of the folder that index.html lies in.
        """
        self._api, self._wasm, self._site = api, wasm, site

    @functools.cached_property
    def _networks(self) -> Networks:
        from offcut.browser.networks import Networks  # few people bring a network

        return Networks(self._api, self._wasm, self._site)

    async def read_network(self, source: JsProxy | str) -> dict[str, Any]:
        """See `Networks.read`."""
        return await self._networks.read(source)

    async def try_network(
        self, source: JsProxy | str, description: str, photo: JsProxy, progress: Progress
    ) -> dict[str, Any]:
        """See `Networks.trial`."""
        return await self._networks.trial(source, description, photo, progress)

    async def keep_network(self, source: JsProxy | str, description: str, progress: Progress) -> dict[str, str]:
        """See `Networks.keep`."""
        return await self._networks.keep(source, description, progress)
