"""Another network's alpha put under everything that was done since: the steps are done again on top of it."""

import json
import zlib
from collections.abc import Awaitable, Callable

import numpy as np

from offcut.editing.document import Document
from offcut.editing.operations import Operation
from offcut.errors import OffcutError
from offcut.geometry import Box


async def put_under(
    document: Document, model: str, alpha: np.ndarray, again: Callable[[Operation], Awaitable[Box | None]]
) -> Box | None:
    """Make an alpha the first step of a document, and do all others once more, undone ones too.

    Args:
        document: changed in place.
        model: id of the network that found the alpha.
        alpha: uint8 ``(h, w)``, 0 to 255.
        again: does one operation on the document.

    Returns:
        All of the photo; None where the document is as it was, because the alpha is no other, or because a step cannot be
        done again: it is too old to be known, or what it needs is not in this alpha.
    """
    history = document.history
    steps, position = list(history.steps), history.position
    if history.dropped:
        return None
    whole = Box(0, alpha.shape[0], 0, alpha.shape[1])
    document.goto(0)
    if document.apply({"kind": "finer", "model": model}, (whole, alpha)) is None:
        document.goto(position)
        return None
    ahead = 0  # how many of the steps that are done again were undone
    try:
        for place, step in enumerate(steps):
            # One that has nothing to do on this alpha is no step any more.
            done = await again(json.loads(zlib.decompress(step.operation)))
            ahead += done is not None and place >= position
    except OffcutError:
        document.goto(0)
        history.steps = steps
        document.goto(position)
        return None
    document.goto(len(history.steps) - ahead)
    return whole
