"""What this browser lacks here. Each costs something, and none is needed for a cutout."""

import js
from core.dom import JsException

CAPABILITIES = ("worker", "isolation", "cache", "gpu", "persistence")


async def missing_capabilities() -> list:
    """Return which of `CAPABILITIES` are missing."""
    navigator = js.navigator
    has = {
        "worker": await _answers(getattr(navigator, "serviceWorker", None), "getRegistration"),
        "isolation": bool(js.crossOriginIsolated),
        "cache": bool(getattr(js.window, "caches", None)),
        "gpu": await _answers(getattr(navigator, "gpu", None), "requestAdapter"),
        "persistence": await _answers(getattr(navigator, "storage", None), "persisted"),
    }
    return [name for name in CAPABILITIES if not has[name]]


async def _answers(owner, name: str) -> bool:
    """Whether that method of `owner` has a result that counts as true. Without an owner it has none."""
    if not owner:
        return False
    try:
        return bool(await getattr(owner, name)())
    except JsException:  # the browser has it, but forbids it here, such as in a frame
        return False
