"""The worker's exports: what the page can ask of the engine. Thin on purpose; the work is in `offcut`.

Arguments and results are structured clones. Errors travel as ``{"error": {"name", "message"}}``, because an exception
would lose its name on the way.
"""

import js
from pyodide.ffi import JsProxy, to_js
from pyscript import sync
from pyscript.js_modules import ort

from offcut import __version__
from offcut.browser.decoding import decode_in_browser
from offcut.browser.model_store import ModelStore
from offcut.catalogue import Model
from offcut.errors import OffcutError
from offcut.pipeline import Engine, Options, Progress, Result
from offcut.runtimes.web import WebSession, configure

__export__ = ["start", "load", "remove", "info"]

_FROM_SNAPSHOT = "offcut: from snapshot"
"""What `worker/interpreter.mjs` marks."""

_engine: Engine
_threads = 1


def _answering(function):
    """Turn errors into answers, and answers into plain JavaScript objects."""

    async def call(*arguments) -> JsProxy:
        try:
            answer = await function(*arguments)
        except OffcutError as error:
            answer = {"error": {"name": error.name, "message": str(error)}}
        return to_js(answer, dict_converter=js.Object.fromEntries)

    return call


def _teller(job: int) -> Progress:
    return lambda stage, done, total: sync.progress(job, stage, done, total)


@_answering
async def start(site: str) -> dict:
    """Make the engine. `site` is the absolute URL of the folder that index.html lies in. Answers like `info`."""
    global _engine, _threads
    _threads = configure(ort, site + "vendor/onnxruntime-web/")
    store = ModelStore(site + "models/")

    async def open_session(model: Model, progress: Progress) -> WebSession:
        data = await store.load(model.variant(WebSession.backend), progress)
        return await WebSession.open(ort, model, data, _threads)

    _engine = Engine(await store.catalogue(), open_session, decode_in_browser)
    return _state()


@_answering
async def load(job: int, model: str | None) -> dict:
    """Load a model before the first photo needs it. Answers like `info`."""
    await _engine.load(model, _teller(job))
    return _state()


@_answering
async def remove(job: int, file: JsProxy, options: JsProxy | None) -> dict:
    """Cut out one `Blob` or `File`. `options` has the fields of `offcut.pipeline.Options`.

    Answers ``{"blob", "width", "height", "model", "title", "backend", "threads", "extension", "notices", "seconds"}``.
    """
    given = Options.read(options.to_py() if options else {})
    data = (await file.arrayBuffer()).to_bytes()
    return _answer(await _engine.remove(data, given, _teller(job)))


@_answering
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


def _answer(result: Result) -> dict:
    return {
        "blob": js.Blob.new(to_js([to_js(result.data)]), type=result.format.mime),
        "width": result.width,
        "height": result.height,
        "model": result.model,
        "title": result.title,
        "backend": result.backend,
        "threads": result.threads,
        "extension": result.format.extension,
        "notices": list(result.notices),
        "seconds": result.seconds,
    }
