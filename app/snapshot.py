"""A quicker start next time: has the interpreter's memory kept on this device (`worker/interpreter.mjs`)."""

import asyncio

import js
from dom import document, object_of, on

_PAUSE = 4
"""Seconds in which nothing happens before the work begins: it takes a core for some seconds."""


class Snapshot:
    """Makes the snapshot once the page has nothing else to do; gives way to a photo."""

    def __init__(self, is_busy):
        """`is_busy()` says whether a photo is on its way."""
        self._is_busy = is_busy
        self._worker = None
        self._made = False
        self._is_waiting = False

    async def make(self):
        """Wait for a quiet moment and make it, until it is made."""
        if self._is_waiting:
            return
        self._is_waiting = True
        while not self._made:
            await asyncio.sleep(_PAUSE)
            if self._worker is None and not self._is_busy() and not document.hidden:
                self._start()

    def give_way(self):
        """A photo has come: the processor is for that. It is tried again later."""
        if self._worker is not None:
            self._worker.terminate()
            self._worker = None

    def _start(self):
        settings = object_of(type="module", name="offcut-snapshot")
        try:
            self._worker = js.Worker.new("worker/interpreter.mjs", settings)
        except Exception:
            self._made = True  # no such workers in this browser: it starts the plain way
            return
        on(self._worker, "message", lambda event: self._done())
        on(self._worker, "error", lambda event: self._done())

    def _done(self):
        self._made = True
        self.give_way()
