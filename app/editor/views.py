"""What is shown: the choice of view, the divider of the comparison, and asking for the pictures that a view needs."""

from dom import by_id, document, on

PREVIEW = 720
"""Longest side of the composition while a slider moves."""

LARGEST = 4096
"""Longest side of the composition that is ever shown."""

HANDLE = 44
"""CSS pixels that the divider's handle is wide."""

OWN_COLOURS = ("cutout", "white", "black", "compare")


class Views:
    """Keeps the view and what it needs up to date. `settings()` gives the settings that hold now."""

    def __init__(self, viewer, questions, settings):
        self._viewer, self._questions, self._settings = viewer, questions, settings
        self._radios = {radio.value: radio for radio in document.querySelectorAll("input[name=view]")}
        self._before = "cutout"
        self._compare = by_id("compare")
        on(self._compare, "input", lambda event: self._split())
        for radio in self._radios.values():
            on(radio, "change", lambda event: self.show(event.target.value))
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

    def toggle(self, name):
        """Switch to a view, or from it back to the one before."""
        self.show(self._before if self.now == name else name)

    def refresh(self):
        """Ask for what the view could show better, once nothing moves and nothing else is asked."""
        layers, camera = self._viewer.layers, self._viewer.camera
        if not layers.photo or not self._questions.is_idle:
            return
        if self.now == "composed":
            wanted = min(LARGEST, max(layers.width, layers.height), camera.scale * max(layers.width, layers.height))
            held = layers.composed
            if not held or max(held.width, held.height) < 0.8 * wanted:
                self.compose(round(wanted))
        elif self.now in OWN_COLOURS and not layers.cutout and self._settings()["edges"]["decontaminate"]:
            self._questions.ask_latest("edit_cutout", then=lambda answer: self._arrived("cutout", answer.cutout))
        elif camera.scale > layers.scale < 1 and not layers.detail and self.now in ("cutout", "white", "black", "original"):
            self._questions.ask_latest("edit_region", *camera.seen(), then=self._detail(camera.seen()))

    def compose(self, side=PREVIEW):
        """Ask for the composition with its longest side as given."""
        self._questions.ask_latest("edit_composed", side, then=lambda answer: self._arrived("composed", answer.picture))

    def _arrived(self, name, bitmap):
        self._viewer.layers.keep(name, bitmap)
        self._viewer.request()

    def _detail(self, seen):
        def arrived(answer):
            camera = self._viewer.camera
            if camera.seen() == seen:
                answer.x, answer.y, answer.width, answer.height = seen
                self._arrived("detail", answer)

        return arrived

    def _split(self):
        # The slider's handle is as wide as `HANDLE`, so its middle never reaches the ends.
        across = max(1, self._compare.clientWidth)
        at = HANDLE / 2 + float(self._compare.value) / 100 * (across - HANDLE)
        self._viewer.painter.split = at / across
        self._viewer.request()
