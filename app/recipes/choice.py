"""Which recipe finishes the open photo, and the text that a person is writing."""

from core.signals import Signal

from offcut.protocol.recipes import MAX_BYTES
from recipes.library import sample_of

NEW = "my_recipe.py"
"""Name of a recipe that has none."""


class RecipeChoice:
    """Holds the text in the editor; the controls hold the recipe that is used."""

    def __init__(self, controls, settings, views, library):
        """
        Args:
            controls: the `Controls`; the group ``"recipe"`` is that of the recipe.
            settings: the `PhotoSettings`.
            views: the `Views`.
            library: the `Library`.
        """
        self._controls, self._library = controls, library
        self.name, self.text = "", ""
        """Name of the recipe in the editor, empty for none, and its text as it is in the editor."""

        self.error = ""
        """Why the picture is as it was before the recipe: message and traceback."""

        self.progress = 0
        """The share of its work that the running recipe has done, 0 to 1; 0 also where none runs."""

        self.line = 0
        """The line that the error is about, from 1 on; 0 for none."""

        self.changed = Signal()
        """Emitted when name or text are others than the person has written."""

        self.error_changed = Signal()
        """Emitted when `error` changes."""

        self.progress_changed = Signal()
        """Emitted when `progress` changes."""

        settings.changed.connect(self._on_settings)
        views.composed.connect(self._on_composed)

    @property
    def names(self):
        """The names of all recipes to choose from: samples, then the person's."""
        return self._library.samples + self._library.own

    @property
    def is_own(self):
        """Whether the recipe in the editor is kept on this device."""
        return self._library.is_own(self.name)

    def choose(self, name):
        """Use a recipe, or with an empty name none."""
        self.name, self.text = name, (self._library.source(name) or "") if name else ""
        self._use()
        self.changed.emit()

    def write(self, text):
        """The person has changed the text. It is used with `run`."""
        self.text = text

    def run(self):
        """Use the text as it is now, and keep it on this device."""
        name = self.name or NEW
        if not self.text.strip():
            name = ""
        elif sample_of(name) and self.text != self._library.source(name):
            name = "my_" + name if not name.startswith("my_") else name
        self.name = name
        if name:
            self._library.keep(name, self.text)
        self._use()
        self.changed.emit()

    def keep(self, name, text):
        """Keep a recipe from a file on this device. Returns whether it can be one."""
        is_text = bool(text.strip()) and len(text) <= MAX_BYTES and "\0" not in text
        if is_text:
            self._library.keep(name, text)
        return is_text

    def open(self, name, text):
        """Use a recipe from a file. Returns whether it can be one."""
        if not self.keep(name, text):
            return False
        self.name, self.text = name, text
        self._use()
        self.changed.emit()
        return True

    def delete(self):
        """Delete the recipe in the editor from this device. The photo keeps it until another is chosen."""
        self._library.delete(self.name)
        self.choose("")

    def _use(self):
        self._tell("", 0)
        self._controls.put("recipe.name", self.name, notify=False)
        self._controls.put("recipe.source", self.text if self.name else "")

    def take(self):
        """Show the recipe that is used, which is another one after a photo was opened or a step undone."""
        name, text = self._controls.value("recipe.name"), self._controls.value("recipe.source")
        if (name, text) != (self.name, self.text):
            self.name, self.text = name, text
            self.changed.emit()

    def _on_settings(self, group, is_moving):
        if group == "recipe":
            self.take()

    def note_progress(self, share):
        """The recipe that runs has done so much."""
        if share != self.progress:
            self.progress = share
            self.progress_changed.emit()

    def _on_composed(self, response):
        self.note_progress(0)
        error = getattr(response, "recipe_error", None)
        if error:
            self._tell((error.message + "\n\n" + error.traceback).strip(), error.line)
        else:
            self._tell("", 0)

    def _tell(self, error, line):
        if error != self.error:
            self.error, self.line = error, line
            self.error_changed.emit()
