"""What is shown: the choice of view, the divider of the comparison, and asking for the pictures that a view needs."""

import js
from core.dom import by_id, document, on
from pyscript.ffi import create_proxy

PREVIEW = 720
"""Longest side of the composition while a slider moves."""

LARGEST = 4096
"""Longest side of the composition that is ever shown."""

ROOM = 8
"""A part that is looked at closely is fetched with so many parts of its size around it, which small movements then need not wait for."""

HANDLE = 44
"""CSS pixels that the divider's handle is wide."""

NAMED = 1400
"""Milliseconds for which the name of a view that was chosen by its sign is shown, where no pointer can ask for it."""

OWN_COLOURS = ("cutout", "white", "black", "compare")


class Views:
    """Keeps the view and what it needs up to date. `settings()` gives the settings that hold now."""

    def __init__(self, viewer, engine, requests, settings):
        self._viewer, self._engine, self._requests, self._settings = viewer, engine, requests, settings
        self._radios = {radio.value: radio for radio in document.querySelectorAll("input[name=view]")}
        self._before = "cutout"
        self.canvas = 1, 1  # width and height of what is saved, as far as is known
        self._side = 0  # of the composition that was asked for last
        self._refused = None  # request and arguments that are in vain until something changes
        self._compare = by_id("compare")
        on(self._compare, "input", lambda event: self._split())
        for radio in self._radios.values():
            on(radio, "change", lambda event: self._chosen(event.target))
        self._name, self._naming = by_id("view-name"), None
        self._unname = create_proxy(lambda: self._name.toggleAttribute("hidden", True))
        viewer.when_calm = self.refresh

    @property
    def now(self):
        """The view that is shown."""
        return self._viewer.painter.view

    def show(self, name):
        """Switch. What can be drawn is drawn at once; finer pictures follow."""
        if name != self.now:
            self._before = self.now
        self._radios[name].checked = True
        self._viewer.painter.view = document.body.dataset.view = name
        self._viewer.calm_later()
        self._viewer.request()

    def _chosen(self, radio):
        self.show(radio.value)
        self._name.textContent = radio.getAttribute("aria-label")
        self._name.hidden = False
        js.clearTimeout(self._naming)
        self._naming = js.setTimeout(self._unname, NAMED)

    def toggle(self, name):
        """Switch to a view, or from it back to the one before."""
        self.show(self._before if self.now == name else name)

    def changed(self):
        """The mask or the settings are others: what was refused may be had now."""
        self._refused = None

    def refresh(self):
        """Ask for what the view could show better, once nothing moves and nothing else is asked."""
        layers, camera = self._viewer.layers, self._viewer.camera
        if not layers.whole or not self._requests.is_idle:
            return
        if self.now == "composed":
            wanted = min(LARGEST, camera.scale * max(layers.width, layers.height))
            if not layers.composed or self._side < 0.8 * wanted:
                self.compose(round(wanted))
            return
        place, detail = self._close(), layers.detail
        if place and not (detail and detail.covers(*camera.seen()) and detail.scale >= 0.9 * min(1, camera.scale)):
            self._submit(self._engine.render_detail, *place, on_success=self._closer)
        elif self.now in OWN_COLOURS and self._settings()["edges"]["decontaminate"]:
            sheet = detail if place else layers.whole
            if not sheet.cutout or sheet.is_low_resolution:
                self._submit(
                    self._engine.render_cutout, bool(place), on_success=lambda answer: self._coloured(sheet, answer)
                )

    def _close(self):
        """What is to be seen more finely than the whole photo is held, with some room around it: x, y, width and height in
        photo pixels, and how many of the screen's there are for each. None where the whole is fine enough."""
        layers, camera = self._viewer.layers, self._viewer.camera
        if camera.scale <= 1.05 * layers.whole.scale or layers.whole.scale >= 1:
            return None
        x, y, width, height = camera.seen()
        if not width or not height:
            return None
        more, taller = width // ROOM, height // ROOM
        left, top = max(0, x - more), max(0, y - taller)
        right, bottom = min(layers.width, x + width + more), min(layers.height, y + height + taller)
        return left, top, right - left, bottom - top, min(1, camera.scale)

    def _closer(self, answer):
        self._viewer.layers.look_closely(answer)
        self._viewer.request()

    def _coloured(self, sheet, answer):
        if sheet is self._viewer.layers.whole or sheet is self._viewer.layers.detail:
            sheet.keep(answer.cutout)
        self._viewer.request()

    def ask_whole(self):
        """Ask for the whole cutout with the subject's own colours."""
        self._submit(
            self._engine.render_cutout,
            False,
            on_success=lambda answer: self._coloured(self._viewer.layers.whole, answer),
        )

    def compose(self, side=PREVIEW):
        """Ask for the composition with its longest side as given."""
        self._side = side
        self._submit(self._engine.render_composition, side, on_success=self._composed)

    def _submit(self, *request, on_success):
        def refused():
            self._refused = request

        if request != self._refused:
            self._requests.submit_latest(*request, on_success=on_success, on_error=refused, quiet=True)

    def _composed(self, answer):
        self._viewer.layers.keep_composed(answer.picture)
        self.canvas = answer.width, answer.height
        self._viewer.request()

    def _split(self):
        # The slider's handle is as wide as `HANDLE`, so its middle never reaches the ends.
        across = max(1, self._compare.clientWidth)
        at = HANDLE / 2 + float(self._compare.value) / 100 * (across - HANDLE)
        self._viewer.painter.split = at / across
        self._viewer.request()
