"""What lies behind the subject: a colour from the swatches or the photo, or an image of the person's own."""

from core.signals import Signal

SWATCHES = (
    ("white", "#ffffff"),
    ("pearl", "#f2f2f0"),
    ("sand", "#d9d4ca"),
    ("grey", "#8a8a8a"),
    ("charcoal", "#2b2b2b"),
    ("black", "#000000"),
    ("peach", "#f7d9c4"),
    ("apricot", "#e8a87c"),
    ("red", "#c94f3d"),
    ("yellow", "#f3d250"),
    ("green", "#7fb685"),
    ("teal", "#2f7d6b"),
    ("sky", "#a9cce3"),
    ("blue", "#3a7ca5"),
    ("navy", "#27476e"),
    ("lilac", "#c9b6e4"),
)
"""Name (of a text of the page) and colour of each."""

GRADIENTS = (
    ("#fdf3e7", "#e8a87c", 180),
    ("#ffffff", "#c9ced6", 180),
    ("#ffecd2", "#fcb69f", 135),
    ("#e0c3fc", "#8ec5fc", 135),
    ("#a1c4fd", "#c2e9fb", 180),
    ("#d4fc79", "#96e6a1", 135),
    ("#f6d365", "#fda085", 135),
    ("#3a4a63", "#101820", 180),
)
"""First and last colour and direction of each."""


class Background:
    """Chooses colours and loads images; the controls hold what was chosen."""

    def __init__(self, controls, worker, queue):
        self._controls, self._worker, self._queue = controls, worker, queue
        self.is_picking = False
        """Whether the next click on the photo picks a colour."""

        self._image = 0
        self.image_changed = Signal()
        """Emitted when `image` is another."""

        self.colour = None
        """The colour whose swatch is marked."""

        self.picking_changed = Signal()
        """Emitted when `is_picking` changes."""

        self.colour_changed = Signal()
        """Emitted when `colour` changes."""

        self.photo_colours = []
        """The photo's main colours, empty while they are not known."""

        self.photo_colours_changed = Signal()
        """Emitted when `photo_colours` changes."""

        self.image_loaded = Signal()
        """Emitted when the worker has got an image."""

    @property
    def image(self):
        """The number of the image for the background of that kind, as the worker counts them; 0 while there is none."""
        return self._image

    @image.setter
    def image(self, number):
        self._image = number
        self.image_changed.emit()

    def mark(self):
        """Take over the colour that the controls have now."""
        colour = self._controls.value("background.colour")
        if colour != self.colour:
            self.colour = colour
            self.colour_changed.emit()

    def choose(self, colour):
        """Use a colour, also of a texture."""
        if self._controls.value("background.kind") != "texture":
            self._controls.put("background.kind", "colour", notify=False)
        self._controls.put("background.colour", colour)

    def choose_gradient(self, number):
        """Use one of `GRADIENTS`."""
        first, last, angle = GRADIENTS[number]
        self._controls.put("background.kind", "gradient", notify=False)
        self._controls.put("background.from", first, notify=False)
        self._controls.put("background.to", last, notify=False)
        self._controls.put("background.angle", angle)

    def find_photo_colours(self):
        """Learn the photo's main colours, unless they are known."""
        if not self.photo_colours:
            self._queue.submit(self._worker.list_colours, on_success=self._on_colours, quiet=True)

    def forget_photo_colours(self):
        """Another photo is open."""
        self._on_colours(None)

    def set_picking(self, is_picking):
        """Begin to pick a colour from the photo, or stop."""
        if is_picking != self.is_picking:
            self.is_picking = is_picking
            self.picking_changed.emit()

    def pick(self, x, y):
        """Use the colour of the photo at a point."""
        self.set_picking(False)
        self._queue.submit(self._worker.pick_colour, x, y, on_success=self._on_picked, quiet=True)

    def load_image(self, file, on_success=None):
        """Use an image of the person's own, and call `on_success()` once it is the background."""

        def done(response):
            self.image = response.image
            self._controls.put("background.kind", "image", notify=False)  # it may have been dropped on the tool
            self.image_loaded.emit()
            if on_success:
                on_success()

        self._queue.submit(self._worker.set_background_image, file, on_success=done)

    def _on_colours(self, response):
        self.photo_colours = list(response.colours) if response else []
        self.photo_colours_changed.emit()

    def _on_picked(self, response):
        if response.colour:
            self.choose(response.colour)
