"""The settings of the open photo: the controls hold them, the worker gets each change."""

from core.bitmaps import has_bitmap
from core.signals import Signal

from editor.geometry import clamp
from editor.settings import assemble, changes_result, control_values
from offcut.protocol.settings import GROUPS, MAX_SIDE
from offcut.protocol.steps import settings_step


class PhotoSettings:
    """Binds the controls of edges, background, shadow, border, placement and canvas to the worker.

    While a control is held the worker only tries what it says; when it is let go, that is a step of the history.
    """

    def __init__(self, controls, background, worker, queue, layers, history, to_python):
        """
        Args:
            controls: the `Controls`, or what a test has in their place.
            background: the `Background`.
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            layers: the `Layers` that hold the photo on the page.
            history: the `History`.
            to_python: function that copies an object of a response as dictionaries.
        """
        self._controls, self._background = controls, background
        self._worker, self._queue, self._layers = worker, queue, layers
        self._history, self._to_python = history, to_python
        self._drag_start = 0, 0
        self._settled = None  # the settings of the last step
        self._unanswered: list = []  # a token for each step of settings that the worker has not confirmed
        self.changed = Signal()
        """Emitted with (group, is_moving) after a change was sent to the worker; `is_moving` while a slider is held."""

        self.stepped = Signal()
        """Emitted after the controls were set to the settings of another step."""

        self.alpha_changed = Signal()
        """Emitted when the mask on the page is another one because of the settings."""

        for group in GROUPS:
            controls.changed(group).connect(self._on_control)
        background.image_loaded.connect(lambda: self.send("background", False))

    def value(self):
        """Return the settings, as the worker understands them."""
        layers = self._layers
        return assemble(self._controls.value, layers.width, layers.height, self._background.image)

    @property
    def changes_result(self):
        """Whether the settings make anything else of the photo than the plain cutout."""
        return changes_result(self.value())

    def restore(self, response):
        """Set the controls to the settings of a photo that the worker has opened."""
        for group in GROUPS:
            self._controls.reset(group, notify=False)
        self._background.image = 0
        self._unanswered = []
        self._put(response, response.width, response.height)

    def take(self, response):
        """Set the controls to the settings of the step that is in effect now, as a response says it.

        Not where the person has changed them since that was requested: the worker gets, or has, what they say now.
        """
        if self._unanswered:
            return
        before = self.value()
        self._put(response, self._layers.width, self._layers.height)
        for group in GROUPS:
            if before.get(group) != self._settled.get(group):
                if group == "edges" and not has_bitmap(response):
                    self._layers.forget_cutouts()
                self.changed.emit(group, False)
        self.stepped.emit()

    def _put(self, response, width, height):
        settings = self._to_python(response.settings)
        if settings["background"]["kind"] == "image":
            self._background.image = settings["background"]["image"]
        for name, value in control_values(settings, width, height).items():
            self._controls.put(name, value, notify=False)
        self._background.mark()
        # Of this photo's size: the layers may hold another photo yet.
        self._settled = assemble(self._controls.value, width, height, self._background.image)

    def send(self, group, is_moving):
        """Send the settings to the worker, because controls of that group have changed."""
        if group == "background":
            self._background.mark()
        if is_moving:
            self._queue.submit_latest(
                self._worker.preview_settings, self.value(), on_success=self._on_preview, quiet=True
            )
        else:
            self._settle(self.value())
        self.changed.emit(group, is_moving)

    def _settle(self, value):
        """Have the worker make a step of the settings, where they are others than those of the last step."""
        before, self._settled = self._settled, value
        if value != before:
            self._history.expect_step(settings_step(before, value))

        unanswered, token = self._unanswered, object()
        unanswered.append(token)

        def settled(response):
            unanswered.remove(token)
            self._on_settled(response)

        def refused():
            unanswered.remove(token)
            self._settled = before

        self._queue.submit(
            self._worker.set_settings,
            value,
            on_success=settled,
            on_error=refused,
            quiet=True,
            replaces=self._worker.preview_settings,
        )

    def use(self, values):
        """Have these values of controls, by name, and the defaults of all others but the edges, as one step."""
        for group in GROUPS[1:]:
            self._controls.reset(group, notify=False)
        for name, value in values.items():
            self._controls.put(name, value, notify=False)
        self._background.mark()
        self.send("canvas", False)

    def start_drag(self):
        """Note where the subject is, before it is dragged."""
        self._drag_start = self._controls.value("placement.x"), self._controls.value("placement.y")

    def drag(self, dx, dy, is_moving):
        """Place the subject so many photo pixels from where it was at the start."""
        x, y = self._drag_start
        width, height = self._layers.width, self._layers.height
        # Farther than the sliders reach: a canvas may be much larger than the photo.
        far_x, far_y = MAX_SIDE / width, MAX_SIDE / height
        self._controls.put("placement.x", clamp(x + dx / width, -far_x, far_x), notify=False)
        self._controls.put("placement.y", clamp(y + dy / height, -far_y, far_y), notify=False)
        self.send("placement", is_moving)

    def _on_control(self, name, is_moving):
        self.send(name.split(".")[0], is_moving)

    def _on_preview(self, response):
        if has_bitmap(response):
            self._layers.replace_mask(response.alpha)
            self.alpha_changed.emit()

    def _on_settled(self, response):
        self._on_preview(response)
        if not has_bitmap(response):
            self._layers.forget_cutouts()  # their colours may be others
        self._history.update(response.history)
