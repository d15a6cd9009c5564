"""The settings: the controls hold them, the worker gets each change."""

from types import SimpleNamespace

from core.request_queue import RequestQueue
from editor.background import Background
from editor.history import History
from editor.layers import Layers
from editor.photo_settings import PhotoSettings

from offcut.protocol.settings import MAX_SIDE
from tests.page.editor.fakes import Bitmap, Canvas, FakeControls, history, photo_response
from tests.page.editor.fakes import settings as plain_settings
from tests.page.fakes import FakeWorker, answer, asynchronous, heard, refuse, settle


def answered(alpha=None) -> SimpleNamespace:
    return SimpleNamespace(alpha=alpha, history=history())


class Photo:
    def __init__(self, **answers) -> None:
        self.worker, self.queue, self.controls = FakeWorker(**answers), RequestQueue(), FakeControls()
        self.layers = Layers(Canvas)
        self.layers.open(photo_response())
        self.background = Background(self.controls, self.worker, self.queue)
        self.history = History()
        self.settings = PhotoSettings(
            self.controls, self.background, self.worker, self.queue, self.layers, self.history, lambda value: value
        )
        self.settings.restore(photo_response())
        self.expected: list[str] = []
        """Names of the steps that the page has expected."""
        expect_step = self.history.expect_step
        self.history.expect_step = lambda name: (self.expected.append(name), expect_step(name))


@asynchronous
async def test_each_change_of_a_control_is_sent_and_of_those_that_wait_only_the_last():
    photo = Photo()
    changed = heard(photo.settings.changed)
    for grow in (0.01, 0.02, 0.03):
        photo.controls.move("edges.grow", grow, is_moving=True)
        await settle()
    assert photo.history.names == []
    photo.controls.move("edges.grow", 0.05)
    assert photo.history.names == ["step.grow"] and photo.history.can_undo
    await answer(photo.worker.waiting("preview_settings"), SimpleNamespace(alpha=None))
    sent = [(call.name, call.arguments[0]["edges"]["grow"]) for call in photo.worker.calls]
    assert sent == [("preview_settings", 4.0), ("set_settings", 20.0)]
    assert changed == [("edges", True)] * 3 + [("edges", False)]


@asynchronous
async def test_each_change_that_was_made_is_a_step_however_fast_they_come():
    photo = Photo()
    for grow in (0.01, 0.02):
        photo.controls.move("edges.grow", grow)
    photo.controls.move("shadow.drop", True)
    photo.controls.move("shadow.drop", True)  # as it is: no step
    photo.controls.move("background.kind", "colour")
    await settle()
    for _ in range(5):
        await answer(photo.worker.waiting("set_settings"), answered())
    assert photo.worker.names == ["set_settings"] * 5
    assert photo.expected == ["step.grow", "step.grow", "step.shadow", "step.background.colour"]


@asynchronous
async def test_a_refused_change_is_no_step_and_can_be_made_again():
    photo = Photo()
    photo.controls.move("canvas.preset", "crop")
    await settle()
    await refuse(photo.worker.waiting("set_settings"), "OptionError")
    photo.history.revert()  # as the session does
    photo.controls.move("canvas.preset", "crop")
    assert photo.history.names == ["step.canvas"]


@asynchronous
async def test_a_step_that_is_gone_to_sets_the_controls_and_shows_what_has_changed():
    photo = Photo(set_settings=answered())
    photo.controls.move("background.from", "#00ff00")
    photo.controls.move("background.kind", "colour")
    photo.controls.move("edges.grow", 0.02)
    await settle()
    changed = heard(photo.settings.changed)
    photo.settings.take(photo_response(is_preview=False, settings=plain_settings(canvas={"aspect": "1:1"})))
    assert [group for group, _ in changed] == ["edges", "background", "canvas"]
    value = photo.controls.value
    assert (value("background.kind"), value("edges.grow"), value("canvas.preset")) == ("transparent", 0, "1:1")
    assert value("background.from") == "#00ff00"  # no step has set it
    sent = len(photo.worker.calls)
    photo.settings.take(photo_response(settings=plain_settings(canvas={"aspect": "1:1"})))
    assert len(changed) == 3 and len(photo.worker.calls) == sent
    photo.controls.move("edges.grow", 0.0)
    assert photo.history.names == []  # as the step has it


@asynchronous
async def test_a_response_from_before_a_change_does_not_take_it_back():
    photo = Photo()
    photo.controls.move("background.kind", "colour")
    photo.settings.take(SimpleNamespace(settings=plain_settings(), alpha=None))  # such as that of a finer result
    assert photo.controls.value("background.kind") == "colour"
    await settle()
    await answer(photo.worker.waiting("set_settings"), answered())
    photo.settings.take(SimpleNamespace(settings=plain_settings(), alpha=None))
    assert photo.controls.value("background.kind") == "transparent"


@asynchronous
async def test_edges_bring_another_mask():
    photo = Photo()
    shown = heard(photo.settings.alpha_changed)
    photo.controls.move("edges.feather", 0.01)
    await settle()
    alpha = Bitmap()
    await answer(photo.worker.waiting("set_settings"), answered(alpha))
    assert shown == [()] and alpha.is_closed and photo.layers.whole.cutout is None


@asynchronous
async def test_cutouts_are_estimated_again_once_a_slider_is_let_go():
    photo = Photo(set_settings=answered(), preview_settings=answered())
    photo.controls.move("edges.decontaminate", False, is_moving=True)
    await settle()
    assert photo.layers.whole.cutout
    photo.controls.move("edges.decontaminate", False)
    await settle()
    assert photo.layers.whole.cutout is None


@asynchronous
async def test_without_an_image_there_is_no_background_of_that_kind():
    photo = Photo(set_settings=answered(), set_background_image=SimpleNamespace(image=4))
    photo.controls.move("background.kind", "image")
    await settle()
    assert not photo.settings.changes_result and photo.expected == []
    photo.background.load_image("file")
    await settle()
    assert photo.settings.changes_result and photo.expected == ["step.background.image"]
    sent = photo.worker.of("set_settings")[-1].arguments[0]["background"]
    assert sent == {"kind": "image", "image": 4, "fit": "cover", "x": 0.5, "y": 0.5}


@asynchronous
async def test_the_subject_is_dragged_by_whole_pixels_and_stays_on_the_canvas():
    photo = Photo(set_settings=answered(), preview_settings=answered())
    photo.settings.start_drag()
    photo.settings.drag(21.3, -6.2, True)
    assert photo.history.names == []
    assert photo.settings.value()["placement"] == {"x": 21, "y": -6, "scale": 1.0, "rotate": 0.0}
    photo.settings.drag(900_000, 0, False)
    assert photo.controls.value("placement.x") * 400 == MAX_SIDE and photo.controls.value("placement.y") == 0


def test_restored_work_sets_the_controls_and_another_photo_resets_them():
    photo = Photo()
    background = {"kind": "image", "image": 3, "fit": "contain", "x": 0.1, "y": 0.2}
    photo.settings.restore(photo_response(settings=plain_settings(background=background, canvas={"aspect": "1:1"})))
    assert photo.background.image == 3
    assert photo.controls.value("background.fit") == "contain" and photo.controls.value("canvas.preset") == "1:1"
    assert photo.settings.changes_result
    photo.settings.restore(photo_response())
    assert not photo.settings.changes_result and not photo.background.image
    assert photo.worker.calls == []
