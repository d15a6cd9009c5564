"""`window.offcut`: what other code on the page may use. docs/embedding.md is its description."""

import json

import js
from core.abort import unless_aborted
from core.dom import document, object_of, on, promise
from core.errors import internal_error
from core.i18n import t
from core.log import log
from core.worker_client import EngineError
from embedding import FrameRequests
from pyscript.ffi import create_proxy, to_js

_OLD_NAMES = {
    "small": "low_memory",
    "trouble": "storage_problem",
    "chosen": "selected_model",
    "finer": "upgrade_state",
}
"""Fields of `info` by the names that they had before; they stay for whoever still reads them."""


def publish(worker, models, upgrade, presets):
    """Put the functions in place. `ready` is settled later, by what `follow` connects.

    Args:
        worker: the `WorkerClient`.
        models: the `ModelPicker`.
        upgrade: the `AutoUpgrade`.
        presets: the `Preset`s of this site by id.

    Returns:
        The function `remove`, for `serve_frame`.
    """

    async def remove(blob, options, on_progress=announce):
        blob = await _as_blob(blob)
        signal, options = _without_signal(options)
        options = _with_look(options, presets)
        if signal and signal.aborted:
            raise _aborted()
        response = await unless_aborted(worker.remove(blob, options, on_progress), signal, _listen, abort)
        return response if hasattr(response, "results") else response.blob

    def abort():
        worker.give_up()
        return _aborted()

    async def info():
        page = object_of(selected_model=models.selected, upgrade_state=upgrade.state)
        response = js.Object.assign(await worker.info(), page)
        for old, new in _OLD_NAMES.items():
            setattr(response, old, getattr(response, new))
        if hasattr(response.trial, "cpu_seconds"):
            response.trial.processor_seconds = response.trial.cpu_seconds
        return response

    async def release():
        worker.stop()

    def expose(name, function):
        setattr(js.offcut, name, create_proxy(function))

    _expose_idle_timeout(worker)
    expose("remove", lambda blob=None, options=None: promise(remove(blob, options), as_js_error))
    expose("info", lambda: promise(info(), as_js_error))
    expose("release", lambda: promise(release(), as_js_error))
    return remove


def serve_frame(remove, engine_start):
    """Answer the page around this one, where this one is in a frame.

    Args:
        remove: what `publish` has returned.
        engine_start: the `EngineStart`.
    """
    if not hasattr(js.offcut, "tellParent"):
        return

    def post(fields, origin):
        js.offcut.tellParent(object_of(**fields), origin)

    origins = document.querySelector("meta[name=offcut-embedders]").content.split()
    requests = FrameRequests(remove, post, origins)
    js.offcut.onParent = create_proxy(requests.receive)
    engine_start.failed.connect(requests.announce_failure)
    requests.announce()


async def _as_blob(image):
    """Return an image as a `Blob`: of one, of the bytes of a file, or of an `ImageData`. Raises EngineError."""
    if hasattr(image, "arrayBuffer"):
        return image
    if hasattr(image, "byteLength"):
        return js.Blob.new(to_js([image]))
    if hasattr(image, "colorSpace"):
        canvas = js.OffscreenCanvas.new(image.width, image.height)
        canvas.getContext("2d").putImageData(image, 0, 0)
        return await canvas.convertToBlob()
    raise EngineError("NotAnImageError", t("error.NotABlob"))


def _without_signal(options):
    """Return the `AbortSignal` of some options, or None, and the options that the worker gets: it cannot have that."""
    signal = getattr(options, "signal", None) if options else None
    if not signal:
        return None, options
    rest = js.Object.assign(object_of(), options)
    js.Reflect.deleteProperty(rest, "signal")
    return signal, rest


def _with_look(options, presets):
    """Return options with the look of the preset that they name: the worker knows no presets."""
    name = getattr(options, "preset", None) if options else None
    if not name:
        return options
    if name not in presets:
        known = ", ".join(sorted(presets))
        raise EngineError("OptionError", f"There is no preset {name!r}. Use one of: {known}.")
    look = js.JSON.parse(json.dumps(presets[name].look))
    rest = js.Object.assign(object_of(), options, object_of(look=look))
    js.Reflect.deleteProperty(rest, "preset")
    return rest


def _listen(signal, function):
    proxy = create_proxy(function)
    signal.addEventListener("abort", proxy)
    return lambda: signal.removeEventListener("abort", proxy)


def _aborted():
    return EngineError("AbortError", t("error.AbortError"))


def follow(flow, engine_start, runtime):
    """Report what happens: `offcut:progress`, `offcut.seconds` and `offcut.ready`.

    Args:
        flow: the `PhotoFlow`. While it has a photo the worker is not stopped for being idle.
        engine_start: the `EngineStart`.
        runtime: the `RuntimeDownload`.
    """
    flow.progress.connect(lambda stage, done, total, is_newest: announce(stage, done, total))
    engine_start.progress.connect(announce)
    runtime.progress.connect(announce)
    flow.finished.connect(lambda response, file: _note_seconds(response))
    engine_start.ready.connect(lambda info: _settle())
    engine_start.stopped.connect(_settle)
    engine_start.failed.connect(_settle)
    on(js.window, "offcut:idle", lambda event: flow.current is not None and event.preventDefault())


def as_js_error(error):
    """Make the JavaScript `Error` of an exception: its stable name, and its traceback where it was not foreseen."""
    if not isinstance(error, EngineError):
        log.error("A call of window.offcut failed", cause=error)
        error = internal_error(error)
    result = js.Error.new(error.message)
    result.name = error.name
    if error.details:
        result.details = error.details
    return result


def note_blocked(directive, address):
    """Note what the policy has blocked in the worker, for the privacy dialog."""
    js.offcut.attempted(directive, address)


def may_stop_worker():
    """Ask the window whether the idle worker may be stopped.

    Whoever has work in it prevents the default of `offcut:idle`.
    """
    return js.dispatchEvent(js.CustomEvent.new("offcut:idle", object_of(cancelable=True)))


def announce(stage, done, total):
    """Send `offcut:progress` to the window."""
    detail = object_of(stage=stage, loaded=done, total=total)
    js.dispatchEvent(js.CustomEvent.new("offcut:progress", object_of(detail=detail)))


def timing_overrides():
    """Return `offcut.timing` as a dictionary. Tests set it before the page starts, to shorten what it waits for."""
    given = getattr(js.offcut, "timing", None)
    return {name: getattr(given, name) for name in js.Object.keys(given)} if given else {}


def _settle(error=None):
    """Settle `offcut.ready`."""
    if error is None:
        js.offcut.resolve(js.offcut)
    else:
        js.offcut.reject(as_js_error(error))


def _note_seconds(response):
    js.offcut.seconds = response.seconds


def _expose_idle_timeout(worker):
    """Make `offcut.idle` a property: whoever sets it sets the client's idle timeout."""
    if hasattr(js.offcut, "idle"):
        worker.idle_timeout = js.offcut.idle

    def change(seconds):
        worker.idle_timeout = seconds

    accessors = object_of(
        get=create_proxy(lambda: worker.idle_timeout), set=create_proxy(change), configurable=True, enumerable=True
    )
    js.Object.defineProperty(js.offcut, "idle", accessors)
