"""Which view is shown, and what is requested for it, once nothing moves."""

from types import SimpleNamespace

import pytest
from core.request_queue import RequestQueue
from core.signals import Signal
from editor.frames import FrameScheduler
from editor.viewer import Viewer
from editor.views import MAX_SIDE, PREVIEW_SIDE, Views, divider_share

from tests.page.editor.fakes import Bitmap, Canvas, Path, Timers, composition, photo_response
from tests.page.fakes import FakeWorker, answer, asynchronous, heard, refuse, settle


class Settings:
    def __init__(self) -> None:
        self.changed = Signal()
        self.decontaminate = True

    changes_result = False

    def value(self) -> dict:
        return {"edges": {"decontaminate": self.decontaminate}}


class Page:
    """A photo of 4000 x 3000 pixels, held at half of them, on a view of 800 x 600."""

    def __init__(self, cutout: Bitmap | None = None, held: int = 2) -> None:
        self.worker, self.queue, self.timers = FakeWorker(), RequestQueue(), Timers()
        frames = FrameScheduler(self.timers.make_frame_request)
        self.viewer = Viewer(Canvas(800, 600).context, frames, Canvas, Path, self.timers.make_timer)
        self.viewer.resize(800, 600, 1.0)
        response = photo_response(4000, 3000, is_preview=False)
        response.photo = response.alpha = Bitmap(4000 // held, 3000 // held)
        self.viewer.open(response)
        self.viewer.layers.whole.cutout = cutout
        self.settings = Settings()
        self.views = Views(self.viewer, self.worker, self.queue, self.settings)

    async def settle(self) -> None:
        self.timers.elapse()
        await settle()


def detail(call) -> SimpleNamespace:
    """The response of `render_detail`."""
    x, y, width, height, scale = call.arguments
    size = round(width * scale), round(height * scale)
    return SimpleNamespace(photo=Bitmap(*size), alpha=Bitmap(*size), x=x, y=y, width=width, height=height)


@asynchronous
async def test_the_cutout_gets_its_foreground_colours_once_nothing_moves():
    page = Page()
    await settle()
    assert page.worker.calls == []
    await page.settle()
    cutout = Bitmap()
    await answer(page.worker.waiting("render_cutout"), SimpleNamespace(cutout=cutout))
    assert page.worker.calls[0].arguments == (False,) and page.viewer.layers.whole.cutout is cutout
    await page.settle()
    assert page.worker.names == ["render_cutout"]


@pytest.mark.parametrize("view", ["mask", "removed", "original"])
@asynchronous
async def test_views_without_foreground_colours_request_none(view):
    page = Page()
    page.views.show(view)
    await page.settle()
    assert page.worker.calls == []


@asynchronous
async def test_without_decontamination_there_are_no_colours_to_request():
    page = Page()
    page.settings.decontaminate = False
    await page.settle()
    assert page.worker.calls == []


@asynchronous
async def test_a_preview_is_replaced_by_a_finer_cutout():
    page = Page(Bitmap())
    page.viewer.layers.whole.is_low_resolution = True
    await page.settle()
    assert page.worker.names == ["render_cutout"]


@asynchronous
async def test_what_is_zoomed_in_on_is_fetched_in_its_own_pixels_with_a_margin():
    page = Page(Bitmap())
    await page.settle()
    assert page.worker.calls == []  # all of it is held finely enough
    page.viewer.show_actual_size()
    await page.settle()
    call = page.worker.waiting("render_detail")
    x, y, width, height = page.viewer.camera.visible_part()
    assert call.arguments == (x - width // 8, y - height // 8, width + width // 8 * 2, height + height // 8 * 2, 1)
    await answer(call, detail(call))
    assert page.viewer.layers.detail.scale == 1
    page.viewer.pan(50, 20)  # within the margin
    await page.settle()
    cutout = Bitmap()
    assert page.worker.names == ["render_detail", "render_cutout"]
    await answer(page.worker.waiting("render_cutout"), SimpleNamespace(cutout=cutout))
    assert page.worker.calls[1].arguments == (True,) and page.viewer.layers.detail.cutout is cutout
    page.viewer.pan(400, 300)
    await page.settle()
    assert page.worker.names[2:] == ["render_detail"]


@asynchronous
async def test_a_photo_that_is_held_whole_needs_no_details():
    page = Page(Bitmap(), held=1)
    page.viewer.zoom(20)
    await page.settle()
    assert page.worker.calls == []


@asynchronous
async def test_nothing_finer_is_requested_while_something_else_is():
    page = Page()
    page.queue.submit(page.worker.undo)
    await page.settle()
    assert page.worker.names == ["undo"]
    await answer(page.worker.waiting("undo"), None)
    await page.settle()
    assert page.worker.names == ["undo", "render_cutout"]


@asynchronous
async def test_a_slider_of_the_composition_shows_it_small_and_then_as_large_as_it_is_seen():
    page = Page()
    shown = heard(page.views.changed)
    page.settings.changed.emit("background", True)
    assert page.views.current == "composed" and len(shown) == 1
    await settle()
    assert page.worker.waiting("render_composition").arguments == (PREVIEW_SIDE,)
    made = composition(1080, 1350, (400, 0, 2400, 3000))
    await answer(page.worker.waiting("render_composition"), made)
    assert page.viewer.layers.composed.picture is made.picture and page.views.canvas_size == (1080, 1350)
    assert page.viewer.camera.area == (400, 0, 2400, 3000)
    page.viewer.zoom(4)
    await page.settle()
    side = round(page.viewer.camera.scale * 3000)
    assert page.worker.waiting("render_composition").arguments == (side,) and side > PREVIEW_SIDE
    await answer(page.worker.waiting("render_composition"), composition(1080, 1350, (400, 0, 2400, 3000)))
    page.viewer.zoom(1.1)  # fine enough for that
    await page.settle()
    assert len(page.worker.calls) == 2
    page.viewer.zoom(20)
    await page.settle()
    assert page.worker.waiting("render_composition").arguments == (MAX_SIDE,)


@asynchronous
async def test_a_recipe_is_run_once_for_what_the_screen_shows():
    page = Page()
    page.settings.changed.emit("recipe", False)
    await page.settle()
    layers = page.viewer.layers
    side = round(page.viewer.camera.scale * max(layers.width, layers.height))
    assert page.worker.waiting("render_composition").arguments == (side,) and side != PREVIEW_SIDE
    made = composition(layers.width, layers.height, (0, 0, layers.width, layers.height))
    await answer(page.worker.waiting("render_composition"), made)
    await page.settle()
    assert len(page.worker.of("render_composition")) == 1


@asynchronous
async def test_edges_leave_the_view_and_outdate_the_composition_once_let_go():
    page = Page()
    page.viewer.layers.set_composed(composition())
    page.settings.changed.emit("edges", True)
    assert page.viewer.layers.composed.is_current
    page.settings.changed.emit("edges", False)
    await settle()
    assert not page.viewer.layers.composed.is_current
    assert page.views.current == "cutout" and page.worker.calls == []


@asynchronous
async def test_what_is_refused_is_not_requested_again_until_something_changes():
    page = Page()
    page.views.show("composed")
    for _ in range(2):
        await page.settle()
        for call in page.worker.of("render_composition")[:1]:
            if not call.future.done():
                await refuse(call, "TooLargeError")
    assert len(page.worker.calls) == 1
    page.settings.changed.emit("canvas", False)
    await settle()
    assert len(page.worker.calls) == 2


def test_a_view_can_be_switched_on_and_off():
    page = Page()
    page.views.show("mask")
    page.views.toggle("compare")
    assert page.views.current == "compare"
    page.views.toggle("compare")
    assert page.views.current == "mask"


@pytest.mark.parametrize(("percent", "share"), [(0, 0.055), (50, 0.5), (100, 0.945)])
def test_the_comparison_is_divided_in_the_middle_of_the_handle(percent, share):
    assert divider_share(percent, 400) == pytest.approx(share)


def test_the_result_is_what_is_saved_unless_a_tool_paints_on_the_cutout():
    page = Page()
    shown = heard(page.views.changed)
    page.views.show_result()
    assert page.views.current == "cutout" and page.views.is_result
    page.settings.changes_result = True
    page.views.show_result()
    assert page.views.current == "composed" and page.views.is_result
    page.views.is_painting = True
    page.views.show_result()
    assert page.views.current == "cutout" and len(shown) == 3
    page.views.show("mask")
    assert not page.views.is_result
