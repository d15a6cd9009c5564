"""How much of the runtime (Pyodide, wheels, onnxruntime) has arrived on a first visit."""

from core.signals import Signal


class RuntimeDownload:
    """Adds up the bytes of the files that the service worker fetches. Later visits find everything on the device."""

    def __init__(self, arrived) -> None:
        """`arrived()` returns the bytes that have arrived of each file, by path."""
        self._arrived = arrived
        self._total = 0
        self._shares: dict[str, float] = {}  # what is transferred of a packed file, by path
        self.is_ready = False
        """Whether the runtime is running."""

        self.progress = Signal()
        """Emitted with ("runtime", done, total) in bytes."""

    def set_files(self, listing: dict | None) -> None:
        """Take the site's list of files, `files.json`; None where it cannot be had, and there are no figures then."""
        if listing is None:
            return
        needed = {
            file["path"]: file
            for file in listing["files"]
            if file["group"] == "runtime" and "optional" not in file and "late" not in file
        }
        packed = {file["packs"]: file["bytes"] for file in needed.values() if "packs" in file}
        self._shares = {path: size / needed[path]["bytes"] for path, size in packed.items()}
        self._total = sum(file["bytes"] for path, file in needed.items() if path not in packed)
        self.report()

    def finish(self) -> None:
        """The runtime is running; whatever still arrives is of no interest."""
        self.is_ready = True

    def report(self) -> None:
        """Emit `progress`, unless the runtime is running or nothing has been counted."""
        arrived = self._arrived()
        if self.is_ready or not self._total or not arrived:
            return
        done = sum(size * self._shares.get(path, 1) for path, size in arrived.items())
        self.progress.emit("runtime", done, self._total)
