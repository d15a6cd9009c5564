"""Where recipes run: a worker without origin and without network (docs/decisions/0101).

Its address is `data:`, so it shares no storage with the page. It is made in the name of a frame whose policy allows no
request, and a worker from such an address inherits the policy of the document that made it.
"""

import json

import js
from core.dom import document, element, object_of
from core.log import log
from pyscript.ffi import create_proxy, to_js

POLICY = "default-src 'none'; script-src blob: 'unsafe-eval' 'wasm-unsafe-eval'; worker-src data:"
"""Of the frame, besides the page's own. blob: is how the worker imports modules that it was handed."""

_PYODIDE = "vendor/pyodide/"
_LOCK = "pyodide-lock.json"
_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "python_late.zip", _LOCK)
_ENGINE = "worker/offcut.zip"
_START = "worker/interpreter.mjs"


class Sandbox:
    """Starts the worker and ends it. It is handed every file it needs."""

    def __init__(self):
        self._frame = self._worker = None

    async def start(self):
        """Start another worker, and return a port to it.

        What is sent through the port waits until the worker is up. It says `is_ready` then, or `failed` with a reason.
        """
        self.stop()
        channel = js.MessageChannel.new()
        self._frame = frame = element("iframe", "", hidden="", title="")
        document.body.append(frame)
        policy = frame.contentDocument.createElement("meta")
        policy.httpEquiv, policy.content = "Content-Security-Policy", POLICY
        frame.contentDocument.head.append(policy)
        source, files, buffers = await _text(_START), js.Object.new(), [channel.port2]
        names = json.loads(await _text(_PYODIDE + _LOCK))["packages"].values()
        paths = [_PYODIDE + name for name in _FILES] + [_PYODIDE + entry["file_name"] for entry in names] + [_ENGINE]
        for path in paths:
            buffer = await (await js.fetch(path)).arrayBuffer()
            setattr(files, path.split("/")[-1], buffer)
            buffers.append(buffer)
        if frame is not self._frame:  # stopped meanwhile
            return channel.port1
        address = "data:text/javascript;charset=utf-8," + js.encodeURIComponent(source)
        worker = frame.contentWindow.Worker.new(address, object_of(type="module"))
        worker.onerror = create_proxy(lambda event: log.error("The worker of recipes failed: " + str(event.message)))
        worker.postMessage(object_of(files=files, port=channel.port2), to_js(buffers))
        self._worker = worker
        return channel.port1

    def stop(self):
        """End the worker, whatever it is doing."""
        if self._worker:
            self._worker.terminate()
        if self._frame:
            self._frame.remove()
        self._frame = self._worker = None


async def _text(path):
    return await (await js.fetch(path)).text()
