"""PyScript on the page and in the worker."""

from typing import Any

workers: Any

def js_import(*addresses: str) -> Any: ...
