"""Another network's alpha put under what was done since: all later steps are done again."""

from collections.abc import Awaitable, Callable

from offcut.editing.document import Document
from offcut.editing.history import Step
from offcut.editing.operations import Operation, read_operation
from offcut.editing.settings import Settings
from offcut.errors import HelpError, OffcutError
from offcut.geometry import Box
from offcut.protocol.steps import UNDERLYING

REASON = "steps"
"""The reason of a HelpError: a step cannot be done again."""

Apply = Callable[[Operation, Settings | None], Awaitable[Box | None]]
"""Does one operation on a document, and with the same step changes its settings (`Document.apply`)."""


async def put_under(document: Document, model: str, is_upgrade: bool, apply: Apply) -> Box | None:
    """Have another network's alpha under everything that was done, as one more step.

    Args:
        document: changed in place.
        model: id of a network whose alpha is in `Document.alternatives`.
        is_upgrade: whether it comes by itself. It is the first step then, also below a result that was chosen. A
            result that a person chooses comes after such steps.
        apply: does one operation on the document.

    Returns:
        All of the photo; None where the alpha is the same, so that there is no step.

    Raises:
        HelpError: a step cannot be done again: it was dropped from the history, or what it needs is not in this alpha.
        OffcutError: any other of `apply`. Whichever it is, the document is unchanged.
    """
    history = document.history
    steps, position = list(history.steps), history.position
    start = 0 if is_upgrade else document.underlying
    operation = read_operation({"kind": "finer" if is_upgrade else "chosen", "model": model}, document.size)
    if history.dropped:
        raise _refused()
    document.goto(start)
    history.steps = steps[:start]
    try:
        if await apply(operation, None) is None:
            _restore(document, start, steps, position)
            return None
    except OffcutError:
        _restore(document, start, steps, position)
        raise
    undone = 0  # how many of the steps that are done again were undone before
    try:
        for index, step in enumerate(steps[start:], start):
            before = len(history.steps)
            if index < position or step.name not in UNDERLYING:
                await _apply_again(document, step, apply)
            undone += index >= position and len(history.steps) > before  # a step that changes nothing now is dropped
    except OffcutError as error:
        _restore(document, start, steps, position)
        raise _refused() from error
    document.goto(len(history.steps) - undone)
    return Box.of_size(*document.size)


def _restore(document: Document, start: int, steps: list[Step], position: int) -> None:
    """Have the steps again that there were before those from `start` on were done again."""
    document.goto(start)
    document.history.steps = steps
    document.goto(position)


def _refused() -> HelpError:
    return HelpError(
        "This result cannot be put under what you did: one of the steps cannot be done again on it. Undo that step, or "
        "start over.",
        REASON,
    )


async def _apply_again(document: Document, step: Step, apply: Apply) -> None:
    settings = step.change.after if step.change else None
    if step.operation:
        await apply(read_operation(step.given, document.size), settings)
    elif settings:
        document.change(settings, step.name)
