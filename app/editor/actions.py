"""What each shortcut of `SHORTCUTS` does."""

from offcut.protocol.brush import MAX_SIZE, MIN_SIZE


def actions_of(desk):
    """A function for each action, by its name."""
    viewer, panels, controls = desk.viewer, desk.panels, desk.controls

    def use(mode):
        if panels.open != "brush":
            panels.show("brush")
        controls.put("brush.mode", mode)
        viewer.canvas.focus()

    def resize(factor):
        name = "smart.size" if panels.open == "smart" else "brush.size"
        controls.put(name, min(MAX_SIZE, max(MIN_SIZE, controls.value(name) * factor)))

    def hand():
        desk.pointers.cancel()
        panels.show(None)

    return {
        "brush": lambda: use("restore"),
        "erase": lambda: use("erase"),
        "hand": hand,
        "smaller": lambda: resize(1 / 1.2),
        "larger": lambda: resize(1.2),
        "fit": viewer.fit,
        "actual": viewer.actual,
        "zoom_in": lambda: viewer.zoom(1.5),
        "zoom_out": lambda: viewer.zoom(1 / 1.5),
        "compare": lambda: desk.views.toggle("compare"),
        "mask": lambda: desk.views.toggle("mask"),
        "undo": desk.steps.undo,
        "redo": desk.steps.redo,
    }
