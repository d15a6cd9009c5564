"""What lies behind the subject: swatches, a colour of the photo, a picture of one's own."""

from dom import by_id, document, on

SWATCHES = (
    "#ffffff", "#f2f2f0", "#d9d4ca", "#8a8a8a", "#2b2b2b", "#000000",
    "#f7d9c4", "#e8a87c", "#c94f3d", "#f3d250", "#7fb685", "#2f7d6b", "#a9cce3", "#3a7ca5", "#27476e", "#c9b6e4",
)


class Backdrop:
    """Fills the swatches and brings pictures and picked colours in."""

    def __init__(self, controls, questions, on_change):
        """`on_change()` is called when the background is another one than the controls said before."""
        self.is_picking = False
        self.has_picture = False
        """Whether the worker has a picture for the background of that kind."""
        self._controls, self._questions, self._on_change = controls, questions, on_change
        self._file, self._button = by_id("backdrop"), by_id("eyedropper")
        swatches = by_id("swatches")
        for colour in SWATCHES:
            button = document.createElement("button")
            button.type, button.className = "button", "swatch"
            button.style.backgroundColor = colour
            button.setAttribute("aria-label", colour)
            button.dataset.colour = colour
            swatches.append(button)
        on(swatches, "click", lambda event: self._chosen(event.target.getAttribute("data-colour")))
        on(self._button, "click", lambda event: self._ready(not self.is_picking))
        on(self._file, "change", lambda event: self._picture())

    def pick(self, x, y):
        """Take the colour of the photo at a point."""
        self._ready(False)
        self._questions.ask("edit_pick", x, y, then=lambda answer: self._chosen(answer.colour))

    def _ready(self, picking):
        self.is_picking = picking
        self._button.setAttribute("aria-pressed", "true" if picking else "false")
        document.body.dataset.picking = "yes" if picking else "no"

    def _chosen(self, colour):
        if colour:
            self._controls.put("background.kind", "colour", tell=False)
            self._controls.put("background.colour", colour)

    def _picture(self):
        if self._file.files.length:
            file = self._file.files.item(0)
            self._file.value = ""
            self._questions.ask("edit_background_image", file, then=lambda answer: self._taken())

    def _taken(self):
        self.has_picture = True
        self._on_change()
