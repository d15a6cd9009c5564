"""The worker as JavaScript has it: a `<script>` element that PyScript starts, and a `MessagePort` to its Python."""

import js
from pyscript import workers
from pyscript.ffi import create_proxy, to_js

from core.dom import JsException, attempt, document
from core.log import log
from core.tasks import spawn
from core.worker_client import DIED
from offcut.protocol import messages
from offcut.protocol.caches import PREFIX


class WorkerTransport:
    """Starts and stops the worker, and carries messages (`offcut.protocol.messages`)."""

    def __init__(self, script):
        """`script` is the worker's `<script>` element, which PyScript starts by itself."""
        self._script = script
        self._template = script.cloneNode(True)
        self._starts = 1
        self._port = None

    async def start(self, receive):
        """Wait until the worker runs, and have `receive(kind, *values)` called with each of its messages.

        Returns the absolute URL of the folder that index.html lies in and `navigator.maxTouchPoints`, which a worker
        cannot see. Raises whatever prevented the worker from starting.
        """
        if self._script is None:
            await js.offcut.restoreService()
            self._add_script()
        script = self._script
        await workers[script.getAttribute("name")]
        worker = script.xworker
        if script is not self._script:
            worker.terminate()  # stopped before PyScript had seen the element
            return "", 0
        channel, lock = js.MessageChannel.new(), f"{PREFIX}worker-{js.Math.random()}"
        port = self._port = channel.port1

        def on_message(event):
            if event.data[0] == messages.ALIVE:
                spawn(self._watch(lock, lambda: port is self._port and receive(messages.ENDED, DIED, "", "", "")))
            else:
                receive(*event.data)

        port.onmessage = create_proxy(on_message)
        worker.postMessage(to_js([messages.CONNECT, lock]), to_js([channel.port2]))
        return js.URL.new("./", document.baseURI).href, js.navigator.maxTouchPoints

    async def _watch(self, lock, on_end):
        """Call `on_end` when the browser releases the lock that the worker holds.

        A browser may terminate a worker at any time. It sends no event, but it releases the worker's locks. On plain
        http, where there are no locks, it closes the worker's connection to a database of that name (decision 0185).
        """

        def watch_deletion(request):  # the request succeeds once the worker's connection is closed
            request.onsuccess = create_proxy(lambda event: on_end())

        locks = getattr(js.navigator, "locks", None)
        try:
            if not locks:
                await attempt(js.indexedDB, "deleteDatabase", lock).then(create_proxy(watch_deletion))
                return
            held = [one.name for one in list((await attempt(locks, "query")).held)]
            if lock not in held:  # page and worker no longer share their locks, once a site's data were deleted
                log.info("The worker is not watched")
                return
            await locks.request(lock, create_proxy(lambda lock: None))
        except JsException as error:  # locks are forbidden here
            log.info("The worker is not watched: " + str(error.args[-1]))
        else:
            on_end()

    def arrived(self):
        """Return how many bytes of the runtime have arrived, of what the service worker tells."""
        return sum(list(js.Object.values(js.offcut.arrived)))

    async def diagnose(self):
        """Return which of the site's files keeps the worker from starting, as a sentence; empty where none does."""
        return await js.offcut.diagnose()

    async def send(self, id, name, arguments):
        """Send a request. Raises an exception where an argument cannot be cloned."""
        await attempt(self._port, "postMessage", to_js([id, name, list(arguments)]))

    def connect_recipes(self, port, limit):
        """Hand the worker a port to the worker of recipes, which may take `limit` seconds for a picture."""
        if self._script and hasattr(self._script, "xworker"):
            self._script.xworker.postMessage(to_js([messages.CONNECT_RECIPES, limit]), to_js([port]))

    def stop(self):
        """Terminate the worker, if there is one."""
        if self._port:
            self._port.close()
        if self._script:
            if hasattr(self._script, "xworker"):
                self._script.xworker.terminate()
            self._script.remove()
        self._script = self._port = None

    def _add_script(self):
        self._starts += 1
        self._script = self._template.cloneNode(True)
        self._script.setAttribute("name", f"engine-{self._starts}")  # PyScript wants a name of its own for each worker
        document.body.append(self._script)
