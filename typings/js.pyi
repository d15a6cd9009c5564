"""The global scope of JavaScript, in Pyodide and in MicroPython: whatever a browser has there, so it has no types."""

from typing import Any

def __getattr__(name: str) -> Any: ...
