"""One visit to one project's page: cold, steady and warm, as a person would meet them."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from bench.memory import processes
from bench.speed.counting_server import CountingServer
from bench.speed.stalls import WATCH
from tools.browser import arguments, find

PATIENCE = 300_000
"""Milliseconds for any single step."""

SLOW = 20e6 / 8
"""Bytes a second of a home line."""

CUT = """async (photo) => {
    const blob = await (await fetch(photo)).blob();
    const before = performance.now();
    const result = await cut(blob);
    if (!(result instanceof Blob) || !result.size) throw new Error("no cutout");
    return (performance.now() - before) / 1000;
}"""


@dataclass(frozen=True)
class Candidate:
    """A page that offers `cut(blob)`."""

    name: str
    page: str
    """Path below the server's root."""

    prepare: str = "() => true"
    """JavaScript that makes `cut` where the page does not, and is true once it is there."""


def ours(model: str, path: str = "offcut/") -> Candidate:
    """Offcut with one of its networks, through the API that embedders use; the site lies at `path` below the root."""
    return Candidate(
        f"offcut {model}",
        path,
        f"""() => {{
        if (!window.offcut || !crossOriginIsolated) return false;
        window.cut = (blob) => offcut.remove(blob, {{ model: "{model}" }});
        return true;
    }}""",
    )


PEERS = {
    "imgly-small": Candidate("imgly small", "peers/imgly/small.html", "() => 'cut' in window"),
    "imgly-medium": Candidate("imgly medium", "peers/imgly/medium.html", "() => 'cut' in window"),
    "rembg-web": Candidate("rembg-web u2netp", "peers/rembg-web/u2netp.html", "() => 'cut' in window"),
}


def visit(play: Playwright, server: CountingServer, who: Candidate, photos: dict[str, str]) -> dict[str, float]:
    """Seconds, megabytes and milliseconds by what they are. `photos` are paths below the root by size."""
    found: dict[str, float] = {}
    first = next(iter(photos.values()))
    with tempfile.TemporaryDirectory() as profile:
        context = open_browser(play, profile)
        server.rate = SLOW
        found["cold start to first cutout at 20 Mbit/s, s"] = start(context.new_page(), server.url, who, first)
        server.rate = None
        context.close()
    with tempfile.TemporaryDirectory() as profile:
        context = open_browser(play, profile)
        sent = server.sent
        found["cold start to first cutout, s"] = start(context.new_page(), server.url, who, first)
        found["bytes of a first visit, MB"] = (server.sent - sent) / 1e6
        page = context.pages[-1]
        page.evaluate(WATCH)
        for size, photo in photos.items():
            page.evaluate("stall = 0")
            found[f"{size}: a photo, s"] = page.evaluate(CUT, server.url + photo)
            found[f"{size}: longest stall, ms"] = page.evaluate("stall")
        pages = processes.renderers()
        processes.forget_peaks(pages)
        page.evaluate(CUT, server.url + photo)
        found[f"{size}: peak memory, MB"] = processes.peak(pages)
        page.close()
        found["warm start to first cutout, s"] = start(context.new_page(), server.url, who, first)
        context.close()
    return found


def open_browser(play: Playwright, profile: str) -> BrowserContext:
    """Open Chromium with a profile in a folder."""
    context = play.chromium.launch_persistent_context(profile, executable_path=find() or None, args=arguments())
    context.set_default_timeout(PATIENCE)
    return context


def start(page: Page, root: str, who: Candidate, photo: str) -> float:
    """Seconds from navigation to the first cutout of a photo."""
    before = time.perf_counter()
    page.goto(root + who.page, wait_until="commit")
    while not _prepared(page, who):
        time.sleep(0.02)
    page.evaluate(CUT, root + photo)
    return time.perf_counter() - before


def _prepared(page: Page, who: Candidate) -> bool:
    try:
        return bool(page.evaluate(who.prepare))
    except Error:
        return False  # the page was just reloading
