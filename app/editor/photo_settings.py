"""The settings of the open photo: the controls hold them, the worker gets each change."""

from core.bitmaps import has_bitmap
from core.signals import Signal

from editor.geometry import clamp
from editor.settings import assemble, changes_result, control_values
from offcut.protocol.settings import GROUPS


class PhotoSettings:
    """Binds the controls of edges, background, shadow, placement and canvas to the worker."""

    def __init__(self, controls, background, worker, queue, layers, to_python):
        """
        Args:
            controls: the `Controls`, or what a test has in their place.
            background: the `Background`.
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            layers: the `Layers` that hold the photo on the page.
            to_python: function that copies an object of a response as dictionaries.
        """
        self._controls, self._background = controls, background
        self._worker, self._queue, self._layers = worker, queue, layers
        self._to_python = to_python
        self._drag_start = 0, 0
        self.changed = Signal()
        """Emitted with (group, is_moving) after a change was sent to the worker; `is_moving` while a slider is held."""

        self.alpha_changed = Signal()
        """Emitted when the mask on the page is another one because of the settings."""

        for group in GROUPS:
            controls.changed(group).connect(self._on_control)
        background.image_loaded.connect(lambda: self.send("background", False))

    def value(self):
        """Return the settings, as the worker understands them."""
        layers = self._layers
        return assemble(self._controls.value, layers.width, layers.height, self._background.has_image)

    @property
    def changes_result(self):
        """Whether the settings make anything else of the photo than the plain cutout."""
        return changes_result(self.value())

    @property
    def uses_image(self):
        """Whether the background is an image, which only the worker has."""
        return self.value()["background"]["kind"] == "image"

    def reset(self):
        """Set all controls to their defaults, without telling the worker."""
        for group in GROUPS:
            self._controls.reset(group, notify=False)

    def restore(self, response):
        """Set the controls to the settings of a photo that the worker has opened."""
        self.reset()
        settings = self._to_python(response.settings)
        self._background.has_image = settings["background"]["kind"] == "image"
        for name, value in control_values(settings, response.width, response.height).items():
            self._controls.put(name, value, notify=False)
        self._background.mark()

    def send(self, group, is_moving):
        """Send the settings to the worker, because controls of that group have changed."""
        if group == "background":
            self._background.mark()
        self._queue.submit_latest(
            self._worker.set_settings,
            self.value(),
            is_moving,
            on_success=lambda response: self._on_response(response, is_moving),
            quiet=True,
        )
        self.changed.emit(group, is_moving)

    def start_drag(self):
        """Note where the subject is, before it is dragged."""
        self._drag_start = self._controls.value("placement.x"), self._controls.value("placement.y")

    def drag(self, dx, dy, is_moving):
        """Place the subject so many photo pixels from where it was at the start."""
        x, y = self._drag_start
        self._controls.put("placement.x", clamp(x + dx / self._layers.width, -1, 1), notify=False)
        self._controls.put("placement.y", clamp(y + dy / self._layers.height, -1, 1), notify=False)
        self.send("placement", is_moving)

    def _on_control(self, name, is_moving):
        self.send(name.split(".")[0], is_moving)

    def _on_response(self, response, is_moving):
        if has_bitmap(response):
            self._layers.replace_mask(response.alpha)
            self.alpha_changed.emit()
        elif not is_moving:
            self._layers.forget_cutouts()  # their colours may be others
