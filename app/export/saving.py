"""Saving: what is ready is saved by the browser itself, anything else is asked of the worker first."""

import js
from core.dom import by_id, document, on
from core.i18n import on_language_change, t


class Saving:
    """The save button. `is_plain()` says whether the page's first result is still what would be saved."""

    def __init__(self, controls, engine, requests, notice, is_plain, canvas):
        """`canvas()` gives width and height of the whole picture, in pixels."""
        self._controls, self._engine, self._requests = controls, engine, requests
        self._notice, self._is_plain = notice, is_plain
        self._canvas = canvas
        self._pixels = by_id("save-pixels")
        self._link = by_id("save")
        self._options = by_id("save-options")
        self._name = "photo"
        self._first = None  # URL of the first result
        self._made = None  # URL of the last one that was asked for
        self._is_passing = False
        on(self._link, "click", self._clicked)
        on(self._options, "toggle", lambda event: self._label())
        on(document, "pointerdown", lambda event: self._away(event.target))
        on(self._options, "keydown", lambda event: self._close(event) if event.key == "Escape" else None)
        controls.when("save", lambda name, moving: self._label())
        on_language_change(self._label)

    def offer(self, name, is_new):
        """A photo is open. The file of a new one is made ahead, so that saving it takes no time."""
        self._drop()
        self._name = name
        self._link.href, self._link.download = "#", cutout_name(name, "png")
        self._link.toggleAttribute("data-waiting", is_new)
        self._label()
        if is_new:
            self._requests.submit(
                self._engine.save_picture,
                {"format": "png"},
                on_success=self._have_first,
                on_error=self._settle,
                low_priority=True,
                quiet=True,
            )

    def _have_first(self, answer):
        self._settle()
        self._first = self._link.href = js.URL.createObjectURL(answer.blob)

    def _settle(self):
        self._link.toggleAttribute("data-waiting", False)

    def _drop(self):
        for url in (self._first, self._made):
            if url:
                js.URL.revokeObjectURL(url)
        self._first = self._made = None

    def _format(self):
        return self._controls.value("save.format")

    def _longest(self):
        """The longer side that is wished for, None for full size."""
        size = self._controls.value("save.size")
        if size == "full":
            return None
        return max(1, round(self._controls.value("save.side") if size == "own" else float(size)))

    def _label(self):
        width, height = self._canvas()
        scale = min(1, (self._longest() or max(width, height)) / max(width, height))
        self._pixels.textContent = t(
            "save.pixels", width=max(1, round(width * scale)), height=max(1, round(height * scale))
        )
        self._link.textContent = t("save.button", format=self._format().upper())

    def _away(self, target):
        if self._options.open and not self._options.contains(target):
            self._options.open = False

    def _close(self, event):
        if self._options.open:
            event.stopPropagation()  # a tool that is open stays open
            self._options.open = False
            self._options.firstElementChild.focus()

    def _clicked(self, event):
        if self._is_passing:
            return
        longest = self._longest()
        is_usual = self._format() == "png" and self._controls.value("save.output") == "cutout" and not longest
        if self._first and is_usual and self._is_plain():
            self._link.href, self._link.download = self._first, cutout_name(self._name, "png")
            return
        event.preventDefault()
        self._options.open = False
        options = {
            "format": self._format(),
            "quality": int(self._controls.value("save.quality")),
            "output": self._controls.value("save.output"),
        }
        if longest:
            options["longest"] = longest
        self._requests.submit(self._engine.save_picture, options, on_success=self._save)

    def _save(self, answer):
        if self._made:
            js.URL.revokeObjectURL(self._made)
        self._made = js.URL.createObjectURL(answer.blob)
        self._link.href, self._link.download = self._made, cutout_name(self._name, answer.extension)
        self._is_passing = True
        self._link.click()
        self._is_passing = False
        self._notice.announce(t("said.saved", width=answer.width, height=answer.height))


def cutout_name(name, extension):
    """What the saved file is called: `photo.jpg` becomes `photo-cutout.png`."""
    stem = name.rsplit(".", 1)[0] if "." in name.strip(".") else name
    return (stem or "photo") + "-cutout." + extension
