"""The swatches, the colour picker and the field for an image."""

from core.dom import by_id, document, element, on
from core.i18n import on_language_change, t

from editor.background import GRADIENTS, SWATCHES


class BackgroundPanel:
    """Shows and sets a `Background`."""

    def __init__(self, background):
        self._background = background
        self._file, self._pick = by_id("backdrop"), by_id("eyedropper")
        swatches = by_id("swatches")
        self._swatches = []
        self._of_photo = by_id("photo-swatches")
        gradients = by_id("gradients")
        self._gradients = []
        for number, (first, last, angle) in enumerate(GRADIENTS):
            button = element("button", "", type="button", class_="swatch", data_number=str(number))
            button.style.backgroundImage = f"linear-gradient({angle}deg, {first}, {last})"
            gradients.append(button)
            self._gradients.append(button)
        on(gradients, "click", lambda event: self._on_gradient(event.target.getAttribute("data-number")))
        on(self._of_photo, "click", lambda event: self._on_swatch(event.target.getAttribute("data-colour")))
        on(by_id("background-image"), "click", self._on_picture)
        background.photo_colours_changed.connect(self._show_photo_colours)
        background.image_changed.connect(self._show_image)
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

    def _on_gradient(self, number):
        if number:
            self._background.choose_gradient(int(number))

    def _on_picture(self, event):
        """Whoever chooses this kind with a pointer wants to choose a picture; arrow keys only pass by."""
        if event.detail and not self._background.image:
            self._file.click()

    def _show_image(self):
        """How a picture lies is asked once there is one."""
        by_id("tool-background").toggleAttribute("data-image", bool(self._background.image))

    def _show_photo_colours(self):
        buttons = []
        for colour in self._background.photo_colours:
            button = element("button", "", type="button", class_="swatch", data_colour=colour, aria_label=colour)
            button.style.backgroundColor = colour
            buttons.append(button)
        self._of_photo.replaceChildren(*buttons)
        self._of_photo.hidden = not buttons
        self._mark()

    def _on_file(self):
        if self._file.files.length:
            file = self._file.files.item(0)
            self._file.value = ""
            self._background.load_image(file)

    def _mark(self):
        for button in self._swatches + list(self._of_photo.children):
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
        for number, button in enumerate(self._gradients):
            button.setAttribute("aria-label", t("background.gradient") + " " + str(number + 1))
