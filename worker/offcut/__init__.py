"""Offcut removes the background of photos, on this machine alone.

    from offcut import remove

    cutout = remove(photo)  # bytes of an image file in, bytes of a PNG with transparency out

For many photos, load the model once with `new_session` and pass it on. The worker in the browser uses `Engine`
directly. Only `offcut.browser` imports JavaScript modules and only `offcut.inference.onnx_native` imports onnxruntime;
everything else is numpy and Pillow, and computes the same in Pyodide and on CPython.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from offcut import errors as errors
    from offcut.alternatives.removal import Alternative as Alternative
    from offcut.alternatives.removal import Alternatives as Alternatives
    from offcut.native import RemovalSession as RemovalSession
    from offcut.native import new_session as new_session
    from offcut.options import Options as Options
    from offcut.pipeline import Engine as Engine
    from offcut.recipes import Info as Info
    from offcut.recipes import Recipe as Recipe
    from offcut.removal import AsyncEngine as AsyncEngine
    from offcut.removal import remove as remove

__version__ = "0.1.0"

__all__ = [
    "Alternative",
    "Alternatives",
    "AsyncEngine",
    "Engine",
    "Info",
    "Options",
    "Recipe",
    "RemovalSession",
    "__version__",
    "errors",
    "new_session",
    "remove",
]

_MODULES = {
    "Alternative": "alternatives.removal",
    "Alternatives": "alternatives.removal",
    "AsyncEngine": "removal",
    "Engine": "pipeline",
    "Info": "recipes",
    "Options": "options",
    "Recipe": "recipes",
    "RemovalSession": "native",
    "errors": "errors",
    "new_session": "native",
    "remove": "removal",
}


def __getattr__(name: str) -> Any:
    """Import public names on first use: in the browser, onnxruntime must be started before numpy is imported."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"{__name__}.{_MODULES[name]}")
    value = module if name == "errors" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
