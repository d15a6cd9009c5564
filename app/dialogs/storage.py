"""The storage panel: which models are on this device, how much room is taken, and how to free it."""

import asyncio
import json

import js
from core.dom import element, on
from core.i18n import error_text, t
from core.units import Rate, size
from core.worker_client import EngineError

from dialogs.dialog import Dialog, section
from offcut.protocol import caches

_ASKED = "persist"

_CONSIDERED = 600
"""Milliseconds that a person needs at least to read a question."""


class StorageDialog:
    """Looks again while it is open, because downloads go on meanwhile."""

    def __init__(self, engine):
        self._engine = engine
        self._panel = Dialog("storage", lambda: t("storage.title"), self._fill)
        self._rows = {}
        self._said = element("p", "", role="status", class_="said")
        self._space = element("p")
        self._asked = 0  # when "Delete everything" was pressed for the first time
        self._opened = 0  # how many times

    def open(self):
        """Show it."""
        self._panel.open()

    async def _fill(self):
        self._asked = 0
        self._said.textContent = ""
        self._delete = element("button", t("storage.everything"), type="button", class_="button danger")
        on(self._delete, "click", lambda event: asyncio.create_task(self._delete_everything()))
        self._list = element("ul", "", class_="models")
        self._rows = {}
        self._panel.show(
            element("p", t("storage.lead")),
            self._said,
            section(t("storage.models"), self._list),
            section(t("storage.space"), self._space, self._delete),
        )
        self._opened += 1
        mine = self._opened
        while self._panel.is_open and mine == self._opened:
            await self._look()
            await asyncio.sleep(0.7)

    async def _look(self):
        try:
            models = list(await self._engine.list_models())
        except EngineError as error:
            self._said.textContent = error.message
            models = []
        for model in models:
            if model.id not in self._rows:
                self._rows[model.id] = _Row(model, self._engine, self._tell)
                self._list.append(self._rows[model.id].element)
            self._rows[model.id].update(model)
        self._space.textContent = await _space()

    def _tell(self, sentence):
        self._said.textContent = sentence

    async def _delete_everything(self):
        now = js.performance.now()
        if not self._asked:
            self._asked = now
            self._delete.textContent = t("storage.everything.sure")
            return
        if now - self._asked < _CONSIDERED:
            return  # the second half of a double click is no answer
        self._asked = 0
        try:
            await self._engine.cancel_download()
        except EngineError:
            pass
        await delete_everything()
        self._delete.textContent = t("storage.everything")
        self._tell(t("storage.everything.done"))


class _Row:
    """One model of the list."""

    def __init__(self, model, engine, tell):
        self._id, self._engine, self._tell = model.id, engine, tell
        self._rate = Rate(lambda: js.performance.now() / 1000)
        self._state = element("span", "", class_="soft")
        self._bar = element("progress", "", max="1", aria_label=t("storage.progress", title=model.title))
        self._controls = {
            "pause": engine.pause_download,
            "resume": engine.resume_download,
            "cancel": engine.cancel_download,
        }
        self._buttons = {}
        buttons = element("div", "", class_="buttons")
        for name in ("download", "pause", "resume", "cancel", "delete"):
            label = t("storage." + name)
            named = label + ": " + model.title
            button = element("button", label, type="button", class_="button small", aria_label=named)
            on(button, "click", lambda event, name=name: asyncio.create_task(self._press(name)))
            self._buttons[name] = button
            buttons.append(button)
        words = element(
            "div",
            "",
            element("strong", model.title),
            self._state,
            element(
                "span", model.licence.weights.split(":")[0] + ". " + model.licence.commercial, class_="soft licence"
            ),
            self._bar,
        )
        self.element = element("li", "", words, buttons)

    def update(self, model):
        """Show how much of it is here, and what can be done about that."""
        some, going = model.cached_bytes > 0, model.is_downloading
        shown = {
            "download": not going and not model.is_cached,
            "pause": going and not model.is_paused,
            "resume": going and model.is_paused,
            "cancel": going,
            "delete": some and not going,
        }
        for name, button in self._buttons.items():
            button.hidden = not shown[name]
        self._bar.hidden = not going
        if not going:
            key = "storage.whole" if model.is_cached else "storage.some" if some else "storage.absent"
            self._state.textContent = t(key, size=size(model.bytes), kept=size(model.cached_bytes))
        elif model.is_paused:
            self._state.textContent = t("download.paused")

    async def _press(self, name):
        try:
            if name == "download":
                self._tell("")
                answer = await self._engine.cache_model(self._id, self._progress)
                if answer.storage_problem:
                    self._tell(t("download." + answer.storage_problem))
            elif name == "delete":
                answer = await self._engine.delete_model(self._id)
                self._tell(t("storage.freed", size=size(answer.freed_bytes)))
            else:
                await self._controls[name](self._id)
        except EngineError as error:
            self._tell(error_text(error))

    def _progress(self, stage, done, total):
        self._bar.hidden = False
        self._bar.max, self._bar.value = total, done
        self._state.textContent = self._rate.text(done, total)


async def delete_everything():
    """Take off this device what Offcut put there, and nothing of any other page of this origin."""
    try:
        for name in await js.caches.keys():
            if name.startswith(caches.PREFIX):
                await js.caches.delete(name)
    except Exception:
        pass
    for store in ("localStorage", "sessionStorage"):
        try:
            kept = getattr(js, store)
            for key in list(js.Object.keys(kept)):
                if key.startswith(caches.PREFIX):
                    kept.removeItem(key)
        except Exception:
            pass
    try:
        for database in await js.indexedDB.databases():
            if database.name.startswith(caches.PREFIX):
                js.indexedDB.deleteDatabase(database.name)
    except Exception:
        pass


async def ask_to_stay(preferences):
    """Once on a device, after the first success: ask the browser not to clear this away when it needs room."""
    try:
        if not preferences.get(_ASKED) and not await js.navigator.storage.persisted():
            preferences.set(_ASKED, "1")
            await js.navigator.storage.persist()
    except Exception:
        pass  # there is nothing to be kept where the browser has no such thing


async def _space():
    try:
        estimate = await js.navigator.storage.estimate()
        kept = await js.navigator.storage.persisted()
    except Exception:
        return t("storage.space.unknown")
    # Through text: MicroPython takes a whole number of this size for a negative one.
    counts = json.loads(js.JSON.stringify(estimate))
    used = t("storage.space.used", used=size(counts["usage"]), available=size(counts["quota"]))
    return used + " " + t("storage.space.stays" if kept else "storage.space.may-go")
