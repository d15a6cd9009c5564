"""What PyScript's core gives to Python in a worker."""

from typing import Any

xworker: Any
