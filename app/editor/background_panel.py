"""What lies behind the subject: swatches, a colour of the photo, a picture of one's own."""

from core.dom import by_id, document, on
from core.i18n import on_language_change, t

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


class BackgroundPanel:
    """Fills the swatches and brings pictures and picked colours in."""

    def __init__(self, controls, engine, requests, on_change, on_picking):
        """`on_change()` is called when the background is another one than the controls said before, `on_picking(picking)` when
        a colour is about to be picked from the photo, and when that is over."""
        self.is_picking = False
        self.has_picture = False
        """Whether the worker has a picture for the background of that kind."""
        self._controls, self._engine, self._requests = controls, engine, requests
        self._on_change, self._on_picking = on_change, on_picking
        self._file, self._button = by_id("backdrop"), by_id("eyedropper")
        swatches = by_id("swatches")
        self._swatches = []
        self._marked = None  # the colour
        for _, colour in SWATCHES:
            button = document.createElement("button")
            button.type, button.className = "button", "swatch"
            button.style.backgroundColor = colour
            button.dataset.colour = colour
            swatches.append(button)
            self._swatches.append(button)
        on_language_change(self._label)
        self._label()
        on(swatches, "click", lambda event: self._chosen(event.target.getAttribute("data-colour")))
        on(self._button, "click", lambda event: self._ready(not self.is_picking))
        on(self._file, "change", lambda event: self._picture())

    def mark(self):
        """Show which swatch the background's colour is, if any."""
        now = self._controls.value("background.colour")
        if now != self._marked:
            self._marked = now
            for button in self._swatches:
                button.setAttribute("aria-pressed", "true" if button.dataset.colour == now else "false")

    def pick(self, x, y):
        """Take the colour of the photo at a point."""
        self._ready(False)
        self._requests.submit(
            self._engine.pick_colour, x, y, on_success=lambda answer: self._chosen(answer.colour), quiet=True
        )

    def _label(self):
        for (name, _), button in zip(SWATCHES, self._swatches):
            button.title = t("colour." + name)
            button.setAttribute("aria-label", button.title)

    def leave(self):
        """Another tool is used: no colour is picked after all."""
        if self.is_picking:
            self._ready(False)

    def _ready(self, picking):
        self.is_picking = picking
        self._button.setAttribute("aria-pressed", "true" if picking else "false")
        document.body.dataset.picking = "yes" if picking else "no"
        self._on_picking(picking)

    def _chosen(self, colour):
        if colour:
            self._controls.put("background.kind", "colour", tell=False)
            self._controls.put("background.colour", colour)

    def _picture(self):
        if self._file.files.length:
            file = self._file.files.item(0)
            self._file.value = ""
            self._requests.submit(self._engine.set_background_image, file, on_success=lambda answer: self._taken())

    def _taken(self):
        self.has_picture = True
        self._on_change()
