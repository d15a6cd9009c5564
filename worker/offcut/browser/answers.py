"""What goes back to the page: plain objects, also for errors.

Errors travel as ``{"error": {"name", "message"}}``, because an exception would lose its name on the way.
"""

import js
from pyodide.ffi import JsProxy, to_js
from pyscript import sync

from ..errors import OffcutError
from ..pipeline import Result, enough_memory
from ..stages import Progress


def answering(function):
    """Turn errors into answers, and answers into plain JavaScript objects."""

    async def call(*arguments) -> JsProxy:
        try:
            with enough_memory():
                answer = await function(*arguments)
        except OffcutError as error:
            answer = {"error": {"name": error.name, "message": str(error)}}
        return to_js(answer, dict_converter=js.Object.fromEntries)

    return call


def teller(job: int) -> Progress:
    """Tells the page of the progress of one job."""
    return lambda stage, done, total: sync.progress(job, stage, done, total)


def answer_of(result: Result) -> dict:
    """A finished cutout as ``{"blob", "width", "height", "model", "title", "backend", "threads", "extension", "notices",
    "seconds"}``."""
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
