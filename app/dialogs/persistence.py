"""Lasting storage: the browser's promise not to clear away by itself what a page has stored."""


class Persistence:
    """Gets that promise unasked only where no person is asked for it. Otherwise a button of the storage dialog does."""

    def __init__(self, storage, permission, browser, preferences):
        """
        Args:
            storage: what has the coroutine functions `persisted` and `persist`, which return whether it is promised.
            permission: coroutine function that returns the state of the permission: ``"granted"``, ``"prompt"``,
                ``"denied"``, or empty where the browser does not tell.
            browser: `navigator.userAgent`.
            preferences: the `Preferences`.
        """
        self._storage, self._permission = storage, permission
        self._browser, self._preferences = browser, preferences

    async def get_silently(self):
        """Have the browser promise it, once on a device, if it decides that alone."""
        if self._preferences.get("persist") or await self._storage.persisted():
            return
        # Chromium and Safari go by how much the page is used. Firefox shows the person a question.
        if "Gecko/" in self._browser and await self._permission() != "granted":
            return
        self._preferences.set("persist", "1")
        await self._storage.persist()

    async def ask(self):
        """Ask for it because the person wants that. Returns whether it is promised."""
        return await self._storage.persist()
