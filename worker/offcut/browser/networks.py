"""Networks that a person brings, in the browser: read one, try it, keep it."""

import io
import json
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import JsException, JsProxy

from offcut.browser.backends.ort_session import OrtSession
from offcut.browser.backends.wasm import WasmBackend
from offcut.browser.decoding import decode_in_browser
from offcut.browser.engine_api import EngineApi
from offcut.browser.heic_decoder import HeicDecoder
from offcut.browser.interop import PositionedFile, free_buffer, read_bytes
from offcut.browser.results import file_result
from offcut.codecs import Photo
from offcut.errors import OptionError, UnreadableFileError
from offcut.inference.device import network_bytes
from offcut.inference.session import Session
from offcut.memory_budget import Budget
from offcut.models.catalogue import Catalogue, File, Model
from offcut.models.own.checks import Network, inspect, needed_bytes
from offcut.models.own.description import Description, described, examine, own_id, read
from offcut.options import Options
from offcut.pipeline import Engine
from offcut.progress import Progress

TRIAL_PIXELS = 1_000_000
"""Of the photo that a network is tried on."""

_TRIAL = "trial"


class Networks:
    """Reads, tries and keeps. Descriptions travel as JSON; a network is its `File`, or its id where it is kept."""

    def __init__(self, api: EngineApi, wasm: WasmBackend, site: str) -> None:
        """
        Args:
            api: whose engine is to have the networks that are kept.
            wasm: onnxruntime in WebAssembly.
            site: absolute URL of the folder that index.html lies in.
        """
        self._api, self._wasm, self._heic = api, wasm, HeicDecoder(site)
        self._memory = network_bytes(wasm.device)

    async def read(self, source: JsProxy | str) -> dict[str, Any]:
        """Read and check a network, and guess its description.

        Returns ``{"facts"}``, JSON of ``{"family", "descriptions", "kept", "width", "height", "outputs", "mb", "gb",
        "layers", "opset"}``: descriptions by family, and that of a kept network, null for others; width and height 0
        where they are free; outputs as pairs of name and number of maps; size in MB and memory for a photo in GB.
        """
        file, kept = await self._find(source)
        network = _inspect(file)
        found = examine(network, self._memory, kept.title if kept else file.name)
        width, height = network.size
        facts = {
            "family": found.family,
            "descriptions": {family: one.plain() for family, one in found.descriptions.items()},
            "kept": described(kept, found).plain() if kept else None,
            "width": width or 0,
            "height": height or 0,
            "outputs": list(found.maps.items()),
            "mb": network.file.bytes / 1e6,
            "gb": needed_bytes(found.effort) / 1e9,
            "layers": len(network.file.graph.layers),
            "opset": network.file.opset,
        }
        return {"facts": json.dumps(facts)}

    async def trial(
        self, source: JsProxy | str, description: str, photo: JsProxy, progress: Progress
    ) -> dict[str, Any]:
        """Cut a small copy of a photo out with a network described so. Returns `file_result`."""
        file, _ = await self._find(source)
        network = _inspect(file)
        model = self._checked(description, network).model(_TRIAL, network, File(network.file.bytes, "", ()))

        async def open_session(model: Model, backend: str, progress: Progress) -> Session:
            data = js.Uint8Array.new(await file.arrayBuffer())
            session = await OrtSession.open(self._wasm.ort, model, data, "wasm", self._wasm.limits.threads)
            free_buffer(data.buffer)
            return session

        async def decode(data: bytes, budget: Budget) -> Photo:
            return await decode_in_browser(data, self._heic, budget)

        await self._api.engine.release()  # two networks at once may be too much
        engine = Engine(Catalogue(_TRIAL, {_TRIAL: model}), open_session, decode, max_pixels=TRIAL_PIXELS)
        try:
            return file_result(await engine.remove(await read_bytes(photo), Options(backend="wasm"), progress))
        finally:
            await engine.release()

    async def keep(self, source: JsProxy | str, description: str, progress: Progress) -> dict[str, str]:
        """Keep a network on this device, and offer it as the site's models are; of a kept one the new description.

        Returns ``{"id"}``.
        """
        file, before = await self._find(source)
        network = _inspect(file)
        checked = self._checked(description, network)
        networks = self._api.networks
        if before:
            kept = File(before.bytes, before.sha256, before.chunks)
        else:
            kept = await networks.keep_file(file, progress)
        model = checked.model(own_id(kept.sha256), network, kept)
        await networks.describe(model)
        await self._api.offer_own()
        return {"id": model.id}

    async def _find(self, source: JsProxy | str) -> tuple[JsProxy, Model | None]:
        """Return the file of a network, and what is kept of it. Raises OptionError or ModelDownloadError."""
        if not isinstance(source, str):
            return source, None
        model = self._api.engine.catalogue.model(source)
        return await self._api.networks.file(model), model

    def _checked(self, description: str, network: Network) -> Description:
        try:
            given = json.loads(description)
        except ValueError as error:
            raise OptionError("The description of the network is no JSON.") from error
        return read(given, network, self._memory)


def _inspect(file: JsProxy) -> Network:
    try:
        return inspect(io.BufferedReader(_BlobFile(file), 1 << 16))
    except JsException as error:
        raise UnreadableFileError(
            "The browser cannot read this file: it may have been moved or changed, or be a folder. Choose it again."
        ) from error


class _BlobFile(PositionedFile):
    """A `Blob` as a file that is read where it is needed, which only workers can without waiting."""

    def __init__(self, blob: JsProxy) -> None:
        self._blob, self._size = blob, int(blob.size)
        self._read: Callable[[JsProxy], JsProxy] = js.FileReaderSync.new().readAsArrayBuffer

    def size(self) -> int:
        return self._size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        end = min(self._size, self._at + len(buffer))
        if end <= self._at:
            return 0
        found = js.Uint8Array.new(self._read(self._blob.slice(self._at, end)))
        found.assign_to(buffer[: end - self._at])
        self._at = end
        return int(found.length)
