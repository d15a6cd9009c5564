"""A browser profile that has been here before: service worker, caches and compiled code are in place."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext

from tests.browser.faulty_server import FaultyServer
from tests.browser.visit import Visit, default_model

INSTALLED = """async () => {
    const list = await (await fetch("files.json")).json();
    const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    const there = new Set(all.flat().map(({url}) => url));
    const needed = list.files.filter(({path, optional, packs}) =>
        !optional && !packs && !path.startsWith("models/chunks/") && !path.startsWith("."));
    return needed.every(({path}) => there.has(new URL(path, document.baseURI.replace("files.json", "")).href))
        && !!(await navigator.serviceWorker.getRegistration())?.active;
}"""
"""Whether a second visit needs nothing of the app and the runtime from the server."""

FORGET = """async () => {
    localStorage.clear();
    sessionStorage.clear();
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) await root.removeEntry(name, {recursive: true}).catch(() => {});
    const list = await (await fetch("files.json")).json();
    for (const name of await caches.keys())
        if (!/^offcut-(app|runtime)-/.test(name)) await caches.delete(name);
        else {
            const cache = await caches.open(name);
            for (const {path} of list.files.filter(({optional}) => optional)) await cache.delete(path);
        }
}"""
"""Deletes what a visit leaves and not every visit needs: networks, work, choices, WebGPU's runtime, results."""


class WarmProfile:
    """One profile, lent to one test after the other.

    Copying its folder for each test would start a browser for each, which takes longer than the visit that it saves; so
    every test gets the profile itself, emptied of all that the visit before it left.
    """

    def __init__(self, browser: Browser, server: FaultyServer) -> None:
        self.server = server
        self._browser = browser
        self._context: BrowserContext | None = None
        self._model = default_model(server.root)

    def visit(self, *scripts: str, model: str | None = "", go: bool = True) -> Visit:
        """Open the site in it. `model` is chosen already, else the site's default; `scripts` run in the page first."""
        if self._context and not self._empty():
            self._context.close()
            self._context = None
        if self._context is None:
            self._context = self._browser.new_context()
            Visit(self._context, self.server.url, model=self._model).go().until_ready().until(INSTALLED)
            assert self._empty()
        self.server.reset()
        visit = Visit(self._context, self.server.url, model=self._model if model == "" else model, scripts=scripts)
        return visit.go() if go else visit

    def _empty(self) -> bool:
        """Close all tabs and forget their visits. Gives whether app and runtime are still in place."""
        assert self._context
        self.server.reset()
        for page in self._context.pages:
            page.close()
        page = self._context.new_page()
        page.goto(self.server.url + "files.json")
        sound = page.evaluate(INSTALLED)
        page.evaluate(FORGET)
        page.close()
        return sound

    def close(self) -> None:
        """Close it for good."""
        if self._context:
            self._context.close()
