"""The tool for recipes: a list, an editor, files."""

import js
from core.dom import by_id, element, object_of, on
from core.i18n import on_language_change, t
from core.tasks import spawn

from offcut.protocol.recipes import MAX_BYTES
from recipes.code_editor import CodeEditor
from recipes.field import options_of


class RecipePanel:
    """Shows and sets a `RecipeChoice`."""

    def __init__(self, choice, library, notice):
        self._choice, self._library, self._notice = choice, library, notice
        self._list, self._error = by_id("recipe-choice"), by_id("recipe-error")
        self._code = CodeEditor(by_id("recipe-text"), choice.write, choice.run)
        self._file, self._delete = by_id("recipe-file"), by_id("recipe-delete")
        self._progress = by_id("recipe-progress")
        on(self._list, "change", lambda event: choice.choose(self._list.value))
        on(by_id("tool-recipe"), "toggle", lambda event: self._on_toggle(event.target.open))
        on(by_id("recipe-run"), "click", lambda event: choice.run())
        on(by_id("recipe-export"), "click", lambda event: self._save_file())
        on(self._delete, "click", lambda event: choice.delete())
        on(self._file, "change", lambda event: self._on_file())
        choice.changed.connect(self._show)
        choice.error_changed.connect(self._show_error)
        choice.progress_changed.connect(self._show_progress)
        library.changed.connect(self._show)
        on_language_change(self._show)
        self._show()

    def open(self, file, is_used=True):
        """Take a recipe from a file that was chosen or dropped, and use it, or only keep it for later."""
        spawn(self._open(file, is_used))

    async def _open(self, file, is_used):
        take = self._choice.open if is_used else self._choice.keep
        if file.size > MAX_BYTES or not take(file.name, await file.text()):
            self._notice.info(t("recipe.not_text", name=file.name))
        elif not is_used:
            self._notice.toast(t("recipe.kept", name=file.name))

    def _on_file(self):
        if self._file.files.length:
            file = self._file.files.item(0)
            self._file.value = ""
            self.open(file)

    def _on_toggle(self, is_open):
        if is_open:
            self._code.load()

    def _show(self):
        choice = self._choice
        pairs = options_of(self._library)
        if choice.name and choice.name not in choice.names:
            pairs.append((choice.name, choice.name))
        self._list.replaceChildren(*[element("option", text, value=name) for name, text in pairs])
        self._list.value = choice.name
        self._code.show(choice.text)
        self._delete.hidden = not choice.is_own

    def _show_progress(self):
        self._progress.value, self._progress.hidden = self._choice.progress, not self._choice.progress

    def _show_error(self):
        self._error.textContent, self._error.hidden = self._choice.error, not self._choice.error
        self._code.mark(self._choice.line)

    def _save_file(self):
        link = element("a", "", download=self._choice.name or "recipe.py")
        blob = js.Blob.new([self._code.text], object_of(type="text/x-python"))
        link.href = js.URL.createObjectURL(blob)
        link.click()
        js.setTimeout(js.URL.revokeObjectURL, 10_000, link.href)
