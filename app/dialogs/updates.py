"""Says when a newer version of the app is ready, and switches to it when asked."""

import js
from core.dom import JsException, by_id, document, on
from core.i18n import t
from core.log import log
from core.tasks import spawn
from core.timing import timing


class Updates:
    """The bar at the foot of the page. It waits for the person, whatever is going on."""

    def __init__(self):
        self._bar = by_id("update")
        self._text = by_id("update-text")
        self._is_switching = False  # because the person wants that
        self._registration = None
        self._last_check = js.performance.now()
        self._workers = getattr(js.navigator, "serviceWorker", None)
        if not self._workers:
            return
        self._is_controlled = bool(self._workers.controller)
        on(by_id("update-reload"), "click", lambda event: self._switch())
        on(by_id("update-later"), "click", lambda event: self._hide())
        on(self._workers, "message", self._on_message)
        on(self._workers, "controllerchange", self._on_controller_change)
        on(document, "visibilitychange", self._on_visibility_change)
        spawn(self._watch())

    async def _watch(self):
        registration = self._registration = await self._workers.ready  # for ever where there is no service worker
        if registration.waiting:
            self._offer("ready")
        on(registration, "updatefound", lambda event: self._follow(registration.installing))
        if registration.installing:
            self._follow(registration.installing)

    def _follow(self, worker):
        def on_state_change(event):
            if worker.state == "installed" and self._workers.controller:
                self._offer("ready")

        on(worker, "statechange", on_state_change)

    def _on_visibility_change(self, event):
        """A page that stays open for days checks by itself, when it is looked at again."""
        now = js.performance.now()
        if self._registration and not document.hidden and now - self._last_check > timing.update_check * 1000:
            self._last_check = now
            spawn(self._check())

    async def _check(self):
        try:
            await self._registration.update()
        except JsException as error:  # no connection; the next look tries again
            log.info("No check for a new version: " + str(error.args[-1]))

    def _switch(self):
        waiting = self._registration and self._registration.waiting
        if waiting:
            self._is_switching = True
            waiting.postMessage("switch")
        else:
            js.location.reload()

    def _on_message(self, event):
        # The new version would serve the other tabs too, which are pages of the old one: it has to wait for them.
        if event.data.offcut == "others":
            self._is_switching = False
            self._offer("others", count=event.data.count)

    def _on_controller_change(self, event):
        if self._is_switching:
            js.location.reload()
        elif self._is_controlled:
            self._offer("older")
        self._is_controlled = True

    def _offer(self, key, **values):
        self._text.textContent = t("update." + key, **values)
        self._bar.hidden = False

    def _hide(self):
        self._bar.hidden = True
