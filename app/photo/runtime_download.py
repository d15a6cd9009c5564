"""How much of the runtime (Pyodide, wheels, onnxruntime) has arrived, as the service worker counts it."""

import asyncio

import js
from core.dom import on


class RuntimeDownload:
    """Counts bytes on a first visit. Later visits find everything on the device and hear nothing from here."""

    def __init__(self, listener):
        """`listener(done, total)` is called with bytes as they arrive, until `done` is called."""
        self.is_up = False
        self._listener = listener
        self._total = 0
        self._shares = {}  # what is sent of a file, by its path, where that is a smaller form of it
        on(js.window, "offcut:runtime", lambda event: self.tell())
        asyncio.create_task(self._weigh())

    def done(self):
        """The runtime is up; whatever still arrives is of no interest."""
        self.is_up = True

    async def _weigh(self):
        try:
            listing = await (await js.fetch("files.json")).json()
            needed = {
                file.path: file for file in listing.files if file.group == "runtime" and not hasattr(file, "optional")
            }
            packed = {file.packs: file.bytes for file in needed.values() if hasattr(file, "packs")}
            self._shares = {path: count / needed[path].bytes for path, count in packed.items()}
            self._total = sum(file.bytes for path, file in needed.items() if path not in packed)
        except Exception:
            return  # then the bar moves without a figure
        self.tell()

    def tell(self):
        """Tell the listener how much there is by now, unless all is up or nothing has been counted."""
        arrived = js.offcut.arrived
        if self.is_up or not self._total or not js.Object.keys(arrived).length:
            return
        done = sum(getattr(arrived, path) * self._shares.get(path, 1) for path in js.Object.keys(arrived))
        self._listener(done, self._total)
