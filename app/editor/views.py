"""Which view is shown, and which pictures it needs from the worker."""

from core.signals import Signal

from editor.placement import Placement

PREVIEW_SIDE = 720
"""Longest side of the composition while a slider moves."""

MAX_SIDE = 4096
"""Longest side of the composition that is ever shown."""

DETAIL_MARGIN = 8
"""A detail is fetched with its size divided by this around it, so that small movements need no other."""

DIVIDER_HANDLE = 44
"""CSS pixels that the handle of the comparison's divider is wide."""

RESULTS = ("cutout", "composed")
"""Views of the result: the plain cutout, which can be painted on, and the picture as it is saved."""

FOREGROUND_VIEWS = ("cutout", "white", "black", "compare")
"""Views that show the foreground's estimated colours."""


class Views:
    """Requests finer pictures once nothing moves and nothing else is requested."""

    def __init__(self, viewer, worker, queue, settings):
        """
        Args:
            viewer: the `Viewer`.
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            settings: the `PhotoSettings`.
        """
        self._viewer, self._worker, self._queue, self._settings = viewer, worker, queue, settings
        self.current = self._previous = "cutout"
        self.canvas_size = 1, 1
        """Width and height of the whole composition as saved, as far as is known."""

        self.is_painting = False
        """Whether a tool is open that paints, so that the result is shown as the cutout that it paints on."""

        self.changed = Signal()
        """Emitted when another view is shown."""

        self.composed = Signal()
        """Emitted with the response that brought a composition."""

        self._waiting = []  # called once the composition that was requested is shown
        self._side = 0  # of the composition that was requested last
        self._refused = None  # name and arguments of the last refused request; not repeated until something changes
        settings.changed.connect(self._on_settings)
        viewer.settled.connect(self.refresh)

    def show(self, name):
        """Show a view. What can be drawn is drawn at once; finer pictures follow."""
        if name != self.current:
            self._previous = self.current
        self.current = name
        self.changed.emit()
        self._look()
        self._viewer.show_view(name)
        self._tell_shown()

    @property
    def is_result(self):
        """Whether the result is shown, in whichever view of it."""
        return self.current in RESULTS

    def show_result(self):
        """Show what is saved. Without settings that change it that is the plain cutout."""
        self.show("composed" if self._settings.changes_result and not self.is_painting else "cutout")

    def toggle(self, name):
        """Show a view, or from it the one before."""
        self.show(self._previous if self.current == name else name)

    def retry(self):
        """The mask or the settings have changed: what was refused may be had now."""
        self._refused = None

    def show_changes(self, box=None):
        """The mask has changed within a box of photo pixels: show that."""
        self._viewer.request(box)
        if self.current == "composed":
            self.compose(self._wanted_side())

    def once_shown(self, callback):
        """Call `callback()` once the view shows what the mask holds now."""
        self._waiting.append(callback)
        if self.current != "composed":
            self._tell_shown()

    def reset_canvas(self):
        """The composition is as large as the photo again."""
        self.canvas_size = self._viewer.layers.width, self._viewer.layers.height

    def refresh(self):
        """Request what the view could show better."""
        layers, camera = self._viewer.layers, self._viewer.camera
        if not layers.whole or not self._queue.is_idle:
            return
        if self.current == "composed":
            side, composed = self._wanted_side(), layers.composed
            if not composed or not composed.is_current or self._side < 0.8 * side:
                self.compose(side)
            return
        part, detail = self._detail_part(), layers.detail
        if part and not _is_enough(detail, camera):
            self._submit("detail", self._worker.render_detail, *part, on_success=self._on_detail)
        elif self.current in FOREGROUND_VIEWS and self._settings.value()["edges"]["decontaminate"]:
            layer = detail if part else layers.whole
            if not layer.cutout or layer.is_low_resolution:
                self._request_cutout(layer, bool(part))

    def request_whole_cutout(self):
        """Request the whole cutout with the foreground's colours."""
        self._request_cutout(None, False)

    def compose(self, side=PREVIEW_SIDE):
        """Request the composition, its longest side at most so long."""
        self._side = side
        self._submit(
            "composition",
            self._worker.render_composition,
            side,
            on_success=self._on_composition,
            on_error=self._tell_shown,
        )

    def _on_settings(self, group, is_moving):
        self.retry()
        if group == "edges":
            if not is_moving:
                self._viewer.layers.outdate_composition()
        else:
            if self.current != "composed":
                self.show("composed")
            # A recipe may take long: it is run once, for what the screen can show.
            self.compose(self._wanted_side() if group == "recipe" else PREVIEW_SIDE)
            if is_moving:
                return
        self._viewer.settle_later()

    def _wanted_side(self):
        """Return the longest side of the composition that the screen can show."""
        layers, camera = self._viewer.layers, self._viewer.camera
        area = layers.composed.area if layers.composed else (0, 0, layers.width, layers.height)
        return max(1, round(min(MAX_SIDE, camera.scale * max(area[2], area[3]))))

    def _look(self, keeps=False):
        """Show the photo where it is, or the whole canvas with the subject where it is placed."""
        layers = self._viewer.layers
        if self.current == "composed" and layers.composed:
            composed = layers.composed
            placement = Placement(layers.width, layers.height, *composed.placement)
            self._viewer.look_at(composed.area, placement, keeps)
        else:
            self._viewer.look_at((0, 0, layers.width, layers.height), None)

    def _tell_shown(self):
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback()

    def _detail_part(self):
        """Return the part to be shown more finely than the whole photo is held, with a margin.

        Returns x, y, width and height in photo pixels, and the pixels of the screen for each of them; None where the
        whole is fine enough.
        """
        layers, camera = self._viewer.layers, self._viewer.camera
        if camera.scale <= 1.05 * layers.whole.scale or layers.whole.scale >= 1:
            return None
        x, y, width, height = camera.visible_part()
        if not width or not height:
            return None
        margin_x, margin_y = width // DETAIL_MARGIN, height // DETAIL_MARGIN
        left, top = max(0, x - margin_x), max(0, y - margin_y)
        right, bottom = min(layers.width, x + width + margin_x), min(layers.height, y + height + margin_y)
        return left, top, right - left, bottom - top, min(1, camera.scale)

    def _request_cutout(self, layer, is_detail):
        """`layer` None is the whole photo's at the time of the response."""

        def done(response):
            layers = self._viewer.layers
            layers.set_cutout(layer or layers.whole, response.cutout)
            self._viewer.request()

        self._submit("cutout", self._worker.render_cutout, is_detail, on_success=done)

    def _submit(self, name, call, *arguments, on_success, on_error=None):
        def refused():
            self._refused = name, arguments
            if on_error:
                on_error()

        if (name, arguments) != self._refused:
            self._queue.submit_latest(call, *arguments, on_success=on_success, on_error=refused, quiet=True)

    def _on_detail(self, response):
        self._viewer.layers.set_detail(response)
        self._viewer.request()

    def _on_composition(self, response):
        before = self._viewer.layers.composed
        self._viewer.layers.set_composed(response)
        self.canvas_size = response.width, response.height
        if self.current == "composed":
            self._look(before is not None and _follows(before, self._viewer.layers.composed))
        self._tell_shown()
        self._viewer.request()
        self.composed.emit(response)


def _follows(before, now):
    """Return whether a canvas has moved along with the subject: it does not jump back under the pointer then."""
    moved = [now.placement[side] - before.placement[side] for side in (0, 1)]
    return now.placement[2:] == before.placement[2:] and all(
        abs(now.area[side] - before.area[side] - moved[side]) < 1
        and abs(now.area[side + 2] - before.area[side + 2]) < 1
        for side in (0, 1)
    )


def _is_enough(detail, camera):
    return detail is not None and detail.covers(*camera.visible_part()) and detail.scale >= 0.9 * min(1, camera.scale)


def divider_share(percent, width):
    """Return where the comparison is divided for a slider of that width in CSS pixels, as a share of the width.

    The slider's handle is as wide as `DIVIDER_HANDLE`, so its middle never reaches the ends.
    """
    return (DIVIDER_HANDLE / 2 + percent / 100 * (width - DIVIDER_HANDLE)) / width
