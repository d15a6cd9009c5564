"""Requests of the page and their responses, as messages through one `MessagePort` (`offcut.protocol.messages`)."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import js
from pyodide.ffi import JsException, JsProxy, create_proxy, to_js

from offcut.browser.interop import from_js, to_plain_js
from offcut.errors import BROKEN, OffcutError
from offcut.pipeline import enough_memory
from offcut.protocol import messages
from offcut.protocol.requests import Request

Exports = Mapping[Request, Callable[..., Awaitable[Any]]]
"""The function that responds to each request. It gets the request's arguments, and a `Progress` last where the request
reports progress; it returns what `to_plain_js` can convert, with bitmaps and blobs in it."""


class RpcServer:
    """Responds to requests, several at a time."""

    def __init__(self) -> None:
        self._exports: dict[str, tuple[Request, Callable[..., Awaitable[Any]]]] = {}
        self._port: JsProxy | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_recipes: Callable[[JsProxy, float], object] = lambda port, limit: None
        """Called with the port to the worker of recipes, and the seconds that a recipe may take."""

    def export(self, exports: Exports) -> None:
        """Respond to these requests from now on."""
        self._exports |= {request.name: (request, function) for request, function in exports.items()}

    def listen(self, xworker: Any) -> None:
        """Wait for the page to connect. `xworker` is PyScript's, which passes on what the page sends to the worker."""
        xworker.onmessage = create_proxy(self._connect)

    def post(self, kind: str, *values: object, transfer: Sequence[JsProxy] = ()) -> None:
        """Send one message to the page, if it has connected. `transfer` is handed over instead of copied."""
        if self._port:
            self._port.postMessage(to_plain_js([kind, *values]), to_js(list(transfer)))

    def _connect(self, event: JsProxy) -> None:
        data = from_js(event.data)
        if not isinstance(data, list):
            return
        if data[0] == messages.CONNECT:
            self._port = event.ports[0]
            self._port.onmessage = create_proxy(self._receive)
        elif data[0] == messages.CONNECT_RECIPES:
            self.on_recipes(event.ports[0], data[1])

    def _receive(self, event: JsProxy) -> None:
        task = asyncio.ensure_future(self._answer(*event.data))
        self._tasks.add(task)  # the event loop alone would not keep it
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, id: int, name: str, arguments: JsProxy) -> None:
        try:
            request, function = self._exports[name]
            given = [from_js(argument) for argument in arguments]
            if request.reports_progress:
                given.append(functools.partial(self.post, messages.PROGRESS, id))
            with enough_memory(), _enough_buffers():
                response = await function(*given)
            self.post(messages.ANSWER, id, {} if response is None else response, transfer=list(_bitmaps(response)))
        except OffcutError as error:
            if _breaks_worker(error):
                self.post(messages.ENDED, error.name, str(error), error.reason, error.kind)
            else:
                self.post(messages.ERROR, id, error.name, str(error), "", error.reason, error.kind)
        except Exception as error:
            import traceback  # only here: nothing else at a start needs it

            details = "".join(traceback.format_exception(error))
            self.post(messages.ERROR, id, messages.INTERNAL_ERROR, str(error), details, "", "")


@contextmanager
def _enough_buffers() -> Iterator[None]:
    """Raise MemoryError in place of what JavaScript raises where it cannot make a buffer."""
    try:
        yield
    except JsException as error:
        message = str(error)
        if "RangeError" in message and "alloc" in message.lower():
            raise MemoryError(message) from error
        raise


def _breaks_worker(error: OffcutError) -> bool:
    """Whether nothing may be expected of this worker any more: WebAssembly's memory never shrinks, and onnxruntime's
    does not work again after a trap."""
    return isinstance(error.__cause__, MemoryError) or error.reason == BROKEN


def _bitmaps(response: object) -> Iterator[JsProxy]:
    """The bitmaps of a response, at any depth."""
    for value in response.values() if isinstance(response, dict) else ():
        if isinstance(value, JsProxy) and value.constructor == js.ImageBitmap:
            yield value
        else:
            yield from _bitmaps(value)
