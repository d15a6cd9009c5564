"""What this browser does not have here, each of which costs something and none of which is needed for a cutout."""

import js


async def missing():
    """Keys of what is missing, out of: worker, isolation, cache, gpu, persistence."""
    found = []
    navigator = js.navigator
    if not await _has_worker(navigator):
        found.append("worker")
    if not js.crossOriginIsolated:
        found.append("isolation")
    if not getattr(js.window, "caches", None):
        found.append("cache")
    if not await _has_gpu(navigator):
        found.append("gpu")
    if not await _is_persistent(navigator):
        found.append("persistence")
    return found


async def _has_worker(navigator):
    workers = getattr(navigator, "serviceWorker", None)
    try:
        return bool(workers and await workers.getRegistration())
    except Exception:
        return False


async def _has_gpu(navigator):
    gpu = getattr(navigator, "gpu", None)
    try:
        return bool(gpu and await gpu.requestAdapter())
    except Exception:
        return False


async def _is_persistent(navigator):
    storage = getattr(navigator, "storage", None)
    try:
        return bool(storage and await storage.persisted())
    except Exception:
        return False
