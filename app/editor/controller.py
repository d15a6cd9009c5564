"""The editor as a whole: which tool a gesture uses, what is asked of the engine, and what its answers change."""

import json

import js
from core.bitmaps import has_bitmap
from core.dom import by_id, document, on
from core.i18n import error_text, on_language_change, t
from core.signals import Signal
from export.saving import Saving

from editor.actions import actions_of
from editor.activity import Activity
from editor.background_panel import BackgroundPanel
from editor.brush import Brush
from editor.controls import Controls
from editor.history_panel import HistoryPanel
from editor.keyboard import Keyboard
from editor.pointer_tools import Box, Click, Mover
from editor.pointers import Hand, Pointers
from editor.settings import assemble, changes_picture, values_of
from editor.tool_panels import ToolPanels
from editor.viewer import Viewer
from editor.views import Views
from editor.worker_recovery import WorkerRecovery
from offcut.protocol import settings, steps

PAINTING = ("brush", "smart")


class EditorController:
    """The tools around one photo."""

    def __init__(self, engine, requests, notice, preferences):
        self._notice = notice
        self.photo_lost = Signal()
        """Emitted when the worker was stopped with the photo in it, and could not open it again."""

        self._busy = Activity()
        self.controls = controls = Controls()
        self.viewer = viewer = Viewer()
        self._engine = engine
        self.requests = requests
        self.views = Views(viewer, engine, requests, self.settings)
        self.steps = HistoryPanel(self._undo, self._redo, self._go_to)
        self.backdrop = BackgroundPanel(
            controls, engine, requests, lambda: self._changed("background.", False), self._on_picking
        )
        self.saving = Saving(controls, engine, requests, notice, self._is_plain, lambda: self.views.canvas)
        self._hand = Hand(viewer)
        self._brush = Brush(viewer, self._on_stroke)
        self._box = Box(viewer, lambda *sides: self.apply({"kind": "box", "box": list(sides)}))
        self._region = Click(viewer, self._on_region)
        self._dropper = Click(viewer, self.backdrop.pick)
        self._mover = Mover(self._on_hold, self._on_move)
        self.pointers = Pointers(viewer, self._hand, self._tool_for)
        self.panels = ToolPanels(lambda name: self._on_panel(name))
        self.keyboard = Keyboard(viewer, self.pointers, self._tool, actions_of(self), preferences)
        for group in settings.GROUPS:
            controls.when(group, self._changed)
        for group in PAINTING:
            controls.when(group, self._on_brush)
        for kind in ("specks", "holes"):
            on(by_id(kind), "click", lambda event: self._on_area(event.currentTarget.id))
        on(by_id("box-whole"), "click", lambda event: self._on_seen())
        on(by_id("start-over"), "click", lambda event: self._start_over())
        self._name = ""
        self._recovery = WorkerRecovery(engine, viewer, self.steps, self.settings)
        requests.recover_with(self._recovery.recover)
        requests.activity_changed.connect(self._busy.show)
        requests.progress.connect(self._busy.tell)
        requests.failed.connect(self._on_error)
        requests.idle_changed.connect(lambda is_idle: is_idle and viewer.calm_later())
        self._is_showing = False  # the ring is there for the slider's sake
        on_language_change(self._describe)

    def open(self, answer, name, again):
        """Show a photo that the engine has opened or brought back. `again()` opens the very same photo once more."""
        self.requests.cancel_all()
        self._brush.forget_end()
        for group in settings.GROUPS:
            self.controls.reset(group, tell=False)
        self._put_back(answer)
        self.steps.show(answer.history)
        self.viewer.open(answer)
        self._name = name
        self._describe()
        self.views.canvas = answer.width, answer.height
        self.views.changed()
        is_look = self.viewer.layers.whole.is_low_resolution
        self._recovery.follow(name, again if is_look else None)
        if is_look:  # all of it before the person can do anything that it would then show
            self.requests.submit(self._engine.finish_photo, on_success=self._finish, quiet=True)
            self.views.ask_whole()
        self.saving.offer(name, is_look)
        self.views.show("composed" if changes_picture(self.settings()) else "cutout")

    def _finish(self, answer):
        """The photo that was seen small is ready at its full size."""
        self.viewer.layers.finish(answer)
        self.viewer.request()

    def _put_back(self, answer):
        """Set the controls to the settings of work that was kept."""
        given = json.loads(js.JSON.stringify(answer.settings))
        self.backdrop.has_picture = given["background"]["kind"] == "image"
        for name, value in values_of(given, answer.width, answer.height).items():
            self.controls.put(name, value, tell=False)
        self.backdrop.mark()

    def _describe(self):
        self.viewer.canvas.setAttribute("aria-label", t("view.canvas", name=self._name))

    def settings(self):
        """What the sliders say."""
        layers = self.viewer.layers
        return assemble(self.controls.value, layers.width, layers.height, self.backdrop.has_picture)

    def apply(self, operation, stroke=None):
        """Have the worker do an operation; a stroke stays on the view until its part of the mask has come."""
        done_before = self.steps.names[: self.steps.position]
        self.steps.expect(done_before + [steps.step_name(operation)], len(done_before) + 1)

        def done(answer):
            if stroke:
                self.viewer.drop_strokes(stroke)
            self._take(answer)

        def refused():
            if stroke:
                self.viewer.drop_strokes(stroke)
                self.viewer.request()

        self.requests.submit(self._engine.apply_operation, operation, on_success=done, on_error=refused)

    def _take(self, answer):
        """A changed part of the mask, and the history as it is now."""
        self.views.changed()
        if has_bitmap(answer):
            self.viewer.request(self.viewer.layers.patch(answer))
        self.steps.show(answer.history)
        done = self.steps.names[self.steps.position - 1] if self.steps.position else steps.ORIGINAL
        self._notice.announce(t(done) if has_bitmap(answer) else t("said.nothing"))

    def _undo(self, position):
        self.pointers.cancel()
        name = self.steps.names[position]

        def done(answer):
            self._take(answer)
            self._notice.announce(t("said.undone", step=t(name)))

        self.requests.submit(self._engine.undo, on_success=done)

    def _redo(self, position):
        self.pointers.cancel()
        name = self.steps.names[position - 1]

        def done(answer):
            self._take(answer)
            self._notice.announce(t("said.redone", step=t(name)))

        self.requests.submit(self._engine.redo, on_success=done)

    def _go_to(self, position):
        self.pointers.cancel()
        self.requests.submit(self._engine.go_to_step, position, on_success=self._take)

    def _start_over(self):
        for group in settings.GROUPS:
            self.controls.reset(group, tell=False)
        self.views.canvas = self.viewer.layers.width, self.viewer.layers.height
        self.requests.submit(self._engine.start_over, on_success=self._take)
        self._changed("edges.", False)

    def has_work(self):
        """Whether the person has done anything to the photo."""
        return any(name != steps.UPGRADE for name in self.steps.names) or changes_picture(self.settings())

    def use_network(self, model, backend):
        """Have another network look at the photo: one more step."""
        self.requests.submit(
            self._engine.load_model,
            model,
            backend,
            on_success=lambda answer: self.apply({"kind": "network", "model": model}),
        )

    def replace(self, then, otherwise):
        """Put the finer alpha that the worker has found under what was done; `then(answer)` is told, or `otherwise()`."""

        def done(answer):
            self._take(answer)
            then(answer)

        self.requests.submit(self._engine.apply_upgrade, on_success=done, on_error=otherwise)

    def _is_plain(self):
        return self.steps.is_at_start and self.requests.is_idle and not changes_picture(self.settings())

    def _changed(self, name, moving):
        """A slider of the settings moved, or was let go."""
        self.views.changed()
        if name.startswith("background."):
            self.backdrop.mark()
        self.requests.submit_latest(
            self._engine.set_settings,
            self.settings(),
            moving,
            on_success=lambda answer: self._on_settings(answer, moving),
            quiet=True,
        )
        if name.startswith("edges"):
            if not moving:
                self.viewer.layers.forget("composed")
            self.viewer.calm_later()
            return
        if self.views.now != "composed":
            self.views.show("composed")
        self.views.compose()
        if not moving:
            self.viewer.calm_later()

    def _on_settings(self, answer, moving):
        if has_bitmap(answer):
            self.viewer.layers.replace_mask(answer.alpha)
            self.viewer.request()
        elif not moving:
            self.viewer.layers.forget_colours()  # they may be others

    def _tool_for(self, event):
        self.keyboard.lift()
        return self._tool() or self._hand

    def _tool(self):
        """The tool that a gesture uses now; None where it pans."""
        panel = self.panels.open
        if self.backdrop.is_picking:
            return self._dropper
        if panel == "brush":
            return self._brush
        if panel == "smart":
            mode = self.controls.value("smart.mode")
            return self._brush if mode == "smart" else self._box if mode == "box" else self._region
        return self._mover if panel == "place" else None

    def _on_brush(self, name, moving):
        """A slider of a brush: while its size moves, the ring shows it in the middle of the view."""
        viewer = self.viewer
        if name.endswith(".size") and moving and not viewer.pointer:
            viewer.pointer = viewer.camera.across / 2, viewer.camera.down / 2
            self._is_showing = True
        elif self._is_showing and not moving:
            viewer.pointer, self._is_showing = None, False
        self._ready_tool()

    def _ready_tool(self):
        """Give the brush what its sliders say, and the pointer its shape."""
        value, panel, brush = self.controls.value, self.panels.open, self._brush
        mode = value("smart.mode") if panel == "smart" else value("brush.mode")
        brush.mode, brush.size = mode, value("smart.size" if panel == "smart" else "brush.size")
        brush.softness, brush.opacity = value("brush.softness"), value("brush.opacity")
        is_brush = panel == "brush" or (panel == "smart" and mode == "smart")
        self.viewer.ring_size = brush.size if is_brush else 0
        shape = "brush" if is_brush else "cross" if panel == "smart" or self.backdrop.is_picking else "hand"
        document.body.dataset.pointer = shape
        self.viewer.show_ring()

    def _on_picking(self, picking):
        """The photo as it is, while a colour is picked from it."""
        self.views.show("original" if picking else "composed")

    def _on_panel(self, name):
        if name != "background":
            self.backdrop.leave()
        self.viewer.painter.is_ghostly = name in PAINTING
        if name in PAINTING and self.views.now in ("composed", "original"):
            self.views.show("cutout")
        elif name == "place":
            self.views.show("composed")
        self._ready_tool()
        self.viewer.calm_later()
        self.viewer.request()

    def _on_stroke(self, stroke):
        self.apply(stroke.operation(), stroke)

    def _on_region(self, x, y):
        kind = self.controls.value("smart.reach")
        operation = {"kind": kind, "mode": self.controls.value("smart.mode"), "x": x, "y": y}
        if kind == "region":
            operation["tolerance"] = self.controls.value("smart.tolerance")
        self.apply(operation)

    def _on_area(self, kind):
        self.apply({"kind": kind, "pixels": self.controls.value("smart.pixels")})

    def _on_seen(self):
        x, y, width, height = self.viewer.camera.seen()
        self.apply({"kind": "box", "box": [x, y, x + width, y + height]})

    def _on_hold(self):
        self._held = self.controls.value("placement.x"), self.controls.value("placement.y")

    def _on_move(self, dx, dy, moving):
        layers, controls = self.viewer.layers, self.controls
        controls.put("placement.x", min(1, max(-1, self._held[0] + dx / layers.width)), tell=False)
        controls.put("placement.y", min(1, max(-1, self._held[1] + dy / layers.height)), tell=False)
        self._changed("placement.", moving)

    def _on_error(self, error):
        self._notice.error(error_text(error), error)
        self.steps.show_again()
        if error.name == "NothingOpenError":  # the worker was ended; what it kept can be had again
            self.photo_lost.emit()
