"""What goes back to the page: plain objects, also for errors.

Errors travel as ``{"error": {"name", "message"}}``, because an exception would lose its name on the way. Answers with
pictures travel as a message of their own, ``{"answer": [number, answer]}``, and what is asked for then is ``{"sent": number}``:
PyScript's `sync` would copy the pictures, once on each side, where a message hands them over.
"""

import functools
import itertools
from collections.abc import Iterator, Sequence

import js
from pyodide.ffi import JsProxy, to_js

from offcut.browser.interop import plain
from offcut.errors import OffcutError
from offcut.pipeline import Provenance, Result, enough_memory
from offcut.progress import Progress

_numbers = itertools.count()


def answering(function):
    """Turn errors into answers, and answers into plain JavaScript objects."""

    async def call(*arguments) -> JsProxy:
        try:
            with enough_memory():
                answer = await function(*arguments)
        except OffcutError as error:
            answer = {"error": {"name": error.name, "message": str(error)}}
        pictures = list(_pictures(answer))
        if pictures:
            number = next(_numbers)
            _post({"answer": (number, answer)}, pictures)
            answer = {"sent": number}
        return plain(answer)

    return call


def _pictures(answer: object) -> Iterator[JsProxy]:
    """The bitmaps of an answer and of the answers in it."""
    for value in answer.values() if isinstance(answer, dict) else ():
        if isinstance(value, JsProxy) and value.constructor == js.ImageBitmap:
            yield value
        else:
            yield from _pictures(value)


def tell(what: str, *values: object) -> None:
    """Tell the page something that it did not ask for, as ``{what: values}``.

    In a message, not through PyScript's `sync`: that has the worker wait, on a busy processor, until the page has time.
    """
    _post({what: values})


def _post(message: dict, handed_over: Sequence[JsProxy] = ()) -> None:
    js.postMessage(plain(message), to_js(list(handed_over)))


def teller(job: int) -> Progress:
    """Tells the page of the progress of one job."""
    return functools.partial(tell, "progress", job)


def answer_of(result: Result) -> dict:
    """A finished cutout as ``{"blob", "width", "height", "model", "title", "backend", "threads", "extension", "notices",
    "seconds"}``."""
    blob = js.Blob.new(to_js([to_js(result.data)]), type=result.format.mime)
    told = told_of(result, result.width, result.height, result.seconds)
    return told | {"blob": blob, "extension": result.format.extension}


def told_of(origin: Provenance | Result, width: int, height: int, seconds: dict[str, float]) -> dict:
    """What every answer with a picture says of it: ``{"width", "height", "model", "title", "backend", "threads", "notices",
    "seconds"}``."""
    return {
        "width": width,
        "height": height,
        "model": origin.model,
        "title": origin.title,
        "backend": origin.backend,
        "threads": origin.threads,
        "notices": list(origin.notices),
        "seconds": seconds,
    }
