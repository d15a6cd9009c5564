"""The worker's exports: what the page can ask of the engine. Thin on purpose; the work is in `offcut`.

Arguments and results are structured clones; see `offcut.browser.answers` for errors.
"""

import js
from pyodide.ffi import JsProxy
from pyscript.js_modules import ort

from offcut import __version__
from offcut.browser.answers import answer_of, answering, teller
from offcut.browser.decoding import decode_in_browser
from offcut.browser.edits import Edits
from offcut.browser.model_store import ModelStore
from offcut.browser.work_store import WorkStore
from offcut.catalogue import Model
from offcut.pipeline import Engine, Options, Progress
from offcut.runtimes.web import WebSession, configure

_EDITS = ("open", "apply", "undo", "redo", "goto", "start_over", "settings", "cutout", "composed", "region",
          "background_image", "pick", "save", "state", "kept", "restore", "forget")

__export__ = ["start", "load", "remove", "info", *(f"edit_{name}" for name in _EDITS)]

_FROM_SNAPSHOT = "offcut: from snapshot"
"""What `worker/interpreter.mjs` marks."""

_engine: Engine
_edits: Edits
_threads = 1


def _editing(name: str):
    """One of the editor's exports, which `offcut.browser.edits` describes."""
    return answering(lambda *arguments: getattr(_edits, name)(*arguments))


globals().update({f"edit_{name}": _editing(name) for name in _EDITS})


@answering
async def start(site: str) -> dict:
    """Make the engine. `site` is the absolute URL of the folder that index.html lies in. Answers like `info`."""
    global _engine, _edits, _threads
    _threads = configure(ort, site + "vendor/onnxruntime-web/")
    store = ModelStore(site + "models/")

    async def open_session(model: Model, progress: Progress) -> WebSession:
        data = await store.load(model.variant(WebSession.backend), progress)
        return await WebSession.open(ort, model, data, _threads)

    _engine = Engine(await store.catalogue(), open_session, decode_in_browser)
    _edits = Edits(_engine, WorkStore(site + "offcut-work/"))
    return _state()


@answering
async def load(job: int, model: str | None) -> dict:
    """Load a model before the first photo needs it. Answers like `info`."""
    await _engine.load(model, teller(job))
    return _state()


@answering
async def remove(job: int, file: JsProxy, options: JsProxy | None) -> dict:
    """Cut out one `Blob` or `File`. `options` has the fields of `offcut.pipeline.Options`.

    Answers ``{"blob", "width", "height", "model", "title", "backend", "threads", "extension", "notices", "seconds"}``.
    """
    given = Options.read(options.to_py() if options else {})
    data = (await file.arrayBuffer()).to_bytes()
    return answer_of(await _engine.remove(data, given, teller(job)))


@answering
async def info() -> dict:
    """What runs: ``{"version", "model", "title", "backend", "threads", "isolated", "start", "loaded"}``."""
    return _state()


def _state() -> dict:
    session = _engine.session
    model = _engine.model
    return {
        "version": __version__,
        "model": model.id,
        "title": model.title,
        "backend": session.backend if session else WebSession.backend,
        "threads": session.threads if session else _threads,
        "isolated": bool(js.crossOriginIsolated),
        "start": "snapshot" if js.performance.getEntriesByName(_FROM_SNAPSHOT).length else "plain",
        "loaded": session is not None,
    }
