"""Another network's alpha put under what was done since, or taken away from there: all steps are done again."""

import json
import zlib
from collections.abc import Awaitable, Callable

import numpy as np

from offcut.editing.document import Document
from offcut.editing.history import Step
from offcut.editing.operations import Operation, Upgrade, read_operation
from offcut.editing.settings import Settings
from offcut.errors import OffcutError
from offcut.geometry import Box
from offcut.protocol.steps import UPGRADE

Apply = Callable[[Operation, Settings | None], Awaitable[Box | None]]
"""Does one operation on a document, and with the same step changes its settings (`Document.apply`)."""


async def put_under(document: Document, model: str, alpha: np.ndarray, apply: Apply) -> Box | None:
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
    upgrade = Upgrade({"kind": "finer", "model": model}, document.size)
    upgrade.alpha = alpha
    return await _do_again(document, upgrade, 0, apply)


async def take_away(document: Document, apply: Apply) -> Box | None:
    """Do everything again on the first network's alpha, without the upgrade that `put_under` made the first step.

    Returns:
        All of the photo; None where the document is unchanged, because there is no upgrade, or a step cannot be done
        again.
    """
    history = document.history
    if not history.steps or history.steps[0].name != UPGRADE:
        return None
    if len(history.steps) == 1:
        return document.goto(0)  # it can be redone
    return await _do_again(document, None, 1, apply)


async def _do_again(document: Document, first: Operation | None, start: int, apply: Apply) -> Box | None:
    """Do the steps from `start` on again, undone ones too, after `first` in place of those before."""
    history = document.history
    steps, position = list(history.steps), history.position
    if history.dropped:
        return None
    document.goto(0)
    history.steps = []
    if first is not None and document.apply(first) is None:
        history.steps = steps
        document.goto(position)
        return None
    undone = 0  # how many of the steps that are done again were undone before
    try:
        for index, step in enumerate(steps[start:], start):
            before = len(history.steps)
            await _apply_again(document, step, apply)
            undone += index >= position and len(history.steps) > before  # a step that changes nothing now is dropped
    except OffcutError:
        document.goto(0)
        history.steps = steps
        document.goto(position)
        return None
    document.goto(len(history.steps) - undone)
    return Box.of_size(*document.size)


async def _apply_again(document: Document, step: Step, apply: Apply) -> None:
    settings = step.change.after if step.change else None
    if step.operation:
        await apply(read_operation(json.loads(zlib.decompress(step.operation)), document.size), settings)
    elif settings:
        document.change(settings, step.name)
