"""Says when a newer version of the app lies ready beside the one that runs, and switches to it when asked."""

import asyncio

import js
from core.dom import by_id, document, on
from core.i18n import t

_HOUR = 3_600_000


class Updates:
    """The bar at the foot of the page. It waits for the person, whatever is going on."""

    def __init__(self):
        self._bar = by_id("update")
        self._text = by_id("update-text")
        self._asked = False
        self._registration = None
        self._looked = js.performance.now()
        self._workers = getattr(js.navigator, "serviceWorker", None)
        if not self._workers:
            return
        self._controlled = bool(self._workers.controller)
        on(by_id("update-reload"), "click", lambda event: self._switch())
        on(by_id("update-later"), "click", lambda event: self._hide())
        on(self._workers, "message", self._told)
        on(self._workers, "controllerchange", self._changed)
        on(document, "visibilitychange", self._look)
        asyncio.create_task(self._watch())

    async def _watch(self):
        try:
            registration = self._registration = await self._workers.ready
        except Exception:
            return
        if registration.waiting:
            self._offer("ready")
        on(registration, "updatefound", lambda event: self._found(registration.installing))
        if registration.installing:
            self._found(registration.installing)

    def _found(self, worker):
        def changed(event):
            if worker.state == "installed" and self._workers.controller:
                self._offer("ready")

        on(worker, "statechange", changed)

    def _look(self, event):
        """A page that stays open for days asks by itself, when it is looked at again."""
        if self._registration and not document.hidden and js.performance.now() - self._looked > _HOUR:
            self._looked = js.performance.now()
            self._registration.update()

    def _switch(self):
        waiting = self._registration and self._registration.waiting
        if waiting:
            self._asked = True
            waiting.postMessage("switch")
        else:
            js.location.reload()

    def _told(self, event):
        # The new version would serve the other tabs too, which are pages of the old one: it has to wait for them.
        if event.data.offcut == "others":
            self._asked = False
            self._offer("others", count=event.data.count)

    def _changed(self, event):
        if self._asked:
            js.location.reload()
        elif self._controlled:
            self._offer("older")
        self._controlled = True

    def _offer(self, key, **values):
        self._text.textContent = t("update." + key, **values)
        self._bar.hidden = False

    def _hide(self):
        self._bar.hidden = True
