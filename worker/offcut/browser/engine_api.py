"""What the page requests of the engine and its models. Responses are plain objects."""

import asyncio
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import JsProxy, create_proxy

from offcut import __version__
from offcut.alternatives.removal import find_all
from offcut.browser.avif_encoder import AvifEncoder
from offcut.browser.backends.selection import BackendSelector
from offcut.browser.backends.wasm import WasmBackend
from offcut.browser.decoding import decode_in_browser
from offcut.browser.heic_decoder import HeicDecoder
from offcut.browser.interop import read_bytes
from offcut.browser.results import file_result
from offcut.browser.storage.models import ModelRepository
from offcut.codecs import Photo
from offcut.editing.look import Finisher, Look
from offcut.errors import OptionError
from offcut.inference.gpu_fallback import Timeouts
from offcut.inference.session import Session
from offcut.memory_budget import Budget
from offcut.models.catalogue import OWN, Catalogue, Model
from offcut.options import Options
from offcut.pipeline import Engine, MattedPixels, Writing, compose, write
from offcut.progress import Progress, StageTimer
from offcut.protocol import messages
from offcut.validation import check_flag


class EngineApi:
    """One engine. Each public method is an export of the worker.

    An `OffcutError` reaches the page with its name and message.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        models: ModelRepository,
        backends: BackendSelector,
        writing: Writing,
        heic: HeicDecoder,
    ) -> None:
        self._catalogue = catalogue
        self._models = models
        self._backends = backends
        self.networks = models.networks
        timeouts = Timeouts(is_busy=lambda: self.engine.is_busy)

        async def open_session(model: Model, backend: str, progress: Progress) -> Session:
            return await backends.open(model, backend, progress, timeouts)

        async def decode(data: bytes, budget: Budget) -> Photo:
            return await decode_in_browser(data, heic, budget)

        limit = backends.limits.max_pixels
        self.engine = Engine(self._for_device(catalogue), open_session, decode, writing, limit)

    @classmethod
    async def create(cls, wasm: WasmBackend, site: str, post: Callable[..., None]) -> "EngineApi":
        """Read the site's catalogue and make the engine.

        Args:
            wasm: onnxruntime in WebAssembly.
            site: absolute URL of the folder that index.html lies in.
            post: sends a message to the page (`RpcServer.post`).

        Raises:
            ModelDownloadError: the catalogue cannot be read.
        """

        def report(event: JsProxy) -> None:
            post(messages.BLOCKED, event.effectiveDirective, event.blockedURI)

        js.performance.setResourceTimingBufferSize(10_000)
        js.addEventListener("securitypolicyviolation", create_proxy(report))
        models = ModelRepository(site + "models/")
        backends = BackendSelector(wasm, site, models)
        catalogue, own = await asyncio.gather(models.catalogue(), models.networks.all())
        return cls(catalogue.with_own(own), models, backends, AvifEncoder(site).writing, HeicDecoder(site))

    async def load_model(self, model: str | None, backend: str, progress: Progress) -> dict[str, Any]:
        """Load a model before the first photo needs it, for a backend as in `Options`. Returns the same as `info`."""
        await self.engine.load(model, progress, backend)
        return await self.info()

    async def remove(self, file: JsProxy, options: dict[str, Any] | None, progress: Progress) -> dict[str, Any]:
        """Cut out one `Blob` or `File`.

        `options` has the fields of `offcut.options.Options`, and returns `file_result`; with ``alternatives`` every
        model of this device cuts the photo out: ``{"results", "agreement", "is_doubtful"}`` as in
        `offcut.alternatives.removal.Alternatives`, with a `file_result` for each model. ``look`` is what is made of the
        photo instead of the options' cutout, as `Look.read` takes it.
        """
        values = dict(options or {})
        is_all, look = values.pop("alternatives", None), values.pop("look", None)
        if look is not None:
            if is_all:
                raise OptionError(
                    "A preset and the option 'alternatives' contradict each other. Leave one of them out."
                )
            chosen = Look.read(look)
            finisher = Finisher(chosen, getattr(file, "name", ""), engine=self.engine)
            given = chosen.options_for(values)
            return file_result(await self.engine.remove(await read_bytes(file), given, progress, finisher.finish))
        given = Options.read(values)
        if not (is_all and check_flag("alternatives", is_all)):
            return file_result(await self.engine.remove(await read_bytes(file), given, progress))
        models = await self._models.inventory(self._catalogue, "wasm")

        def make(pixels: MattedPixels, clock: StageTimer) -> dict[str, Any]:
            picture, provenance = compose(pixels, given)
            clock.enter("encode")
            return file_result(write(picture, provenance, given.target, given, clock))

        at_hand = [cached.model.id for cached in models if cached.is_at_hand]
        async with self.engine.writing(given.target):
            found = await find_all(self.engine, await read_bytes(file), given, at_hand, make, progress)
        return {
            "results": [one.result for one in found],
            "agreement": found.agreement,
            "is_doubtful": found.is_doubtful,
        }

    async def info(self) -> dict[str, Any]:
        """What runs: ``{"version", "model", "title", "backend", "threads", "gpu", "trial", "low_memory", "max_pixels",
        "isolated", "loaded", "storage_problem"}``.

        ``gpu`` is the GPU's name, or empty; ``trial`` what a comparison of it with WebAssembly found
        (`offcut.inference.gpu_validation.OutputComparison`), ``{"failure"}`` where it failed, undefined before.
        ``storage_problem`` is ``"full"`` or ``"missing"`` where models cannot be cached for the next visit, else empty.
        """
        engine, limits = self.engine, self._backends.limits
        session = engine.session
        adapter = await self._backends.adapter() if session else None
        return {
            "version": __version__,
            "model": engine.model.id,
            "title": engine.model.title,
            "backend": session.backend if session else "wasm",
            "threads": session.threads if session else limits.threads,
            "gpu": adapter.text if adapter else "",
            "trial": self._trial(session),
            "low_memory": limits.low_memory,
            "max_pixels": limits.max_pixels,
            "isolated": bool(js.crossOriginIsolated),
            "loaded": session is not None,
            "storage_problem": self._models.problem,
        }

    async def list_requests(self) -> list[JsProxy | dict[str, str]]:
        """Return what this worker requested from the network.

        These are its `PerformanceResourceTiming` entries as plain objects, and the ``{"name"}`` of what
        onnxruntime-web's own worker requested.
        """
        return [entry.toJSON() for entry in js.performance.getEntriesByType("resource")] + [
            {"name": url} for url in self._backends.hidden_requests
        ]

    async def list_models(self) -> list[dict[str, Any]]:
        """Return the models, a dictionary each.

        ``{"id", "title", "licence", "bytes", "cached_bytes", "is_cached", "is_downloading", "is_paused", "is_own"}``.
        """
        return [
            {
                "id": cached.model.id,
                "title": cached.model.title,
                "licence": cached.model.licence,
                "bytes": cached.model.bytes,
                "cached_bytes": cached.bytes,
                "is_cached": cached.is_complete,
                "is_downloading": self._models.is_paused(cached.model.id) is not None,
                "is_paused": bool(self._models.is_paused(cached.model.id)),
                "is_own": cached.model.tier == OWN,
            }
            for cached in await self._models.inventory(self._catalogue, "wasm")
        ]

    async def cache_model(self, model: str, progress: Progress) -> dict[str, str]:
        """Download a model for later. Returns ``{"storage_problem"}``, as in `info`."""
        await self._models.cache(self._catalogue.model(model).variant("wasm"), progress)
        return {"storage_problem": self._models.problem}

    async def pause_download(self, model: str | None) -> None:
        """Pause the download of this model, or of all."""
        self._models.pause(model)

    async def resume_download(self, model: str | None) -> None:
        """Continue the download of this model, or of all."""
        self._models.resume(model)

    async def cancel_download(self, model: str | None) -> None:
        """Cancel the download of this model, or of all."""
        self._models.cancel(model)

    async def delete_model(self, model: str) -> dict[str, int]:
        """Delete a model from this device. Returns ``{"freed_bytes"}``."""
        freed = await self._models.delete(self._catalogue.model(model), self._catalogue, "wasm")
        if self._catalogue.model(model).tier == OWN:
            await self.offer_own()
        return {"freed_bytes": freed}

    async def offer_own(self) -> None:
        """Have the networks of a person's own that are kept on this device by now."""
        self._catalogue = self._catalogue.with_own(await self.networks.all())
        self.engine.offer(self._for_device(self._catalogue))

    def _for_device(self, catalogue: Catalogue) -> Catalogue:
        return catalogue.starting_small() if self._backends.limits.low_memory else catalogue

    def _trial(self, session: Session | None) -> dict[str, Any] | None:
        if self._backends.gpu_state.failure:
            return {"failure": self._backends.gpu_state.failure}
        found = getattr(session, "comparison", None)
        return found.plain() if found else None
