"""The storage dialog: which models are on this device, how much space is taken, and how to free it."""

import asyncio

from core.dom import element, on
from core.i18n import t
from core.tasks import spawn
from core.timing import timing
from core.units import size
from core.worker_client import EngineError

from dialogs.browser import read_storage
from dialogs.dialog import Dialog, section
from dialogs.model_storage import ACTIONS, actions_for, state_text


class StorageDialog:
    """Refreshed while it is open, because downloads go on."""

    def __init__(self, worker, storage, persistence, bring):
        """`storage` is the `ModelStorage`, `persistence` the `Persistence`; `bring()` has a network chosen."""
        self._worker, self._storage, self._persistence = worker, storage, persistence
        self._dialog = Dialog("storage", lambda: t("storage.title"), self._fill)
        self._rows = {}
        self._message = element("p", "", role="status", class_="said")
        self._space = element("p")
        self._delete = element("button", "", type="button", class_="button danger")
        self._keep = element("button", "", type="button", class_="button")
        self._bring = element("button", "", type="button", class_="button small", id="network-bring")
        self._openings = 0
        on(self._bring, "click", lambda event: bring())
        on(self._keep, "click", lambda event: spawn(self._ask_to_keep()))
        on(self._delete, "click", lambda event: spawn(storage.delete_everything()))
        storage.message.connect(self._show_message)
        storage.progress.connect(self._on_progress)
        storage.asked.connect(self._on_asked)
        storage.edited.connect(lambda id: self._dialog.close())

    def open(self):
        """Show it."""
        self._dialog.open()

    async def _fill(self):
        self._message.textContent, self._bring.textContent = "", t("network.bring")
        self._storage.reset()
        self._list = element("ul", "", class_="models")
        self._rows = {}
        self._dialog.show(
            element("p", t("storage.lead")),
            self._message,
            section(t("storage.models"), self._list, self._bring),
            section(t("storage.space"), self._space, self._keep, self._delete),
        )
        self._openings += 1
        opening = self._openings
        while self._dialog.is_open and opening == self._openings:
            await self._refresh()
            await asyncio.sleep(timing.storage_refresh)

    async def _refresh(self):
        try:
            models = list(await self._worker.list_models())
        except EngineError as error:
            self._message.textContent = error.message
            models = []
        there = [model.id for model in models]
        for gone in [name for name in self._rows if name not in there]:
            self._rows.pop(gone).element.remove()
        for model in models:
            if model.id not in self._rows:
                self._rows[model.id] = _Row(model, self._storage)
                self._list.append(self._rows[model.id].element)
            self._rows[model.id].update(model)
        await self._show_space()

    async def _show_space(self):
        storage = await read_storage()
        self._space.textContent, self._keep.textContent = _space_text(storage), t("storage.keep")
        self._keep.hidden = storage is None or storage[2]

    async def _ask_to_keep(self):
        if not await self._persistence.ask():
            self._message.textContent = t("storage.keep.refused")
        await self._show_space()

    def _show_message(self, text):
        self._message.textContent = text

    def _on_progress(self, id, text, done, total):
        if id in self._rows:
            self._rows[id].show_progress(text, done, total)

    def _on_asked(self, is_asking):
        self._delete.textContent = t("storage.everything.sure" if is_asking else "storage.everything")


class _Row:
    """One model of the list."""

    def __init__(self, model, storage):
        self._state = element("span", "", class_="soft")
        self._bar = element("progress", "", max="1", aria_label=t("storage.progress", title=model.title))
        self._buttons = {}
        buttons = element("div", "", class_="buttons")
        for action in ACTIONS:
            label = t("storage." + action)
            button = element(
                "button", label, type="button", class_="button small", aria_label=label + ": " + model.title
            )
            on(button, "click", lambda event, action=action: spawn(storage.run(action, model.id)))
            self._buttons[action] = button
            buttons.append(button)
        weights = model.licence.weights  # nothing is known of a network that the person has brought
        licence = weights.split(":")[0] + ". " + model.licence.commercial if weights else t("network.licence")
        texts = (
            element("strong", model.title),
            self._state,
            element("span", licence, class_="soft licence"),
            self._bar,
        )
        self.element = element("li", "", element("div", "", *texts), buttons)

    def update(self, model):
        """Show how much of the model is here, and what can be done about that."""
        actions = actions_for(model)
        for action, button in self._buttons.items():
            button.hidden = action not in actions
        self._bar.hidden = not model.is_downloading
        text = state_text(model)
        if text:
            self._state.textContent = text

    def show_progress(self, text, done, total):
        """Show how far the download is."""
        self._bar.hidden = False
        self._bar.max, self._bar.value = total, done
        self._state.textContent = text


def _space_text(storage):
    if storage is None:
        return t("storage.space.unknown")
    used, available, is_persistent = storage
    text = t("storage.space.used", used=size(used), available=size(available))
    return text + " " + t("storage.space.stays" if is_persistent else "storage.space.may-go")
