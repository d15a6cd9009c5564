"""The worker's exports: what the page can ask of the engine. Thin on purpose; the work is in `offcut`.

Arguments and results are structured clones; see `offcut.browser.rpc` for errors.
"""

import asyncio

import js
from polyscript import xworker
from pyodide.ffi import JsProxy, create_proxy
from pyscript.js_modules import ort

from offcut.browser.backends.wasm import WasmBackend

_processor: WasmBackend | None = None


def _begin(site: str, touch_points: int) -> WasmBackend:
    """Set onnxruntime up and have it start, which it does beside Python where it has threads of its own."""
    global _processor
    if _processor is None:
        _processor = WasmBackend(ort, site, touch_points)
        _processor.begin()
    return _processor


if page := xworker.window:  # the page can be asked from here, so that need not wait for all that follows to be imported
    if _begin(js.URL.new("./", page.document.baseURI).href, page.navigator.maxTouchPoints).limits.threads > 1:
        await asyncio.sleep(0.03)  # onnxruntime's own worker is started only while this one has nothing to do

from offcut import __version__
from offcut.browser.backends.selection import BackendSelector
from offcut.browser.decoding import decode_in_browser
from offcut.browser.editor_api import EditorApi
from offcut.browser.files import bytes_of
from offcut.browser.rpc import answer_of, answering, tell, teller
from offcut.browser.storage.models import ModelRepository
from offcut.browser.storage.work import WorkStore
from offcut.codecs import Photo
from offcut.codecs.downscale import within
from offcut.inference.gpu_fallback import Timeouts
from offcut.inference.session import Session
from offcut.models.catalogue import Catalogue, Model
from offcut.options import Options
from offcut.pipeline import Engine
from offcut.progress import Progress

_EDITS = (
    "open",
    "finish",
    "apply",
    "undo",
    "redo",
    "goto",
    "start_over",
    "settings",
    "cutout",
    "composed",
    "region",
    "background_image",
    "pick",
    "save",
    "state",
    "improve",
    "replace",
    "kept",
    "restore",
    "forget",
)

__export__ = [
    "start",
    "load",
    "remove",
    "info",
    *(f"edit_{name}" for name in _EDITS),
    "models_state",
    "model_keep",
    "model_pause",
    "model_resume",
    "model_cancel",
    "model_delete",
    "requests",
]

_engine: Engine
_edits: EditorApi
_store: ModelRepository
_catalogue: Catalogue
_runtimes: BackendSelector


def _editing(name: str):
    """One of the editor's exports, which `offcut.browser.editor_api` describes."""
    return answering(lambda *arguments: getattr(_edits, name)(*arguments))


globals().update({f"edit_{name}": _editing(name) for name in _EDITS})


@answering
async def start(site: str, touch_points: int) -> dict:
    """Make the engine. Answers like `info`.

    `site` is the absolute URL of the folder that index.html lies in, `touch_points` is `navigator.maxTouchPoints`.
    """
    global _engine, _edits, _store, _catalogue, _runtimes
    js.performance.setResourceTimingBufferSize(10_000)
    js.addEventListener("securitypolicyviolation", create_proxy(_tell_blocked))
    _store = ModelRepository(site + "models/")
    _runtimes = BackendSelector(_begin(site, touch_points), site, _store)
    patience = Timeouts(is_busy=lambda: _engine.is_busy)

    async def open_session(model: Model, backend: str, progress: Progress) -> Session:
        return await _runtimes.open(model, backend, progress, patience)

    async def decode(data: bytes) -> Photo:
        return within(await decode_in_browser(data), _runtimes.limits.max_pixels)

    _catalogue = await _store.catalogue()
    _engine = Engine(_catalogue.starting_small() if _runtimes.limits.small else _catalogue, open_session, decode)
    _edits = EditorApi(_engine, WorkStore(site + "offcut-work/"))
    return await _state()


@answering
async def load(job: int, model: str | None, backend: str) -> dict:
    """Load a model before the first photo needs it, for a backend as in `Options`. Answers like `info`."""
    await _engine.load(model, teller(job), backend)
    return await _state()


@answering
async def remove(job: int, file: JsProxy, options: JsProxy | None) -> dict:
    """Cut out one `Blob` or `File`. `options` has the fields of `offcut.options.Options`.

    Answers ``{"blob", "width", "height", "model", "title", "backend", "threads", "extension", "notices", "seconds"}``.
    """
    given = Options.read(options.to_py() if options else {})
    return answer_of(await _engine.remove(await bytes_of(file), given, teller(job)))


@answering
async def info() -> dict:
    """What runs: ``{"version", "model", "title", "backend", "threads", "gpu", "trial", "small", "max_pixels", "isolated",
    "loaded", "trouble"}``.

    ``gpu`` is the graphics processor's name, or empty; ``trial`` what a comparison of it with WebAssembly found
    (`offcut.inference.gpu_validation.OutputComparison`), ``{"failure"}`` where it failed, undefined before. ``trouble`` is ``"full"`` or
    ``"missing"`` where models cannot be kept for the next visit, else empty.
    """
    return await _state()


@answering
async def models_state() -> list[dict]:
    """Each model: ``{"id", "title", "licence", "bytes", "kept", "whole", "downloading", "paused"}``."""
    return [
        {
            "id": kept.model.id,
            "title": kept.model.title,
            "licence": kept.model.licence,
            "bytes": kept.model.bytes,
            "kept": kept.bytes,
            "whole": kept.whole,
            "downloading": _store.is_paused(kept.model.id) is not None,
            "paused": bool(_store.is_paused(kept.model.id)),
        }
        for kept in await _store.state(_catalogue, "wasm")
    ]


@answering
async def model_keep(job: int, model: str) -> dict:
    """Have a model on the device for later. Answers ``{"trouble"}``, as in `info`."""
    await _store.keep(_catalogue.model(model).variant("wasm"), teller(job))
    return {"trouble": _store.trouble}


@answering
async def model_pause(model: str | None = None) -> None:
    """Stop asking for bytes of this model, or of all."""
    _store.pause(model)


@answering
async def model_resume(model: str | None = None) -> None:
    """Go on after `model_pause`."""
    _store.resume(model)


@answering
async def model_cancel(model: str | None = None) -> None:
    """End the download of this model, or of all."""
    _store.cancel(model)


@answering
async def model_delete(model: str) -> dict:
    """Take a model off the device. Answers ``{"freed"}``, in bytes."""
    return {"freed": await _store.forget(_catalogue.model(model), _catalogue, "wasm")}


@answering
async def requests() -> list[JsProxy | dict]:
    """What this worker asked the site or the device for: its `PerformanceResourceTiming` entries as plain objects, and the
    ``{"name"}`` of what onnxruntime-web's own did."""
    return [entry.toJSON() for entry in js.performance.getEntriesByType("resource")] + [
        {"name": url} for url in _runtimes.unseen
    ]


def _tell_blocked(event: JsProxy) -> None:
    tell("blocked", event.effectiveDirective, event.blockedURI)


async def _state() -> dict:
    session = _engine.session
    model = _engine.model
    adapter = await _runtimes.adapter() if session else None
    return {
        "version": __version__,
        "model": model.id,
        "title": model.title,
        "backend": session.backend if session else "wasm",
        "threads": session.threads if session else _runtimes.limits.threads,
        "gpu": adapter.text if adapter else "",
        "trial": _trial(session),
        "small": _runtimes.limits.small,
        "max_pixels": _runtimes.limits.max_pixels,
        "isolated": bool(js.crossOriginIsolated),
        "loaded": session is not None,
        "trouble": _store.trouble,
    }


def _trial(session: Session | None) -> dict | None:
    if _runtimes.visit.failure:
        return {"failure": _runtimes.visit.failure}
    found = getattr(session, "trial", None)
    return found.plain() if found else None
