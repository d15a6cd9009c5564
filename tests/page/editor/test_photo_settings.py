"""The settings: the controls hold them, the worker gets each change."""

from types import SimpleNamespace

from core.request_queue import RequestQueue
from editor.background import Background
from editor.layers import Layers
from editor.photo_settings import PhotoSettings

from tests.page.editor.fakes import Bitmap, Canvas, FakeControls, photo_response
from tests.page.editor.fakes import settings as plain_settings
from tests.page.fakes import FakeWorker, answer, asynchronous, heard, settle


class Photo:
    def __init__(self, **answers) -> None:
        self.worker, self.queue, self.controls = FakeWorker(**answers), RequestQueue(), FakeControls()
        self.layers = Layers(Canvas)
        self.layers.open(photo_response())
        self.background = Background(self.controls, self.worker, self.queue)
        self.settings = PhotoSettings(
            self.controls, self.background, self.worker, self.queue, self.layers, lambda value: value
        )


@asynchronous
async def test_each_change_of_a_control_is_sent_and_of_those_that_wait_only_the_last():
    photo = Photo()
    changed = heard(photo.settings.changed)
    for grow in (1.0, 2.0, 3.0):
        photo.controls.move("edges.grow", grow, is_moving=True)
        await settle()
    photo.controls.move("edges.grow", 3.5)
    await answer(photo.worker.waiting("set_settings"), SimpleNamespace(alpha=None))
    sent = [(call.arguments[0]["edges"]["grow"], call.arguments[1]) for call in photo.worker.calls]
    assert sent == [(1.0, True), (3.5, False)]
    assert changed == [("edges", True)] * 3 + [("edges", False)]


@asynchronous
async def test_edges_bring_another_mask():
    photo = Photo()
    shown = heard(photo.settings.alpha_changed)
    photo.controls.move("edges.feather", 4.0)
    await settle()
    alpha = Bitmap()
    await answer(photo.worker.waiting("set_settings"), SimpleNamespace(alpha=alpha))
    assert shown == [()] and alpha.is_closed and photo.layers.whole.cutout is None


@asynchronous
async def test_cutouts_are_estimated_again_once_a_slider_is_let_go():
    photo = Photo(set_settings=SimpleNamespace(alpha=None))
    photo.controls.move("edges.decontaminate", False, is_moving=True)
    await settle()
    assert photo.layers.whole.cutout
    photo.controls.move("edges.decontaminate", False)
    await settle()
    assert photo.layers.whole.cutout is None


@asynchronous
async def test_without_an_image_there_is_no_background_of_that_kind():
    photo = Photo(set_settings=SimpleNamespace(alpha=None), set_background_image=None)
    photo.controls.move("background.kind", "image")
    await settle()
    assert not photo.settings.changes_result and not photo.settings.uses_image
    photo.background.load_image("file")
    await settle()
    assert photo.settings.uses_image
    sent = photo.worker.of("set_settings")[-1].arguments[0]["background"]
    assert sent == {"kind": "image", "fit": "cover", "x": 0.5, "y": 0.5}


@asynchronous
async def test_the_subject_is_dragged_by_whole_pixels_and_stays_on_the_canvas():
    photo = Photo(set_settings=SimpleNamespace(alpha=None))
    photo.settings.start_drag()
    photo.settings.drag(21.3, -6.2, True)
    assert photo.settings.value()["placement"] == {"x": 21, "y": -6, "scale": 1.0, "rotate": 0.0}
    photo.settings.drag(9000, 0, False)
    assert photo.controls.value("placement.x") == 1 and photo.controls.value("placement.y") == 0


def test_restored_work_sets_the_controls_and_another_photo_resets_them():
    photo = Photo()
    background = {"kind": "image", "fit": "contain", "x": 0.1, "y": 0.2}
    photo.settings.restore(photo_response(settings=plain_settings(background=background, canvas={"aspect": "1:1"})))
    assert photo.background.has_image and photo.settings.uses_image
    assert photo.controls.value("background.fit") == "contain" and photo.controls.value("canvas.preset") == "1:1"
    assert photo.settings.changes_result
    photo.settings.restore(photo_response())
    assert not photo.settings.changes_result and not photo.background.has_image
    assert photo.worker.calls == []
