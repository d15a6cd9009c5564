"""`window.offcut`: what other code on the page may use. docs/embedding.md is its description."""

import js
from core.dom import object_of, promise
from core.i18n import t
from core.worker_client import EngineError, as_js_error
from pyscript.ffi import create_proxy


def publish(engine, page):
    """Put the functions in place. `ready` is settled later, by `settle`.

    `page()` is what the page adds to `info`.
    """

    async def remove(blob, options):
        if not hasattr(blob, "arrayBuffer"):
            raise EngineError("NotAnImageError", t("error.NotABlob"))
        return (await engine.work("remove", blob, options, listener=announce)).blob

    async def info():
        return js.Object.assign(await engine.ask("info"), object_of(**page()))

    async def release():
        engine.stop()

    def expose(name, function):
        setattr(js.offcut, name, create_proxy(function))

    expose("remove", lambda blob=None, options=None: promise(remove(blob, options), as_js_error))
    expose("info", lambda: promise(info(), as_js_error))
    expose("release", lambda: promise(release(), as_js_error))


def settle(error=None):
    """Tell whoever awaits `offcut.ready`."""
    if error is None:
        js.offcut.resolve(js.offcut)
    else:
        js.offcut.reject(as_js_error(error))


def timed(seconds):
    """Keep what each stage of the last photo took, for `offcut.seconds`."""
    js.offcut.seconds = seconds


def may_end():
    """Ask the window whether the idle worker may end: whoever has work in it prevents the default of `offcut:idle`."""
    return js.dispatchEvent(js.CustomEvent.new("offcut:idle", object_of(cancelable=True)))


def announce(stage, done, total):
    """Send `offcut:progress` to the window."""
    detail = object_of(stage=stage, loaded=done, total=total)
    js.dispatchEvent(js.CustomEvent.new("offcut:progress", object_of(detail=detail)))
