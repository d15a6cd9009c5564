"""What comparisons of the GPU with the CPU found, in Cache Storage."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

import js
from pyodide.ffi import JsException

from offcut.inference.device import Adapter
from offcut.inference.gpu_validation import OutputComparison
from offcut.protocol import caches


class GpuResultStore:
    """Comparisons by network, device, browser and runtime: a change in any of them is a reason to compare again."""

    def __init__(self, folder: str, adapter: Adapter, runtime: str) -> None:
        """`folder` is the absolute URL that entries are named below; `runtime` is onnxruntime-web's version."""
        self._folder = folder
        # No browser tells the driver's version; the browser's own covers its half of the way to the device.
        self._device = asdict(adapter) | {"browser": js.navigator.userAgent, "runtime": runtime}

    async def recall(self, *files: str) -> OutputComparison | None:
        """Return the comparison of a network, named by the SHA-256 of the files that ran; None where there was none."""
        key, _ = self._named(files)
        try:
            response = await (await js.caches.open(caches.GPU_RESULTS)).match(key)
            return OutputComparison.read(json.loads(await response.text())["trial"]) if response else None
        except (AttributeError, JsException, ValueError, KeyError, TypeError):
            return None

    async def remember(self, trial: OutputComparison, *files: str) -> None:
        """Store a comparison. Where that fails, the next visit compares again."""
        key, identity = self._named(files)
        try:
            cache = await js.caches.open(caches.GPU_RESULTS)
            await cache.put(key, js.Response.new(json.dumps(identity | {"trial": trial.plain()})))
        except (AttributeError, JsException):
            pass

    def _named(self, files: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
        identity = self._device | {"files": files}
        name = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()
        return f"{self._folder}{name}.json", identity
