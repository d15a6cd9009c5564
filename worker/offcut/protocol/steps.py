"""The kinds of operations and the names of the steps that they leave in the history: keys of the language files."""

ORIGINAL = "step.start"
"""The photo before the first step."""

UPGRADE = "step.finer"
"""Puts another network's alpha under everything that was done since."""

NAMED_BY_MODE = ("region", "stroke", "point")
"""Kinds whose steps are named after the operation's mode, all others after the kind."""


def step_name(operation: dict[str, object]) -> str:
    """The name of the step that an operation leaves, such as ``"step.erase"`` for a stroke that erases."""
    kind = operation["kind"]
    return "step." + str(operation["mode"] if kind in NAMED_BY_MODE else kind)
