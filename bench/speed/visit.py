"""One visit to one candidate's page: cold start, steady state, warm start."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from bench.memory import processes
from bench.speed.counting_server import CountingServer
from bench.speed.stalls import WATCH
from tools.browser import arguments, find

STEP_TIMEOUT_MS = 300_000

BANDWIDTH = 20e6 / 8
"""Of the cold start, in bytes a second: a home connection."""

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
    """JavaScript that defines `cut` where the page does not; true once it is defined."""


def ours(model: str, path: str = "offcut/") -> Candidate:
    """Return Offcut with one of its models, through `window.offcut`; the site is at `path` below the root."""
    return Candidate(
        f"offcut {model}",
        path,
        f"""() => {{
        if (!window.offcut || !crossOriginIsolated) return false;
        window.cut = (blob) => offcut.remove(blob, {{ model: "{model}" }});
        return true;
    }}""",
    )


IN_WINDOW = "() => 'cut' in window"
"""Of a page that defines `cut` itself (`bench.speed.peers`)."""

PEERS = {
    "imgly-small": Candidate("imgly small", "peers/imgly/small.html", IN_WINDOW),
    "imgly-medium": Candidate("imgly medium", "peers/imgly/medium.html", IN_WINDOW),
    "rembg-web": Candidate("rembg-web u2netp", "peers/rembg-web/u2netp.html", IN_WINDOW),
}


def visit(play: Playwright, server: CountingServer, candidate: Candidate, photos: dict[str, str]) -> dict[str, float]:
    """Return seconds, megabytes and milliseconds by measure. `photos` are paths below the root by size."""
    found: dict[str, float] = {}
    first = next(iter(photos.values()))
    with tempfile.TemporaryDirectory() as profile:
        context = open_browser(play, profile)
        server.rate = BANDWIDTH
        found["cold start to first cutout at 20 Mbit/s, s"] = start(context.new_page(), server.url, candidate, first)
        server.rate = None
        context.close()
    with tempfile.TemporaryDirectory() as profile:
        context = open_browser(play, profile)
        sent = server.sent
        found["cold start to first cutout, s"] = start(context.new_page(), server.url, candidate, first)
        found["bytes of a first visit, MB"] = (server.sent - sent) / 1e6
        page = context.pages[-1]
        page.evaluate(WATCH)
        for size, photo in photos.items():
            page.evaluate("stall = 0")
            found[f"{size}: a photo, s"] = page.evaluate(CUT, server.url + photo)
            found[f"{size}: longest stall, ms"] = page.evaluate("stall")
        pages = processes.renderers()
        processes.reset_peaks(pages)
        page.evaluate(CUT, server.url + photo)
        found[f"{size}: peak memory, MB"] = processes.peak(pages)
        page.close()
        found["warm start to first cutout, s"] = start(context.new_page(), server.url, candidate, first)
        context.close()
    return found


def open_browser(play: Playwright, profile: str) -> BrowserContext:
    """Open Chromium with a profile in a folder."""
    context = play.chromium.launch_persistent_context(profile, executable_path=find() or None, args=arguments())
    context.set_default_timeout(STEP_TIMEOUT_MS)
    return context


def start(page: Page, root: str, candidate: Candidate, photo: str) -> float:
    """Return the seconds from navigation to the first cutout of a photo."""
    before = time.perf_counter()
    page.goto(root + candidate.page, wait_until="commit")
    until_prepared(page, candidate)
    page.evaluate(CUT, root + photo)
    return time.perf_counter() - before


def until_prepared(page: Page, candidate: Candidate) -> None:
    """Wait until the page offers `cut(blob)`."""
    while True:
        try:
            if page.evaluate(candidate.prepare):
                return
        except Error:
            pass  # the page is reloading
        time.sleep(0.02)
