"""The dialog in which a person saves, names, deletes, exports and imports presets."""

import json

import js
from core.dom import by_id, document, element, object_of, on
from core.i18n import current_language, on_language_change, t
from core.tasks import spawn
from core.worker_client import EngineError

from offcut.protocol.presets import MAX_BYTES, MAX_NAME, MOST

FILE = "offcut-presets.json"


class OwnPresetsDialog:
    """Shows and changes the `OwnPresets`."""

    def __init__(self, own, worker, ask):
        """
        Args:
            own: the `OwnPresets`.
            worker: the `WorkerClient`, which reads files.
            ask: coroutine function of a title, a text and a button's label. It returns whether that is pressed.
        """
        self._own, self._worker, self._ask = own, worker, ask
        self._look = None  # returns the look to save
        self._dialog, self._list, self._name = by_id("own-presets"), by_id("own-list"), by_id("own-name")
        self._said, self._file, self._export = by_id("own-said"), by_id("own-file"), by_id("own-export")
        self._name.maxLength = MAX_NAME
        on(by_id("own-save"), "submit", self._save)
        on(by_id("own-close"), "click", lambda event: self._dialog.close())
        on(self._dialog, "click", self._outside)
        on(self._export, "click", lambda event: self._save_file())
        on(self._file, "change", lambda event: self._on_file())
        own.changed.connect(self._show)
        on_language_change(self._show)

    def open(self, look):
        """Show it. `look()` returns the look that can be saved, None where a part of it cannot."""
        self._look = look
        self._said.textContent, self._name.value = "", ""
        self._show()
        if not self._dialog.open:
            self._dialog.showModal()

    def _show(self):
        self._list.replaceChildren(*[self._row(preset) for preset in self._own.all])
        self._export.disabled = not self._own.all

    def _row(self, preset):
        name = element("input", type="text", value=preset.title, maxlength=str(MAX_NAME), aria_label=t("own.rename"))
        delete = element("button", t("own.delete"), type="button", class_="button small danger")
        delete.setAttribute("aria-label", t("own.delete.one", name=preset.title))
        on(name, "change", lambda event: self._rename(preset, name))
        on(delete, "click", lambda event: spawn(self._delete(preset)))
        return element("li", "", name, delete)

    def _save(self, event):
        event.preventDefault()  # the page stays
        name, look = self._name.value.strip(), self._look()
        if not name:
            self._name.focus()
        elif look is None:
            self._said.textContent = t("own.picture")
        elif self._own.save(name, look):
            self._said.textContent, self._name.value = t("own.saved", name=name), ""
        else:
            self._said.textContent = t("own.full", count=MOST)

    def _rename(self, preset, field):
        if not self._own.rename(preset.id, field.value):
            field.value = preset.title

    async def _delete(self, preset):
        if await self._ask(t("own.sure", name=preset.title), t("own.sure.text"), t("own.delete")):
            self._own.delete(preset.id)
            self._name.focus()

    def _save_file(self):
        link = element("a", "", download=FILE)
        link.href = js.URL.createObjectURL(js.Blob.new([self._own.text()], object_of(type="application/json")))
        document.body.append(link)
        link.click()
        link.remove()
        js.setTimeout(js.URL.revokeObjectURL, 10_000, link.href)

    def _on_file(self):
        if self._file.files.length:
            file = self._file.files.item(0)
            self._file.value = ""
            spawn(self._read(file))

    async def _read(self, file):
        if file.size > MAX_BYTES:
            self._said.textContent = t("own.large", name=file.name)
            return
        try:
            response = await self._worker.read_presets(await file.text())
        except EngineError as error:
            # The engine's message is English, and says which preset is wrong and why.
            detail = " " + error.message if current_language() == "en" else ""
            self._said.textContent = t("own.refused", name=file.name) + detail
            return
        pairs = [(preset.name, json.loads(preset.look)) for preset in list(response.presets)]
        count = self._own.add(pairs)
        text = t("own.imported", name=file.name, count=count)
        self._said.textContent = text if count == len(pairs) else text + " " + t("own.full", count=MOST)

    def _outside(self, event):
        if event.target == self._dialog:
            self._dialog.close()
