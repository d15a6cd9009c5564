"""Which tool a gesture uses, and what the pointer looks like."""

import pytest
from editor.background import Background
from editor.camera import Camera
from editor.cursor import BrushCursor
from editor.tool_selection import ToolSelection
from editor.tools import BrushTool

from tests.page.editor.fakes import FakeControls
from tests.page.fakes import heard


class Frames:
    def request_overlay(self) -> None:
        pass


class Tools:
    def __init__(self) -> None:
        self.controls = FakeControls()
        self.background = Background(self.controls, None, None)
        camera = Camera()
        camera.resize(400, 300)
        self.cursor, self.brush = BrushCursor(camera, Frames()), BrushTool(None)
        self.selection = ToolSelection(
            self.controls, self.background, self.cursor, self.brush, "box", "region", "picker", "mover"
        )

    @property
    def current(self):
        tool = self.selection.current_tool()
        return "brush" if tool is self.brush else tool


@pytest.fixture
def tools() -> Tools:
    return Tools()


@pytest.mark.parametrize(
    ("panel", "mode", "tool", "shape"),
    [
        (None, "smart", None, "hand"),
        ("brush", "smart", "brush", "brush"),
        ("smart", "smart", "brush", "brush"),
        ("smart", "box", "box", "cross"),
        ("smart", "keep", "region", "cross"),
        ("smart", "remove", "region", "cross"),
        ("place", "smart", "mover", "hand"),
        ("edges", "smart", None, "hand"),
        ("history", "smart", None, "hand"),
    ],
)
def test_each_panel_has_its_tool(tools, panel, mode, tool, shape):
    tools.controls.values["smart.mode"] = mode
    tools.selection.open_panel(panel)
    assert tools.current == tool and tools.selection.pointer_shape == shape
    assert bool(tools.cursor.diameter) == (tool == "brush")
    assert tools.selection.is_painting == (panel in ("brush", "smart"))


def test_the_brush_is_set_up_as_its_sliders_say(tools):
    tools.selection.open_panel("brush")
    brush = tools.brush
    assert (brush.mode, brush.size, brush.softness, brush.opacity) == ("erase", 40, 0.3, 1)
    tools.controls.move("brush.mode", "restore")
    tools.controls.move("brush.size", 60)
    assert (brush.mode, brush.size, tools.cursor.diameter) == ("restore", 60, 60)
    tools.selection.open_panel("smart")
    assert (brush.mode, brush.size, tools.selection.size_control) == ("smart", 90, "smart.size")


def test_a_colour_is_picked_until_another_tool_is_opened(tools):
    picking = heard(tools.background.picking_changed)
    tools.selection.open_panel("background")
    tools.background.set_picking(True)
    assert tools.current == "picker"
    tools.selection.open_panel("background")
    assert tools.current == "picker"
    tools.selection.open_panel("brush")
    assert tools.current == "brush" and len(picking) == 2


def test_the_ring_is_shown_in_the_middle_while_the_size_is_set(tools):
    tools.selection.open_panel("brush")
    tools.controls.move("brush.size", 50, is_moving=True)
    assert tools.cursor.position == (200, 150)
    tools.controls.move("brush.size", 50)
    assert tools.cursor.position is None
    tools.cursor.position = 10, 20  # a pointer is on the canvas
    tools.controls.move("brush.size", 60, is_moving=True)
    tools.controls.move("brush.size", 60)
    assert tools.cursor.position == (10, 20)


def test_operations_of_the_smart_tools(tools):
    tools.controls.values |= {"smart.mode": "remove", "smart.tolerance": 0.25, "smart.pixels": 316}
    selection = tools.selection
    assert selection.region_operation(5, 6) == {"kind": "point", "mode": "remove", "x": 5, "y": 6}
    tools.controls.values["smart.reach"] = "region"
    assert selection.region_operation(5, 6) == {
        "kind": "region",
        "mode": "remove",
        "x": 5,
        "y": 6,
        "tolerance": 0.25,
    }
    assert selection.cleanup_operation("specks") == {"kind": "specks", "pixels": 316}
