"""What goes back to the page: plain objects, also for errors.

Errors travel as ``{"error": {"name", "message"}}``, because an exception would lose its name on the way.
"""

import functools

import js
from pyodide.ffi import JsProxy, to_js

from ..errors import OffcutError
from ..pipeline import Origin, Result, enough_memory
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


def tell(what: str, *values: object) -> None:
    """Tell the page something that it did not ask for, as ``{what: values}``.

    In a message, not through PyScript's `sync`: that has the worker wait, on a busy processor, until the page has time.
    """
    js.postMessage(to_js({what: values}, dict_converter=js.Object.fromEntries))


def teller(job: int) -> Progress:
    """Tells the page of the progress of one job."""
    return functools.partial(tell, "progress", job)


def answer_of(result: Result) -> dict:
    """A finished cutout as ``{"blob", "width", "height", "model", "title", "backend", "threads", "extension", "notices",
    "seconds"}``."""
    blob = js.Blob.new(to_js([to_js(result.data)]), type=result.format.mime)
    told = told_of(result, result.width, result.height, result.seconds)
    return told | {"blob": blob, "extension": result.format.extension}


def told_of(origin: Origin | Result, width: int, height: int, seconds: dict[str, float]) -> dict:
    """What every answer with a picture says of it: ``{"width", "height", "model", "title", "backend", "threads", "notices",
    "seconds"}``."""
    return {
        "width": width, "height": height, "model": origin.model, "title": origin.title, "backend": origin.backend,
        "threads": origin.threads, "notices": list(origin.notices), "seconds": seconds,
    }
