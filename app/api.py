"""`window.offcut`: what other code on the page may use. docs/embedding.md is its description."""

import js
from core.dom import object_of, promise
from core.i18n import t
from core.worker_client import EngineError
from pyscript.ffi import create_proxy

_OLD_NAMES = {
    "small": "low_memory",
    "trouble": "storage_problem",
    "chosen": "selected_model",
    "finer": "upgrade_state",
}
"""Fields of `info` by the names that they had before; kept for whoever still reads them."""


def publish(engine, page):
    """Put the functions in place. `ready` is settled later, by `settle`.

    `page()` is what the page adds to `info`.
    """

    async def remove(blob, options):
        if not hasattr(blob, "arrayBuffer"):
            raise EngineError("NotAnImageError", t("error.NotABlob"))
        return (await engine.remove(blob, options, announce)).blob

    async def info():
        answer = js.Object.assign(await engine.info(), object_of(**page()))
        for old, new in _OLD_NAMES.items():
            setattr(answer, old, getattr(answer, new))
        if hasattr(answer.trial, "cpu_seconds"):
            answer.trial.processor_seconds = answer.trial.cpu_seconds
        return answer

    async def release():
        engine.stop()

    def expose(name, function):
        setattr(js.offcut, name, create_proxy(function))

    _follow_idle(engine)
    expose("remove", lambda blob=None, options=None: promise(remove(blob, options), as_js_error))
    expose("info", lambda: promise(info(), as_js_error))
    expose("release", lambda: promise(release(), as_js_error))


def _follow_idle(engine):
    """Make `offcut.idle` a property: whoever sets it sets the client's idle timeout."""
    if hasattr(js.offcut, "idle"):
        engine.idle_timeout = js.offcut.idle

    def change(seconds):
        engine.idle_timeout = seconds

    accessors = object_of(
        get=create_proxy(lambda: engine.idle_timeout), set=create_proxy(change), configurable=True, enumerable=True
    )
    js.Object.defineProperty(js.offcut, "idle", accessors)


def as_js_error(error):
    """The JavaScript `Error` of an exception, with its stable name and, where it was not foreseen, its traceback."""
    result = js.Error.new(getattr(error, "message", str(error)))
    result.name = getattr(error, "name", "InternalError")
    if getattr(error, "details", ""):
        result.details = error.details
    return result


def settle(error=None):
    """Tell whoever awaits `offcut.ready`."""
    if error is None:
        js.offcut.resolve(js.offcut)
    else:
        js.offcut.reject(as_js_error(error))


def timed(seconds):
    """Keep what each stage of the last photo took, for `offcut.seconds`."""
    js.offcut.seconds = seconds


def blocked(directive, address):
    """Note what the policy has blocked in the worker, for the privacy panel."""
    js.offcut.attempted(directive, address)


def may_stop():
    """Ask the window whether the idle worker may be stopped: whoever has work in it prevents the default of `offcut:idle`."""
    return js.dispatchEvent(js.CustomEvent.new("offcut:idle", object_of(cancelable=True)))


def announce(stage, done, total):
    """Send `offcut:progress` to the window."""
    detail = object_of(stage=stage, loaded=done, total=total)
    js.dispatchEvent(js.CustomEvent.new("offcut:progress", object_of(detail=detail)))
