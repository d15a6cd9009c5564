"""How much of the runtime (Pyodide, wheels, onnxruntime) has arrived, as the service worker counts it."""

import asyncio

import js
from dom import on


class Runtime:
    """Counts bytes on a first visit. Later visits find everything on the device and hear nothing from here."""

    def __init__(self, listener):
        """`listener(done, total)` is called with bytes as they arrive, until `done` is called."""
        self.is_up = False
        self._listener = listener
        self._total = 0
        on(js.window, "offcut:runtime", lambda event: self.tell())
        asyncio.create_task(self._weigh())

    def done(self):
        """The runtime is up; whatever still arrives is of no interest."""
        self.is_up = True

    async def _weigh(self):
        try:
            listing = await (await js.fetch("files.json")).json()
            needed = [file for file in listing.files if file.group == "runtime" and not hasattr(file, "optional")]
            self._total = sum(file.bytes for file in needed)
        except Exception:
            return  # then the bar moves without a figure
        self.tell()

    def tell(self):
        """Tell the listener how much there is by now, unless all is up or nothing has been counted."""
        arrived = js.offcut.arrived
        if self.is_up or not self._total or not js.Object.keys(arrived).length:
            return
        self._listener(sum(getattr(arrived, path) for path in js.Object.keys(arrived)), self._total)
