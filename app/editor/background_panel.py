"""The swatches, the colour picker and the field for an image."""

from core.dom import by_id, document, element, on
from core.i18n import on_language_change, t

from editor.background import SWATCHES


class BackgroundPanel:
    """Shows and sets a `Background`."""

    def __init__(self, background):
        self._background = background
        self._file, self._pick = by_id("backdrop"), by_id("eyedropper")
        swatches = by_id("swatches")
        self._swatches = []
        for _, colour in SWATCHES:
            button = element("button", "", type="button", class_="swatch", data_colour=colour)
            button.style.backgroundColor = colour
            swatches.append(button)
            self._swatches.append(button)
        on(swatches, "click", lambda event: self._on_swatch(event.target.getAttribute("data-colour")))
        on(self._pick, "click", lambda event: background.set_picking(not background.is_picking))
        on(self._file, "change", lambda event: self._on_file())
        background.colour_changed.connect(self._mark)
        background.picking_changed.connect(self._show_picking)
        on_language_change(self._label)
        self._label()

    def _on_swatch(self, colour):
        if colour:
            self._background.choose(colour)

    def _on_file(self):
        if self._file.files.length:
            file = self._file.files.item(0)
            self._file.value = ""
            self._background.load_image(file)

    def _mark(self):
        for button in self._swatches:
            is_chosen = button.dataset.colour == self._background.colour
            button.setAttribute("aria-pressed", "true" if is_chosen else "false")

    def _show_picking(self):
        is_picking = self._background.is_picking
        self._pick.setAttribute("aria-pressed", "true" if is_picking else "false")
        document.body.dataset.picking = "yes" if is_picking else "no"

    def _label(self):
        for (name, _), button in zip(SWATCHES, self._swatches):
            button.title = t("colour." + name)
            button.setAttribute("aria-label", button.title)
