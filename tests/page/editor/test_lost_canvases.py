"""Canvases that were emptied are filled again from the worker: after an event, or after long out of sight."""

from core.request_queue import RequestQueue
from core.timing import timing
from editor.frames import FrameScheduler
from editor.lost_canvases import LostCanvases
from editor.viewer import Viewer

from tests.page.editor.fakes import Canvas, Path, Timers, composition, photo_response
from tests.page.fakes import FakeClock, FakeWorker, answer, asynchronous, settle


class Page:
    """A photo on the view."""

    def __init__(self, has_photo: bool = True) -> None:
        self.clock, self.worker, timers = FakeClock(), FakeWorker(), Timers()
        frames = FrameScheduler(timers.make_frame_request)
        self.viewer = Viewer(Canvas(400, 300).context, frames, Canvas, Path, timers.make_timer)
        self.viewer.resize(400, 300, 1.0)
        if has_photo:
            self.viewer.open(photo_response())
        self.lost = LostCanvases(self.viewer, self.worker, RequestQueue(), self.clock.now)

    def away(self, seconds: float) -> None:
        self.lost.hide()
        self.clock.seconds += seconds
        self.lost.hide()  # browsers tell it more than once
        self.lost.show()


@asynchronous
async def test_the_photo_and_its_mask_are_drawn_on_new_canvases():
    page = Page()
    layers = page.viewer.layers
    before, size = layers.whole, (layers.width, layers.height)
    layers.set_composed(composed := composition())
    stroke = page.viewer.start_stroke("erase", 20, 0, 1)
    stroke.add(50, 50)
    for _ in range(4):  # several canvases at a time
        page.lost.restore()
    await settle()
    assert page.worker.names == ["render_photo"]
    response = photo_response(is_preview=False)
    await answer(page.worker.waiting("render_photo"), response)
    await settle()
    assert page.worker.names == ["render_photo"]
    assert layers.whole is not before and (layers.width, layers.height) == size
    assert ("drawImage", response.alpha) == layers.whole.mask.context.calls[-1][:2]
    assert before.photo.is_closed and composed.picture.is_closed and layers.composed is None
    assert stroke.canvas.context.calls  # it is not in the mask yet


@asynchronous
async def test_only_who_was_away_for_long_gets_it_again_without_an_event():
    page = Page()
    page.away(timing.away - 1)
    await settle()
    assert page.worker.names == []
    page.away(timing.away)
    await settle()
    assert page.worker.names == ["render_photo"]
    page.lost.show()  # as when the page has just been loaded
    await settle()
    assert page.worker.names == ["render_photo"]


@asynchronous
async def test_without_a_photo_nothing_is_asked_for():
    page = Page(has_photo=False)
    page.lost.restore()
    page.away(9999)
    await settle()
    assert page.worker.names == []
