"""Another network's alpha put under everything that was done since: the steps are done again on top of it."""

import json
import zlib
from collections.abc import Awaitable, Callable

import numpy as np

from offcut.editing.document import Document
from offcut.editing.operations import Operation, Upgrade, read_operation
from offcut.errors import OffcutError
from offcut.geometry import Box


async def put_under(
    document: Document, model: str, alpha: np.ndarray, apply: Callable[[Operation], Awaitable[Box | None]]
) -> Box | None:
    """Make an alpha the first step of a document, and do all other steps again, undone ones too.

    Args:
        document: changed in place.
        model: id of the network that found the alpha.
        alpha: uint8 ``(h, w)``, 0 to 255.
        apply: does one operation on the document.

    Returns:
        All of the photo; None where the document is unchanged, because the alpha is the same, or because a step cannot
        be done again: it was dropped from the history, or what it needs is not in this alpha.
    """
    history = document.history
    steps, position = list(history.steps), history.position
    if history.dropped:
        return None
    document.goto(0)
    upgrade = Upgrade({"kind": "finer", "model": model}, document.size)
    upgrade.alpha = alpha
    if document.apply(upgrade) is None:
        document.goto(position)
        return None
    undone = 0  # how many of the steps that are done again were undone before
    try:
        for index, step in enumerate(steps):
            # A step that changes nothing on this alpha is dropped.
            done = await apply(read_operation(json.loads(zlib.decompress(step.operation)), document.size))
            undone += done is not None and index >= position
    except OffcutError:
        document.goto(0)
        history.steps = steps
        document.goto(position)
        return None
    document.goto(len(history.steps) - undone)
    return Box.of_size(*document.size)
