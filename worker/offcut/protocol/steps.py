"""What was done to a photo, and the names of the steps that it leaves in the history: keys of the language files."""

ORIGINAL = "step.start"
"""The photo before the first step."""

UPGRADE = "step.finer"
"""Puts a finer network's alpha under everything that was done since, by itself."""

CHOSEN = "step.chosen"
"""The same with the result that a person has chosen."""

UNDERLYING = (UPGRADE, CHOSEN)
"""These steps lie under all others."""

NAMED_BY_MODE = ("region", "stroke", "point")
"""Kinds whose steps are named after the operation's mode, all others after the kind."""


def step_name(operation: dict[str, object]) -> str:
    """The name of the step that an operation leaves, such as ``"step.erase"`` for a stroke that erases."""
    kind = operation["kind"]
    return "step." + str(operation["mode"] if kind in NAMED_BY_MODE else kind)


NAMED_EDGES = ("grow", "feather", "contrast", "decontaminate", "traces")
"""Fields of the edges with a name of their own."""

NAMED_GROUPS = ("edges", "background", "shadow", "border", "placement", "canvas", "recipe")
"""Groups of settings with a name of their own."""


def settings_step(before: dict, after: dict) -> str:  # type: ignore[type-arg]
    """The name of the step from some settings to others, both as plain objects."""
    groups = _differences(before, after)
    if len(groups) != 1 or groups[0] not in NAMED_GROUPS:
        return "step.settings"
    group = groups[0]
    if group == "background":
        return "step.background." + str(after[group]["kind"])
    if group == "edges":
        fields = _differences(before.get(group) or {}, after.get(group) or {})
        if len(fields) == 1 and fields[0] in NAMED_EDGES:
            return "step." + fields[0]
    return "step." + group


def _differences(before: dict, after: dict) -> list[str]:  # type: ignore[type-arg]
    names = list(before) + [name for name in after if name not in before]
    return [name for name in names if before.get(name) != after.get(name)]
