"""Files of this site that the page reads as data."""

import json

import js

from core.dom import JsException
from core.log import log


async def read_json(path: str) -> tuple:
    """Return (content, size in bytes) of a JSON file of this site, or (None, 0) where it cannot be had."""
    try:
        response = await js.fetch(path)
        if not response.ok:
            log.info(f"{path}: HTTP status {response.status}")
            return None, 0
        text = await response.text()
    except JsException as error:  # no connection, and no copy of it on this device
        log.info(f"{path}: " + str(error.args[-1]))
        return None, 0
    return json.loads(text), len(text.encode())
