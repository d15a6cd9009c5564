"""Python's dictionaries and lists as JavaScript's plain objects and arrays."""

import js
from pyodide.ffi import JsProxy, to_js


def plain(value: object) -> JsProxy:
    """A copy of a value as JavaScript's own; Pyodide alone would make a `Map` of a dictionary."""
    return to_js(value, dict_converter=js.Object.fromEntries)
